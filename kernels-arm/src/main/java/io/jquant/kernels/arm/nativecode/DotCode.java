// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static io.jquant.codegen.arm64.FloatOp.FMOV;
import static io.jquant.codegen.arm64.GeneralOp.CBZ;
import static io.jquant.codegen.arm64.GeneralOp.CMP;
import static io.jquant.codegen.arm64.Imm.imm;
import static io.jquant.codegen.arm64.IntegerOp.EOR;
import static io.jquant.codegen.arm64.IntegerOp.SDOT;
import static io.jquant.codegen.arm64.Mem.post;
import static io.jquant.codegen.arm64.MemoryOp.LDP;
import static io.jquant.codegen.arm64.MemoryOp.LDR;
import static io.jquant.codegen.arm64.ShuffleOp.INS;
import static io.jquant.codegen.arm64.ShuffleOp.MOV;
import static io.jquant.codegen.arm64.ShuffleOp.MOVI;
import static io.jquant.codegen.arm64.Vec.b16;
import static io.jquant.codegen.arm64.Vec.d;
import static io.jquant.codegen.arm64.Vec.d2;
import static io.jquant.codegen.arm64.Vec.q;
import static io.jquant.codegen.arm64.Vec.s4;

import io.jquant.codegen.arm64.GeneralOp;
import io.jquant.codegen.arm64.Label;
import io.jquant.kernels.common.CodeStage;

/**
 * Tiles of up to 6 x 16 with {@code sdot} by four bytes of a row: 24 sums, six registers of rows, two of weights. Rows
 * are u8 and become s8 by losing 128.
 */
final class DotCode extends GemmCode {
    static final int ROWS = 6;
    static final int COLUMNS = 16;
    /** Bytes of a row for four terms, and those of a step along the depth. */
    static final int GROUP = 4;
    static final int STEP = 16;
    /** What elements of rows lose. */
    static final int ORIGIN = 128;

    private static final int VECTORS = COLUMNS / 4;
    private static final int WEIGHTS_AT = ROWS;

    DotCode(CodeStage stage, int rows) {
        super(stage, COLUMNS, rows);
    }

    private static int sum(int row, int vector) {
        return FIRST_SUM + row * VECTORS + vector;
    }

    @Override
    int[][] products(int tileRows) {
        begin(tileRows);
        // the tallest tile leaves no register for the sign bits: it makes them anew for every step
        boolean isFull = tileRows == ROWS;
        int signs = isFull ? ROWS + 1 : ROWS - 1;
        a.emit(MOVI, b16(signs), imm(ORIGIN));
        repeat(ArmArguments.UNROLLED_STEPS, () -> {
            for (int row = 0; row < tileRows; row++) {
                a.emit(LDR, q(row), post(row(row), STEP));
            }
            if (isFull) {
                a.emit(MOVI, b16(signs), imm(ORIGIN));
            }
            flip(tileRows, signs);
            for (int group = 0; group < STEP / GROUP; group++) {
                group(tileRows, group);
            }
        });
        tail(tileRows, signs);
        int[][] sums = new int[tileRows][VECTORS];
        for (int row = 0; row < tileRows; row++) {
            for (int vector = 0; vector < VECTORS; vector++) {
                sums[row][vector] = sum(row, vector);
            }
        }
        return sums;
    }

    private void begin(int tileRows) {
        if (stage.hasInitial()) {
            loadTerms(a, ArmArguments.INITIAL, FIRST_SUM, VECTORS);
        }
        for (int row = 0; row < tileRows; row++) {
            for (int vector = 0; vector < VECTORS; vector++) {
                if (!stage.hasInitial()) {
                    a.emit(MOVI, b16(sum(row, vector)), imm(0));
                } else if (row > 0) {
                    a.emit(MOV, b16(sum(row, vector)), b16(sum(0, vector)));
                }
            }
        }
    }

    private void flip(int tileRows, int signs) {
        for (int row = 0; row < tileRows; row++) {
            a.emit(EOR, b16(row), b16(row), b16(signs));
        }
    }

    private void group(int tileRows, int group) {
        for (int vector = 0; vector < VECTORS; vector++) {
            int weights = WEIGHTS_AT + vector % 2;
            if (vector % 2 == 0) {
                a.emit(LDP, q(weights), q(weights + 1), post(WEIGHTS, 32));
            }
            for (int row = 0; row < tileRows; row++) {
                a.emit(SDOT, s4(sum(row, vector)), b16(weights), b16(row).fourBytes(group));
            }
        }
    }

    private void tail(int tileRows, int signs) {
        Label done = a.label();
        a.emit(CBZ, TAIL, done);
        new PartialLoad(a, TAIL, STEP - 1).append(tileRows, GemmCode::row, (row, isSecond, value) -> {
            if (isSecond) {
                a.emit(INS, d2(row).lane(1), value);
            } else {
                a.emit(FMOV, d(row), value);
            }
        });
        a.emit(MOVI, b16(signs), imm(ORIGIN));
        flip(tileRows, signs);
        for (int group = 0; group < STEP / GROUP; group++) {
            if (group > 0) {
                a.emit(CMP, TAIL, imm((long) group * GROUP));
                a.emit(GeneralOp.B_LS, done);
            }
            group(tileRows, group);
        }
        a.bind(done);
    }
}
