// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static io.jquant.codegen.arm64.FloatOp.FMOV;
import static io.jquant.codegen.arm64.GeneralOp.CBZ;
import static io.jquant.codegen.arm64.Imm.imm;
import static io.jquant.codegen.arm64.IntegerOp.USMMLA;
import static io.jquant.codegen.arm64.Mem.post;
import static io.jquant.codegen.arm64.MemoryOp.LD1;
import static io.jquant.codegen.arm64.MemoryOp.LDP;
import static io.jquant.codegen.arm64.MemoryOp.LDR;
import static io.jquant.codegen.arm64.ShuffleOp.INS;
import static io.jquant.codegen.arm64.ShuffleOp.MOV;
import static io.jquant.codegen.arm64.ShuffleOp.MOVI;
import static io.jquant.codegen.arm64.ShuffleOp.ZIP1;
import static io.jquant.codegen.arm64.ShuffleOp.ZIP2;
import static io.jquant.codegen.arm64.Vec.b16;
import static io.jquant.codegen.arm64.Vec.d;
import static io.jquant.codegen.arm64.Vec.d2;
import static io.jquant.codegen.arm64.Vec.q;
import static io.jquant.codegen.arm64.Vec.s4;

import io.jquant.codegen.arm64.Label;
import io.jquant.codegen.arm64.VecList;
import io.jquant.kernels.common.CodeStage;

/**
 * Tiles of up to 6 x 16 with {@code usmmla}: pairs of rows by pairs of columns, eight terms of a sum at a time. A
 * register of sums holds two columns of one row, then of the other.
 */
final class MatrixCode extends GemmCode {
    static final int ROWS = 6;
    static final int COLUMNS = 16;
    /** Bytes of a row for eight terms. */
    static final int STEP = 8;

    private static final int PAIRS = COLUMNS / 2;
    private static final int WEIGHTS_AT = 4;

    MatrixCode(CodeStage stage, int rows) {
        super(stage, COLUMNS, rows);
    }

    private static int sum(int rowPair, int columnPair) {
        return FIRST_SUM + rowPair * PAIRS + columnPair;
    }

    @Override
    int[][] products(int tileRows) {
        int rowPairs = (tileRows + 1) / 2;
        begin(rowPairs);
        Runnable step = () -> {
            for (int row = 0; row < tileRows; row++) {
                if (row % 2 == 0) {
                    a.emit(LDR, d(row / 2), post(row(row), STEP));
                } else {
                    a.emit(LD1, VecList.lane(d2(row / 2), 1), post(row(row), STEP));
                }
            }
            multiply(rowPairs);
        };
        repeat(ArmArguments.UNROLLED_STEPS, () -> {
            step.run();
            step.run();
        });
        repeat(ArmArguments.SINGLE_STEPS, step);
        Label done = a.label();
        a.emit(CBZ, TAIL, done);
        new PartialLoad(a, TAIL, STEP - 1).append(tileRows, GemmCode::row, (row, _, value) -> {
            if (row % 2 == 0) {
                a.emit(FMOV, d(row / 2), value);
            } else {
                a.emit(INS, d2(row / 2).lane(1), value);
            }
        });
        multiply(rowPairs);
        a.bind(done);
        return rows(tileRows);
    }

    private void begin(int rowPairs) {
        if (stage.hasInitial()) {
            loadTerms(a, ArmArguments.INITIAL, 0, PAIRS / 2);
        }
        for (int rowPair = 0; rowPair < rowPairs; rowPair++) {
            for (int i = 0; i < PAIRS; i++) {
                if (!stage.hasInitial()) {
                    a.emit(MOVI, b16(sum(rowPair, i)), imm(0));
                } else if (rowPair == 0) {
                    a.emit(i % 2 == 0 ? ZIP1 : ZIP2, d2(sum(0, i)), d2(i / 2), d2(i / 2));
                } else {
                    a.emit(MOV, b16(sum(rowPair, i)), b16(sum(0, i)));
                }
            }
        }
    }

    private void multiply(int rowPairs) {
        for (int i = 0; i < PAIRS; i++) {
            int weights = WEIGHTS_AT + i % 4;
            if (i % 2 == 0) {
                a.emit(LDP, q(weights), q(weights + 1), post(WEIGHTS, 32));
            }
            for (int rowPair = 0; rowPair < rowPairs; rowPair++) {
                a.emit(USMMLA, s4(sum(rowPair, i)), b16(rowPair), b16(weights));
            }
        }
    }

    /** Appends the parting of pairs of rows; the register that a row frees takes the next one. */
    private int[][] rows(int tileRows) {
        int[][] sums = new int[tileRows][PAIRS / 2];
        int free = 0;
        for (int row = 0; row < tileRows; row += 2) {
            for (int i = 0; i < PAIRS / 2; i++) {
                int first = sum(row / 2, 2 * i);
                int second = sum(row / 2, 2 * i + 1);
                a.emit(ZIP1, d2(free), d2(first), d2(second));
                sums[row][i] = free;
                if (row + 1 < tileRows) {
                    a.emit(ZIP2, d2(first), d2(first), d2(second));
                    sums[row + 1][i] = first;
                    free = second;
                } else {
                    free = first;
                }
            }
        }
        // v0 is the output stage's
        a.emit(MOV, b16(free), b16(0));
        sums[0][0] = free;
        return sums;
    }
}
