// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.FloatOp.VADDPS;
import static io.jquant.codegen.x86.FloatOp.VCVTDQ2PS;
import static io.jquant.codegen.x86.FloatOp.VCVTPH2PS;
import static io.jquant.codegen.x86.FloatOp.VMAXPS;
import static io.jquant.codegen.x86.FloatOp.VMINPS;
import static io.jquant.codegen.x86.FloatOp.VMULPS;
import static io.jquant.codegen.x86.GeneralOp.ADD;
import static io.jquant.codegen.x86.GeneralOp.DEC;
import static io.jquant.codegen.x86.GeneralOp.IMUL;
import static io.jquant.codegen.x86.GeneralOp.JNZ;
import static io.jquant.codegen.x86.GeneralOp.JZ;
import static io.jquant.codegen.x86.GeneralOp.LEA;
import static io.jquant.codegen.x86.GeneralOp.MOV;
import static io.jquant.codegen.x86.GeneralOp.PREFETCHT0;
import static io.jquant.codegen.x86.GeneralOp.TEST;
import static io.jquant.codegen.x86.Imm.imm;
import static io.jquant.codegen.x86.IntegerOp.VPMADDWD;
import static io.jquant.codegen.x86.Mem.at;
import static io.jquant.codegen.x86.MoveOp.VBROADCASTSS;
import static io.jquant.codegen.x86.MoveOp.VMOVUPS;
import static io.jquant.codegen.x86.MoveOp.VPBROADCASTD;
import static io.jquant.codegen.x86.MoveOp.VPMOVZXWD;

import io.jquant.codegen.x86.CallingConvention;
import io.jquant.codegen.x86.Frame;
import io.jquant.codegen.x86.Gpr;
import io.jquant.codegen.x86.Label;
import io.jquant.codegen.x86.Mem;
import io.jquant.codegen.x86.Vec;
import io.jquant.codegen.x86.X86Assembler;
import io.jquant.kernels.common.GroupedLayout;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A grouped layer: over panels, and within a panel over tiles of some rows, then over tiles of one row fewer. Weights
 * become bytes in registers; sums of a group stay there as integers, those of all groups as floats.
 */
final class GroupedCode {
    private static final Gpr ARGUMENTS = Gpr.RBP;
    private static final Gpr ROW = Gpr.R11;
    private static final Gpr STRIDE = Gpr.R8;
    private static final Gpr STRIDE3 = Gpr.R9;
    private static final Gpr STRIDE5 = Gpr.R10;
    private static final Gpr OUTPUT = Gpr.R12;
    private static final Gpr OUTPUT_STRIDE = Gpr.R13;
    private static final Gpr AT = Gpr.RAX;
    private static final Gpr WEIGHTS = Gpr.RCX;
    private static final Gpr COUNT = Gpr.RDX;
    private static final int LINE = 64;
    /** How far ahead weights are fetched. */
    private static final int AHEAD = 8192;

    private static final List<Gpr> GPRS = List.of(ARGUMENTS, ROW, STRIDE, STRIDE3, STRIDE5, OUTPUT, OUTPUT_STRIDE, AT,
            WEIGHTS, COUNT);
    private static final List<Vec> VECTORS = IntStream.range(0, 16).mapToObj(Vec::xmm).toList();

    private final X86Assembler a = new X86Assembler();
    private final GroupedDot dot;
    private final GroupedLayout layout;
    private final int tileRows;

    /** What the code depends on; whatever the number of groups. */
    record Shape(GroupedDot dot, int groupSize, boolean zeroPoints, boolean halves, int tileRows) {
    }

    GroupedCode(Shape shape) {
        dot = shape.dot();
        layout = new GroupedLayout(dot.columns(), shape.groupSize(), 1, shape.zeroPoints(), shape.halves());
        tileRows = shape.tileRows();
    }

    private static Mem argument(int offset) {
        return at(ARGUMENTS, offset).bytes(8);
    }

    byte[] assemble() {
        Frame frame = new Frame(CallingConvention.current(), GPRS, VECTORS, 0);
        Label nibbles = a.label();
        Label ones = a.label();
        frame.enter(a);
        a.emit(MOV, ARGUMENTS, frame.argument(4));
        // offsets become addresses
        a.emit(ADD, argument(GroupedArguments.ROWS), frame.argument(1));
        a.emit(ADD, argument(GroupedArguments.OUTPUT), frame.argument(2));
        a.emit(MOV, STRIDE, argument(GroupedArguments.ROW_STRIDE));
        a.emit(LEA, STRIDE3, at(STRIDE, STRIDE, 2, 0));
        a.emit(LEA, STRIDE5, at(STRIDE, STRIDE, 4, 0));
        a.emit(MOV, OUTPUT_STRIDE, argument(GroupedArguments.OUTPUT_STRIDE));
        a.emit(VPBROADCASTD, dot.mask(), at(nibbles));
        if (dot == GroupedDot.AVX2) {
            a.emit(VPBROADCASTD, dot.ones(), at(ones));
        }
        Label panel = a.here();
        a.emit(MOV, ROW, argument(GroupedArguments.ROWS));
        a.emit(MOV, OUTPUT, argument(GroupedArguments.OUTPUT));
        tiles(tileRows, GroupedArguments.HIGH_TILES);
        if (tileRows > 1) {
            tiles(tileRows - 1, GroupedArguments.LOW_TILES);
        }
        a.emit(MOV, AT, argument(GroupedArguments.PANEL_BYTES));
        a.emit(ADD, argument(GroupedArguments.WEIGHTS), AT);
        a.emit(ADD, argument(GroupedArguments.OUTPUT), imm(4L * dot.columns()));
        a.emit(ADD, argument(GroupedArguments.BIAS), imm(4L * dot.columns()));
        a.emit(DEC, argument(GroupedArguments.PANELS));
        a.emit(JNZ, panel);
        frame.leave(a);
        a.align(4);
        a.bind(nibbles);
        a.dataInt(0x0F0F0F0F);
        a.bind(ones);
        a.dataInt(0x00010001);
        return a.assemble();
    }

    private void tiles(int rows, int count) {
        Label none = a.label();
        a.emit(MOV, AT, argument(count));
        a.emit(TEST, AT, AT);
        a.emit(JZ, none);
        a.emit(MOV, argument(GroupedArguments.COUNT), AT);
        Label next = a.here();
        tile(rows);
        a.emit(IMUL, AT, STRIDE, imm(rows));
        a.emit(ADD, ROW, AT);
        a.emit(DEC, argument(GroupedArguments.COUNT));
        a.emit(JNZ, next);
        a.bind(none);
    }

    private void tile(int rows) {
        for (int row = 0; row < rows; row++) {
            dot.clear(a, dot.real(row, 0));
            dot.clear(a, dot.real(row, 1));
        }
        a.emit(MOV, WEIGHTS, argument(GroupedArguments.WEIGHTS));
        a.emit(MOV, AT, ROW);
        a.emit(MOV, COUNT, argument(GroupedArguments.GROUPS));
        a.align(32);
        Label group = a.here();
        begin(rows);
        for (int unit = 0; unit < layout.groupSize() / GroupedLayout.UNIT; unit++) {
            unit(rows, unit);
        }
        scale(rows);
        a.emit(ADD, WEIGHTS, imm(layout.recordBytes()));
        a.emit(ADD, AT, imm(layout.rowRecordBytes()));
        a.emit(DEC, COUNT);
        a.emit(JNZ, group);
        store(rows);
    }

    /** Sums begin with what the zero points take off them. */
    private void begin(int rows) {
        if (layout.zeroPoints()) {
            for (int half = 0; half < 2; half++) {
                a.emit(VPMOVZXWD, dot.temporary(half),
                        at(WEIGHTS, layout.zeroPointOffset() + half * dot.bytes() / 2));
            }
        }
        for (int row = 0; row < rows; row++) {
            Mem sum = row(row, layout.groupSize() + 4);
            a.emit(VPBROADCASTD, dot.whole(row, 1), sum);
            if (layout.zeroPoints()) {
                // the words above the zero points are 0
                a.emit(VPMADDWD, dot.whole(row, 0), dot.temporary(0), dot.whole(row, 1));
                a.emit(VPMADDWD, dot.whole(row, 1), dot.temporary(1), dot.whole(row, 1));
            } else {
                a.emit(VPBROADCASTD, dot.whole(row, 0), sum);
            }
        }
    }

    private void unit(int rows, int unit) {
        int offset = unit * 2 * dot.bytes();
        for (int half = 0; half < 2; half++) {
            dot.split(a, dot.temporary(2 * half), dot.temporary(2 * half + 1),
                    at(WEIGHTS, offset + half * dot.bytes()));
        }
        for (int at = offset; at < offset + 2 * dot.bytes(); at += LINE) {
            a.emit(PREFETCHT0, at(WEIGHTS, at + AHEAD));
        }
        for (int row = 0; row < rows; row++) {
            dot.add(a, row, row(row, unit * GroupedLayout.UNIT));
        }
    }

    /** Adds a group's sums to those of all. */
    private void scale(int rows) {
        int scales = layout.integerBytes();
        for (int at = scales; at < layout.recordBytes(); at += LINE) {
            a.emit(PREFETCHT0, at(WEIGHTS, at + AHEAD));
        }
        for (int half = 0; half < 2; half++) {
            if (layout.halves()) {
                a.emit(VCVTPH2PS, dot.temporary(half), at(WEIGHTS, scales + half * dot.bytes() / 2));
            } else {
                a.emit(VMOVUPS, dot.temporary(half), at(WEIGHTS, scales + half * dot.bytes()));
            }
        }
        for (int row = 0; row < rows; row++) {
            a.emit(VBROADCASTSS, dot.temporary(2), row(row, layout.groupSize()));
            for (int half = 0; half < 2; half++) {
                Vec sum = dot.whole(row, half);
                Vec scale = dot.temporary(3 + half);
                a.emit(VMULPS, scale, dot.temporary(2), dot.temporary(half));
                a.emit(VCVTDQ2PS, sum, sum);
                a.emit(VMULPS, sum, sum, scale);
                a.emit(VADDPS, dot.real(row, half), dot.real(row, half), sum);
            }
        }
    }

    private void store(int rows) {
        Vec low = dot.temporary(0);
        Vec high = dot.temporary(1);
        a.emit(MOV, AT, argument(GroupedArguments.BIAS));
        a.emit(VBROADCASTSS, low, at(ARGUMENTS, GroupedArguments.LOW));
        a.emit(VBROADCASTSS, high, at(ARGUMENTS, GroupedArguments.HIGH));
        a.emit(VMOVUPS, dot.temporary(2), at(AT));
        a.emit(VMOVUPS, dot.temporary(3), at(AT, dot.bytes()));
        for (int row = 0; row < rows; row++) {
            for (int half = 0; half < 2; half++) {
                Vec sum = dot.real(row, half);
                a.emit(VADDPS, sum, sum, dot.temporary(2 + half));
                // of NaN and a number the second operand is kept
                a.emit(VMAXPS, sum, low, sum);
                a.emit(VMINPS, sum, high, sum);
                a.emit(VMOVUPS, at(OUTPUT, half * dot.bytes()), sum);
            }
            a.emit(ADD, OUTPUT, OUTPUT_STRIDE);
        }
    }

    private static Mem row(int row, int disp) {
        return switch (row) {
            case 0 -> at(AT, disp);
            case 1, 2, 4 -> at(AT, STRIDE, row, disp);
            case 3 -> at(AT, STRIDE3, 1, disp);
            case 5 -> at(AT, STRIDE5, 1, disp);
            default -> throw new IllegalArgumentException("row = " + row + ": must be 0 to 5");
        };
    }
}
