// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static io.jquant.codegen.arm64.FloatOp.FMOV;
import static io.jquant.codegen.arm64.GeneralOp.CBZ;
import static io.jquant.codegen.arm64.Imm.imm;
import static io.jquant.codegen.arm64.IntegerOp.ADD;
import static io.jquant.codegen.arm64.IntegerOp.ADDP;
import static io.jquant.codegen.arm64.IntegerOp.EOR;
import static io.jquant.codegen.arm64.IntegerOp.SADALP;
import static io.jquant.codegen.arm64.IntegerOp.SMLSL2;
import static io.jquant.codegen.arm64.IntegerOp.SMULL;
import static io.jquant.codegen.arm64.Mem.post;
import static io.jquant.codegen.arm64.MemoryOp.LDP;
import static io.jquant.codegen.arm64.MemoryOp.LDR;
import static io.jquant.codegen.arm64.ShuffleOp.INS;
import static io.jquant.codegen.arm64.ShuffleOp.MOVI;
import static io.jquant.codegen.arm64.Vec.b16;
import static io.jquant.codegen.arm64.Vec.b8;
import static io.jquant.codegen.arm64.Vec.d;
import static io.jquant.codegen.arm64.Vec.d2;
import static io.jquant.codegen.arm64.Vec.h8;
import static io.jquant.codegen.arm64.Vec.q;
import static io.jquant.codegen.arm64.Vec.s4;

import io.jquant.codegen.arm64.Label;
import io.jquant.kernels.common.CodeStage;

/**
 * Tiles of up to 3 x 8 for CPUs without dot products: two products of bytes are summed in 16 bits, then neighbours in
 * 32, so that three instructions do sixteen products.
 *
 * <p>Two products of any s8 do not fit int16: -128 * -128 twice is 32768. So of sixteen elements of a row the first
 * eight become {@code a - 128} and the last eight {@code 127 - a}, which one exclusive or does, and the second product
 * is subtracted: both lie in -16256..16384, and their difference in -32640..32640, whatever the weights. The sum lacks
 * 128 times the first weights and 127 times the last, which are added with the columns' terms.
 */
final class WideningCode extends GemmCode {
    static final int ROWS = 3;
    static final int COLUMNS = 8;
    static final int STEP = 16;
    /** What the first and the last eight elements of a row lose. */
    static final int FIRST_ORIGIN = 128;
    static final int LAST_ORIGIN = 127;

    private static final int FLIPS = ROWS;
    private static final int WEIGHTS_AT = 4;
    private static final int PRODUCTS_AT = 6;

    WideningCode(CodeStage stage, int rows) {
        super(stage, COLUMNS, rows);
    }

    private static int sum(int row, int column) {
        return FIRST_SUM + row * COLUMNS + column;
    }

    @Override
    int[][] products(int tileRows) {
        a.emit(MOVI, b16(FLIPS), imm(LAST_ORIGIN));
        a.emit(MOVI, b8(FLIPS + 1), imm(FIRST_ORIGIN));
        a.emit(INS, d2(FLIPS).lane(0), d2(FLIPS + 1).lane(0));
        for (int row = 0; row < tileRows; row++) {
            for (int column = 0; column < COLUMNS; column++) {
                a.emit(MOVI, b16(sum(row, column)), imm(0));
            }
        }
        repeat(ArmArguments.UNROLLED_STEPS, () -> {
            for (int row = 0; row < tileRows; row++) {
                a.emit(LDR, q(row), post(row(row), STEP));
            }
            multiply(tileRows);
        });
        Label done = a.label();
        a.emit(CBZ, TAIL, done);
        new PartialLoad(a, TAIL, STEP - 1).append(tileRows, GemmCode::row, (row, isSecond, value) -> {
            if (isSecond) {
                a.emit(INS, d2(row).lane(1), value);
            } else {
                a.emit(FMOV, d(row), value);
            }
        });
        multiply(tileRows);
        a.bind(done);
        return add(tileRows);
    }

    private void multiply(int tileRows) {
        for (int row = 0; row < tileRows; row++) {
            a.emit(EOR, b16(row), b16(row), b16(FLIPS));
        }
        for (int column = 0; column < COLUMNS; column += 2) {
            a.emit(LDP, q(WEIGHTS_AT), q(WEIGHTS_AT + 1), post(WEIGHTS, 32));
            // two at a time: each waits for the one before
            for (int i = 0; i < 2 * tileRows; i += 2) {
                for (int j = i; j < i + 2; j++) {
                    a.emit(SMULL, h8(PRODUCTS_AT + j % 2), b8(j % tileRows), b8(WEIGHTS_AT + j / tileRows));
                }
                for (int j = i; j < i + 2; j++) {
                    a.emit(SMLSL2, h8(PRODUCTS_AT + j % 2), b16(j % tileRows), b16(WEIGHTS_AT + j / tileRows));
                }
                for (int j = i; j < i + 2; j++) {
                    a.emit(SADALP, s4(sum(j % tileRows, column + j / tileRows)), h8(PRODUCTS_AT + j % 2));
                }
            }
        }
    }

    /** Appends the adding of the four parts of every sum, four columns to a register, and of what sums begin with. */
    private int[][] add(int tileRows) {
        if (stage.hasInitial()) {
            loadTerms(a, ArmArguments.INITIAL, 0, COLUMNS / 4);
        }
        int[][] sums = new int[tileRows][COLUMNS / 4];
        for (int row = 0; row < tileRows; row++) {
            for (int i = 0; i < COLUMNS / 4; i++) {
                int first = sum(row, 4 * i);
                a.emit(ADDP, s4(first), s4(first), s4(first + 1));
                a.emit(ADDP, s4(first + 2), s4(first + 2), s4(first + 3));
                a.emit(ADDP, s4(first), s4(first), s4(first + 2));
                if (stage.hasInitial()) {
                    a.emit(ADD, s4(first), s4(first), s4(i));
                }
                sums[row][i] = first;
            }
        }
        return sums;
    }
}
