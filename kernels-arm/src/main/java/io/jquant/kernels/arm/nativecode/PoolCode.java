// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static io.jquant.codegen.arm64.FloatOp.FADD;
import static io.jquant.codegen.arm64.FloatOp.FCVTNS;
import static io.jquant.codegen.arm64.FloatOp.FMUL;
import static io.jquant.codegen.arm64.FloatOp.SCVTF;
import static io.jquant.codegen.arm64.GeneralOp.ADD;
import static io.jquant.codegen.arm64.GeneralOp.CMP;
import static io.jquant.codegen.arm64.GeneralOp.MOV;
import static io.jquant.codegen.arm64.GeneralOp.SUBS;
import static io.jquant.codegen.arm64.Imm.imm;
import static io.jquant.codegen.arm64.IntegerOp.SADDW;
import static io.jquant.codegen.arm64.IntegerOp.SADDW2;
import static io.jquant.codegen.arm64.IntegerOp.SMAX;
import static io.jquant.codegen.arm64.IntegerOp.SQADD;
import static io.jquant.codegen.arm64.IntegerOp.SUB;
import static io.jquant.codegen.arm64.IntegerOp.SXTL;
import static io.jquant.codegen.arm64.IntegerOp.SXTL2;
import static io.jquant.codegen.arm64.IntegerOp.UMAX;
import static io.jquant.codegen.arm64.IntegerOp.UXTL;
import static io.jquant.codegen.arm64.IntegerOp.UXTL2;
import static io.jquant.codegen.arm64.Mem.at;
import static io.jquant.codegen.arm64.Mem.post;
import static io.jquant.codegen.arm64.MemoryOp.LDR;
import static io.jquant.codegen.arm64.MemoryOp.STR;
import static io.jquant.codegen.arm64.Reg.x;
import static io.jquant.codegen.arm64.ShuffleOp.MOVI;
import static io.jquant.codegen.arm64.Vec.b16;
import static io.jquant.codegen.arm64.Vec.b8;
import static io.jquant.codegen.arm64.Vec.h4;
import static io.jquant.codegen.arm64.Vec.h8;
import static io.jquant.codegen.arm64.Vec.s4;

import io.jquant.codegen.arm64.Arm64Assembler;
import io.jquant.codegen.arm64.GeneralOp;
import io.jquant.codegen.arm64.Label;
import io.jquant.codegen.arm64.Reg;
import io.jquant.kernels.common.ElementArguments;
import io.jquant.kernels.common.PoolArguments;

/**
 * A pooling: over pixels; over channels, sixteen at a time, then four, then one; over the rows of a window; over the
 * points of a row. Arguments: code, input, output, nothing, and {@link PoolArguments}.
 */
final class PoolCode implements Code {
    private static final Reg PIXELS = x(1);
    private static final Reg PIXEL_STEP = x(2);
    private static final Reg ARGUMENTS = x(4);
    private static final Reg INPUT = x(5);
    private static final Reg OUTPUT = x(6);
    private static final Reg STRIDE = x(7);
    private static final Reg CHANNELS = x(8);
    private static final Reg FROM = x(9);
    private static final Reg ROWS = x(10);
    private static final Reg ROW = x(11);
    private static final Reg POINT = x(12);
    private static final Reg POINTS = x(13);
    /** Bytes that are read, then their halves; and sums, of which results become v0 and what follows. */
    private static final int BYTES = 0;
    private static final int SUMS = 4;
    private static final int SMALLEST = 0x80;

    private final Arm64Assembler a = new Arm64Assembler();
    private final PoolShape shape;

    PoolCode(PoolShape shape) {
        this.shape = shape;
    }

    @Override
    public byte[] assemble() {
        a.emit(LDR, INPUT, at(ARGUMENTS, ElementArguments.INPUT));
        a.emit(ADD, INPUT, INPUT, x(1));
        a.emit(LDR, OUTPUT, at(ARGUMENTS, ElementArguments.OUTPUT));
        a.emit(ADD, OUTPUT, OUTPUT, x(2));
        a.emit(LDR, PIXELS, at(ARGUMENTS, PoolArguments.PIXELS));
        a.emit(LDR, PIXEL_STEP, at(ARGUMENTS, PoolArguments.PIXEL_STEP));
        a.emit(LDR, STRIDE, at(ARGUMENTS, PoolArguments.TAP_STRIDE));
        if (shape.mean()) {
            ElementCode.numbers(a);
        }
        Label pixel = a.here();
        a.emit(LDR, CHANNELS, at(ARGUMENTS, ElementArguments.COUNT));
        a.emit(MOV, FROM, INPUT);
        for (int count : new int[] {ElementCode.BLOCK, 4, 1}) {
            Label next = a.label();
            a.emit(CMP, CHANNELS, imm(count));
            a.emit(GeneralOp.B_LO, next);
            Label again = a.here();
            channels(count);
            a.emit(ADD, FROM, FROM, imm(count));
            a.emit(ADD, OUTPUT, OUTPUT, imm(count));
            a.emit(GeneralOp.SUB, CHANNELS, CHANNELS, imm(count));
            a.emit(CMP, CHANNELS, imm(count));
            a.emit(GeneralOp.B_HS, again);
            a.bind(next);
        }
        a.emit(ADD, INPUT, INPUT, PIXEL_STEP);
        a.emit(SUBS, PIXELS, PIXELS, imm(1));
        a.emit(GeneralOp.B_NE, pixel);
        a.emit(GeneralOp.RET);
        return a.assemble();
    }

    private static int vectors(int count) {
        return count == ElementCode.BLOCK ? ElementCode.BLOCK / 4 : 1;
    }

    private void channels(int count) {
        for (int i = 0; i < (shape.mean() ? vectors(count) : 1); i++) {
            a.emit(MOVI, b16(SUMS + i), imm(!shape.mean() && shape.signed() ? SMALLEST : 0));
        }
        a.emit(LDR, ROWS, at(ARGUMENTS, PoolArguments.ROWS));
        a.emit(ADD, ROW, ARGUMENTS, imm(PoolArguments.ROW_OFFSETS));
        Label row = a.here();
        a.emit(LDR, POINT, post(ROW, Long.BYTES));
        a.emit(ADD, POINT, POINT, FROM);
        a.emit(LDR, POINTS, at(ARGUMENTS, PoolArguments.WIDTH));
        Label point = a.here();
        a.emit(LDR, ElementCode.bytes(BYTES, count), at(POINT));
        a.emit(ADD, POINT, POINT, STRIDE);
        add(count);
        a.emit(SUBS, POINTS, POINTS, imm(1));
        a.emit(GeneralOp.B_NE, point);
        a.emit(SUBS, ROWS, ROWS, imm(1));
        a.emit(GeneralOp.B_NE, row);
        if (shape.mean()) {
            mean(count);
        }
        a.emit(STR, ElementCode.bytes(shape.mean() ? 0 : SUMS, count), at(OUTPUT));
    }

    private void add(int count) {
        if (!shape.mean()) {
            a.emit(shape.signed() ? SMAX : UMAX, b16(SUMS), b16(SUMS), b16(BYTES));
            return;
        }
        a.emit(shape.signed() ? SXTL : UXTL, h8(BYTES + 1), b8(BYTES));
        a.emit(SADDW, s4(SUMS), s4(SUMS), h4(BYTES + 1));
        if (count == ElementCode.BLOCK) {
            a.emit(shape.signed() ? SXTL2 : UXTL2, h8(BYTES + 2), b16(BYTES));
            a.emit(SADDW2, s4(SUMS + 1), s4(SUMS + 1), h8(BYTES + 1));
            a.emit(SADDW, s4(SUMS + 2), s4(SUMS + 2), h4(BYTES + 2));
            a.emit(SADDW2, s4(SUMS + 3), s4(SUMS + 3), h8(BYTES + 2));
        }
    }

    private void mean(int count) {
        for (int i = 0; i < vectors(count); i++) {
            int sum = SUMS + i;
            a.emit(SUB, s4(sum), s4(sum), s4(ElementNumber.LEFT_SCALE.register()));
            a.emit(SCVTF, s4(sum), s4(sum));
            a.emit(FMUL, s4(sum), s4(sum), s4(ElementNumber.FACTOR.register()));
            a.emit(FADD, s4(sum), s4(sum), s4(ElementNumber.RIGHT_SCALE.register()));
            a.emit(FCVTNS, s4(i), s4(sum));
            a.emit(SQADD, s4(i), s4(i), s4(ElementNumber.ZERO_POINT.register()));
        }
        ElementCode.narrow(a, count);
    }
}
