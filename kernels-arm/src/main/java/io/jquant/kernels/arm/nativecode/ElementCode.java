// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static io.jquant.codegen.arm64.FloatOp.FADD;
import static io.jquant.codegen.arm64.FloatOp.FCVTNS;
import static io.jquant.codegen.arm64.FloatOp.FMUL;
import static io.jquant.codegen.arm64.FloatOp.SCVTF;
import static io.jquant.codegen.arm64.GeneralOp.CMP;
import static io.jquant.codegen.arm64.GeneralOp.SUBS;
import static io.jquant.codegen.arm64.Imm.imm;
import static io.jquant.codegen.arm64.IntegerOp.ADD;
import static io.jquant.codegen.arm64.IntegerOp.AND;
import static io.jquant.codegen.arm64.IntegerOp.CMGT;
import static io.jquant.codegen.arm64.IntegerOp.MUL;
import static io.jquant.codegen.arm64.IntegerOp.SMAX;
import static io.jquant.codegen.arm64.IntegerOp.SMIN;
import static io.jquant.codegen.arm64.IntegerOp.SQADD;
import static io.jquant.codegen.arm64.IntegerOp.SQXTN;
import static io.jquant.codegen.arm64.IntegerOp.SQXTN2;
import static io.jquant.codegen.arm64.IntegerOp.SSHL;
import static io.jquant.codegen.arm64.IntegerOp.SSHR;
import static io.jquant.codegen.arm64.IntegerOp.SUB;
import static io.jquant.codegen.arm64.IntegerOp.SXTL;
import static io.jquant.codegen.arm64.IntegerOp.SXTL2;
import static io.jquant.codegen.arm64.IntegerOp.UXTL;
import static io.jquant.codegen.arm64.IntegerOp.UXTL2;
import static io.jquant.codegen.arm64.IntegerOp.XTN;
import static io.jquant.codegen.arm64.IntegerOp.XTN2;
import static io.jquant.codegen.arm64.Lsl.lsl;
import static io.jquant.codegen.arm64.Mem.at;
import static io.jquant.codegen.arm64.MemoryOp.LDP;
import static io.jquant.codegen.arm64.MemoryOp.LDR;
import static io.jquant.codegen.arm64.MemoryOp.STR;
import static io.jquant.codegen.arm64.Reg.x;
import static io.jquant.codegen.arm64.ShuffleOp.DUP;
import static io.jquant.codegen.arm64.ShuffleOp.MOVI;
import static io.jquant.codegen.arm64.ShuffleOp.TBL;
import static io.jquant.codegen.arm64.ShuffleOp.TBX;
import static io.jquant.codegen.arm64.Vec.b16;
import static io.jquant.codegen.arm64.Vec.b8;
import static io.jquant.codegen.arm64.Vec.h4;
import static io.jquant.codegen.arm64.Vec.h8;
import static io.jquant.codegen.arm64.Vec.q;
import static io.jquant.codegen.arm64.Vec.s4;

import io.jquant.codegen.arm64.Arm64Assembler;
import io.jquant.codegen.arm64.GeneralOp;
import io.jquant.codegen.arm64.Instruction;
import io.jquant.codegen.arm64.Label;
import io.jquant.codegen.arm64.Reg;
import io.jquant.codegen.arm64.Shape;
import io.jquant.codegen.arm64.Vec;
import io.jquant.codegen.arm64.VecList;
import io.jquant.kernels.common.ElementArguments;
import io.jquant.kernels.common.ElementShape;
import io.jquant.kernels.common.ElementShape.Element;
import io.jquant.kernels.common.ElementShape.Function;

/**
 * The loop over rows and their elements: sixteen at a time, then four, then one, so that nothing beyond them is touched
 * and the output may be the input. Arguments: code, input, output, right input or table, {@link ElementArguments}.
 */
final class ElementCode implements Code {
    /** Elements that are done at a time. */
    static final int BLOCK = 16;

    private static final Reg TEMPORARY = x(0);
    private static final Reg RIGHT_BASE = x(3);
    private static final Reg ARGUMENTS = x(4);
    private static final Reg INPUT = x(5);
    private static final Reg OUTPUT = x(6);
    private static final Reg RIGHT = x(7);
    private static final Reg COUNT = x(8);
    private static final Reg INPUT_STEP = x(9);
    private static final Reg RIGHT_STEP = x(10);
    private static final Reg ROWS = x(11);
    /** Left operands, which become results; then right ones; then what is at hand, and those of tables. */
    private static final int LEFT_AT = 0;
    private static final int RIGHT_AT = 4;
    private static final int BYTES = 28;
    private static final int WORDS = 29;
    private static final int TABLE = 16;
    private static final int TABLE_BYTES = 64;
    private static final int TABLE_STEP = 2;

    private final Arm64Assembler a = new Arm64Assembler();
    private final ElementShape shape;

    ElementCode(ElementShape shape) {
        this.shape = shape;
    }

    @Override
    public byte[] assemble() {
        enter(ElementArguments.INPUT, x(1));
        enter(ElementArguments.OUTPUT, x(2));
        a.emit(LDR, INPUT_STEP, at(ARGUMENTS, ElementArguments.INPUT_STEP));
        if (shape.function() == Function.TABLE) {
            for (int i = 0; i < TABLE_BYTES / 4; i += 2) {
                a.emit(LDP, q(TABLE + i), q(TABLE + i + 1), at(RIGHT_BASE, 16 * i));
            }
            a.emit(MOVI, b16(TABLE_STEP), imm(TABLE_BYTES));
        } else {
            numbers(a);
        }
        if (shape.right() != null) {
            enter(ElementArguments.RIGHT, RIGHT_BASE);
            a.emit(LDR, RIGHT_STEP, at(ARGUMENTS, ElementArguments.RIGHT_STEP));
        }
        a.emit(LDR, ROWS, at(ARGUMENTS, ElementArguments.ROWS));
        Label row = a.here();
        row();
        a.emit(SUBS, ROWS, ROWS, imm(1));
        a.emit(GeneralOp.B_NE, row);
        a.emit(GeneralOp.RET);
        return a.assemble();
    }

    /** Appends the filling of every number's register. */
    static void numbers(Arm64Assembler a) {
        for (ElementNumber number : ElementNumber.values()) {
            a.emit(LDR, TEMPORARY.w(), at(ARGUMENTS, number.place()));
            a.emit(DUP, new Vec(number.register(), number.shape()), TEMPORARY.w());
        }
    }

    /** An offset becomes an address. */
    private void enter(int argument, Reg base) {
        a.emit(LDR, TEMPORARY, at(ARGUMENTS, argument));
        a.emit(GeneralOp.ADD, TEMPORARY, TEMPORARY, base);
        a.emit(STR, TEMPORARY, at(ARGUMENTS, argument));
    }

    private void row() {
        a.emit(LDR, COUNT, at(ARGUMENTS, ElementArguments.COUNT));
        start(INPUT, ElementArguments.INPUT, ElementArguments.INPUT_ROW);
        start(OUTPUT, ElementArguments.OUTPUT, ElementArguments.OUTPUT_ROW);
        if (shape.right() != null) {
            start(RIGHT, ElementArguments.RIGHT, ElementArguments.RIGHT_ROW);
        }
        for (int count : new int[] {BLOCK, 4, 1}) {
            Label next = a.label();
            a.emit(CMP, COUNT, imm(count));
            a.emit(GeneralOp.B_LO, next);
            Label again = a.here();
            block(count);
            advance(count);
            a.emit(GeneralOp.SUB, COUNT, COUNT, imm(count));
            a.emit(CMP, COUNT, imm(count));
            a.emit(GeneralOp.B_HS, again);
            a.bind(next);
        }
    }

    /** Appends the loading of where an operand's row begins, which then is the next row. */
    private void start(Reg to, int address, int stride) {
        a.emit(LDR, to, at(ARGUMENTS, address));
        a.emit(LDR, TEMPORARY, at(ARGUMENTS, stride));
        a.emit(GeneralOp.ADD, TEMPORARY, TEMPORARY, to);
        a.emit(STR, TEMPORARY, at(ARGUMENTS, address));
    }

    private void advance(int count) {
        int shift = Integer.numberOfTrailingZeros(count);
        a.emit(GeneralOp.ADD, OUTPUT, OUTPUT, imm((long) count * shape.output().bytes()));
        a.emit(GeneralOp.ADD, INPUT, INPUT, INPUT_STEP, lsl(shift));
        if (shape.right() != null) {
            a.emit(GeneralOp.ADD, RIGHT, RIGHT, RIGHT_STEP, lsl(shift));
        }
    }

    private void block(int count) {
        if (shape.function() == Function.TABLE) {
            a.emit(LDR, bytes(LEFT_AT, count), at(INPUT));
            look();
            a.emit(STR, bytes(LEFT_AT + 1, count), at(OUTPUT));
            return;
        }
        int vectors = count == BLOCK ? BLOCK / 4 : 1;
        load(LEFT_AT, INPUT, shape.left(), count, ElementNumber.LEFT_ZERO);
        if (shape.right() != null) {
            load(RIGHT_AT, RIGHT, shape.right(), count, ElementNumber.RIGHT_ZERO);
        }
        for (int i = 0; i < vectors; i++) {
            compute(LEFT_AT + i, RIGHT_AT + i);
        }
        if (shape.output() == Element.F32) {
            floats(STR, LEFT_AT, OUTPUT, count);
        } else {
            store(count);
        }
    }

    /** A register's lowest bytes. */
    static Vec bytes(int register, int count) {
        return new Vec(register, count == 1 ? Shape.B : count == 4 ? Shape.S : Shape.Q);
    }

    /** Indices beyond a part of the table leave what other parts gave. */
    private void look() {
        for (int part = 0; part < 4; part++) {
            a.emit(part == 0 ? TBL : TBX, b16(LEFT_AT + 1), VecList.list(b16(TABLE + 4 * part), 4), b16(LEFT_AT));
            if (part < 3) {
                a.emit(SUB, b16(LEFT_AT), b16(LEFT_AT), b16(TABLE_STEP));
            }
        }
    }

    private void floats(Instruction operation, int first, Reg address, int count) {
        for (int i = 0; i < Math.max(1, count / 4); i++) {
            a.emit(operation, new Vec(first + i, count == 1 ? Shape.S : Shape.Q), at(address, 16 * i));
        }
    }

    /** Appends the loading of elements, of bytes as distances from their zero point. */
    private void load(int first, Reg address, Element element, int count, ElementNumber zero) {
        if (element == Element.F32) {
            floats(LDR, first, address, count);
            return;
        }
        boolean signed = element == Element.S8;
        a.emit(LDR, bytes(BYTES, count), at(address));
        for (int half = 0; half < (count == BLOCK ? 2 : 1); half++) {
            a.emit(half == 0 ? signed ? SXTL : UXTL : signed ? SXTL2 : UXTL2, h8(WORDS),
                    half == 0 ? b8(BYTES) : b16(BYTES));
            a.emit(SUB, h8(WORDS), h8(WORDS), h8(zero.register()));
            a.emit(SXTL, s4(first + 2 * half), h4(WORDS));
            if (count == BLOCK) {
                a.emit(SXTL2, s4(first + 2 * half + 1), h8(WORDS));
            }
        }
    }

    private void compute(int left, int right) {
        switch (shape.function()) {
            case SUM -> {
                real(left, ElementNumber.LEFT_SCALE);
                real(right, ElementNumber.RIGHT_SCALE);
                a.emit(FADD, s4(left), s4(left), s4(right));
                multiply(left, ElementNumber.FACTOR);
            }
            case PRODUCT -> {
                a.emit(MUL, s4(left), s4(left), s4(right));
                real(left, ElementNumber.FACTOR);
            }
            case FIXED_SUM -> fixedSum(left, right);
            default -> {
                if (shape.left() != Element.F32) {
                    real(left, ElementNumber.LEFT_SCALE);
                }
                if (shape.output() != Element.F32) {
                    multiply(left, ElementNumber.FACTOR);
                }
            }
        }
        if (shape.output() != Element.F32) {
            if (shape.function() != Function.FIXED_SUM) {
                // saturates, and makes 0 of NaN
                a.emit(FCVTNS, s4(left), s4(left));
            }
            a.emit(SQADD, s4(left), s4(left), s4(ElementNumber.ZERO_POINT.register()));
        }
    }

    private void multiply(int vector, ElementNumber factor) {
        a.emit(FMUL, s4(vector), s4(vector), s4(factor.register()));
    }

    private void real(int vector, ElementNumber scale) {
        a.emit(SCVTF, s4(vector), s4(vector));
        multiply(vector, scale);
    }

    /** Appends {@link io.jquant.kernels.portable.QnnpackAddition#apply} without the zero point. */
    private void fixedSum(int left, int right) {
        a.emit(MUL, s4(left), s4(left), s4(ElementNumber.LEFT_SCALE.register()));
        a.emit(MUL, s4(right), s4(right), s4(ElementNumber.RIGHT_SCALE.register()));
        a.emit(ADD, s4(left), s4(left), s4(right));
        a.emit(AND, b16(right), b16(left), b16(ElementNumber.MASK.register()));
        // -1 of negative sums
        a.emit(SSHR, s4(WORDS), s4(left), imm(31));
        a.emit(ADD, s4(right), s4(right), s4(WORDS));
        a.emit(CMGT, s4(right), s4(right), s4(ElementNumber.ROUNDED_DOWN.register()));
        a.emit(SSHL, s4(left), s4(left), s4(ElementNumber.SHIFT.register()));
        a.emit(SUB, s4(left), s4(left), s4(right));
    }

    private void store(int count) {
        narrow(a, count);
        a.emit(STR, bytes(LEFT_AT, count), at(OUTPUT));
    }

    /** Appends the narrowing of integers from v0 on, within bounds, to bytes of v0. */
    static void narrow(Arm64Assembler a, int count) {
        int first = LEFT_AT;
        for (int half = 0; half < (count == BLOCK ? 2 : 1); half++, first += 2) {
            a.emit(SQXTN, h4(first), s4(first));
            if (count == BLOCK) {
                a.emit(SQXTN2, h8(first), s4(first + 1));
            }
            a.emit(SMAX, h8(first), h8(first), h8(ElementNumber.SMALLEST.register()));
            a.emit(SMIN, h8(first), h8(first), h8(ElementNumber.LARGEST.register()));
        }
        a.emit(XTN, b8(LEFT_AT), h8(LEFT_AT));
        if (count == BLOCK) {
            a.emit(XTN2, b16(LEFT_AT), h8(LEFT_AT + 2));
        }
    }
}
