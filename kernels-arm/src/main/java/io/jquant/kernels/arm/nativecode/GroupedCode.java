// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static io.jquant.codegen.arm64.FloatOp.FADD;
import static io.jquant.codegen.arm64.FloatOp.FMAX;
import static io.jquant.codegen.arm64.FloatOp.FMIN;
import static io.jquant.codegen.arm64.FloatOp.FMUL;
import static io.jquant.codegen.arm64.FloatOp.SCVTF;
import static io.jquant.codegen.arm64.GeneralOp.ADD;
import static io.jquant.codegen.arm64.Imm.imm;
import static io.jquant.codegen.arm64.IntegerOp.AND;
import static io.jquant.codegen.arm64.IntegerOp.MUL;
import static io.jquant.codegen.arm64.IntegerOp.USHR;
import static io.jquant.codegen.arm64.IntegerOp.UXTL;
import static io.jquant.codegen.arm64.IntegerOp.UXTL2;
import static io.jquant.codegen.arm64.Mem.at;
import static io.jquant.codegen.arm64.MemoryOp.LDP;
import static io.jquant.codegen.arm64.MemoryOp.LDR;
import static io.jquant.codegen.arm64.ShuffleOp.DUP;
import static io.jquant.codegen.arm64.ShuffleOp.MOVI;
import static io.jquant.codegen.arm64.Vec.b16;
import static io.jquant.codegen.arm64.Vec.d;
import static io.jquant.codegen.arm64.Vec.h4;
import static io.jquant.codegen.arm64.Vec.h8;
import static io.jquant.codegen.arm64.Vec.q;
import static io.jquant.codegen.arm64.Vec.s;
import static io.jquant.codegen.arm64.Vec.s4;

import io.jquant.kernels.common.CodeStage;
import io.jquant.kernels.common.GroupedLayout;
import java.util.stream.IntStream;

/**
 * Layers with weights of 4 bits, in panels of 8 columns: weights become bytes in registers, sums of a group stay there
 * as integers, those of all groups as floats. The frame stores what this leaves as it stores raw sums.
 */
abstract class GroupedCode extends GemmCode {
    static final int COLUMNS = 8;
    /** Vectors of columns. */
    static final int VECTORS = COLUMNS / 4;
    /** Terms that a register of a row holds. */
    static final int STEP = 16;

    private static final int NIBBLE = 4;
    /** Holds 15 in every byte. */
    private static final int MASK = 31;
    private static final int FIRST_SHARED = 20;
    /** Weights of eight terms, the first four of them and the last four, for each vector of columns. */
    private static final int WEIGHTS_AT = MASK - 2 * VECTORS;

    final GroupedLayout layout;

    GroupedCode(int groupSize, boolean zeroPoints, int rows) {
        super(CodeStage.RAW, COLUMNS, rows);
        layout = new GroupedLayout(COLUMNS, groupSize, 1, zeroPoints, false);
    }

    /** Appends the products of a group, added to the sums of integers. */
    abstract void multiply(int tileRows);

    /** The sums of integers of a row; before them come those of floats, and behind them what a way needs. */
    static int whole(int tileRows, int row, int vector) {
        return (tileRows + row) * VECTORS + vector;
    }

    private static int real(int row, int vector) {
        return row * VECTORS + vector;
    }

    static int low(int vector) {
        return WEIGHTS_AT + 2 * vector;
    }

    static int high(int vector) {
        return WEIGHTS_AT + 2 * vector + 1;
    }

    @Override
    final int[][] products(int tileRows) {
        a.emit(MOVI, b16(MASK), imm(0xF));
        for (int i = 0; i < tileRows * VECTORS; i++) {
            a.emit(MOVI, b16(i), imm(0));
        }
        repeat(ArmArguments.UNROLLED_STEPS, () -> {
            begin(tileRows);
            multiply(tileRows);
            scale(tileRows);
            a.emit(ADD, WEIGHTS, WEIGHTS, imm(layout.recordBytes()));
            for (int row = 0; row < tileRows; row++) {
                a.emit(ADD, row(row), row(row), imm(layout.rowRecordBytes()));
            }
        });
        finish(tileRows);
        return IntStream.range(0, tileRows)
                .mapToObj(row -> IntStream.range(0, VECTORS).map(vector -> real(row, vector)).toArray())
                .toArray(int[][]::new);
    }

    /** Sums begin with what the zero points take off them. */
    private void begin(int tileRows) {
        int given = FIRST_SHARED;
        int numbers = FIRST_SHARED + 3;
        if (layout.zeroPoints()) {
            a.emit(LDR, q(given), at(WEIGHTS, layout.zeroPointOffset()));
            a.emit(UXTL, s4(given + 1), h4(given));
            a.emit(UXTL2, s4(given + 2), h8(given));
        }
        for (int row = 0; row < tileRows; row++) {
            a.emit(LDR, d(numbers), at(row(row), layout.groupSize()));
            for (int vector = 0; vector < VECTORS; vector++) {
                int sum = whole(tileRows, row, vector);
                if (layout.zeroPoints()) {
                    a.emit(MUL, s4(sum), s4(given + 1 + vector), s4(numbers).lane(1));
                } else {
                    a.emit(DUP, s4(sum), s4(numbers).lane(1));
                }
            }
        }
    }

    /** Appends the taking apart of the weights of eight terms. */
    final void weights(int unit) {
        int offset = unit * COLUMNS * GroupedLayout.UNIT / 2;
        a.emit(LDP, q(high(0)), q(high(1)), at(WEIGHTS, offset));
        for (int vector = 0; vector < VECTORS; vector++) {
            a.emit(AND, b16(low(vector)), b16(high(vector)), b16(MASK));
            a.emit(USHR, b16(high(vector)), b16(high(vector)), imm(NIBBLE));
        }
    }

    /** Adds a group's sums to those of all. */
    private void scale(int tileRows) {
        int scales = FIRST_SHARED;
        int numbers = FIRST_SHARED + VECTORS;
        int factor = numbers + 1;
        for (int vector = 0; vector < VECTORS; vector++) {
            a.emit(LDR, q(scales + vector), at(WEIGHTS, layout.integerBytes() + 16 * vector));
        }
        for (int row = 0; row < tileRows; row++) {
            a.emit(LDR, s(numbers), at(row(row), layout.groupSize()));
            for (int vector = 0; vector < VECTORS; vector++) {
                int sum = whole(tileRows, row, vector);
                a.emit(FMUL, s4(factor), s4(scales + vector), s4(numbers).lane(0));
                a.emit(SCVTF, s4(sum), s4(sum));
                a.emit(FMUL, s4(sum), s4(sum), s4(factor));
                a.emit(FADD, s4(real(row, vector)), s4(real(row, vector)), s4(sum));
            }
        }
    }

    private void finish(int tileRows) {
        int bias = FIRST_SHARED;
        int least = bias + VECTORS;
        int most = least + 1;
        loadTerms(a, ArmArguments.BIAS, bias, VECTORS);
        a.emit(LDR, s(least), at(ARGUMENTS, ArmArguments.LOW));
        a.emit(LDR, s(most), at(ARGUMENTS, ArmArguments.HIGH));
        a.emit(DUP, s4(least), s4(least).lane(0));
        a.emit(DUP, s4(most), s4(most).lane(0));
        for (int row = 0; row < tileRows; row++) {
            for (int vector = 0; vector < VECTORS; vector++) {
                int sum = real(row, vector);
                a.emit(FADD, s4(sum), s4(sum), s4(bias + vector));
                a.emit(FMAX, s4(sum), s4(sum), s4(least));
                a.emit(FMIN, s4(sum), s4(sum), s4(most));
            }
        }
    }
}
