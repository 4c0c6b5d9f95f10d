// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static io.jquant.codegen.arm64.IntegerOp.ADD;
import static io.jquant.codegen.arm64.IntegerOp.ADDP;
import static io.jquant.codegen.arm64.IntegerOp.SADDLP;
import static io.jquant.codegen.arm64.IntegerOp.SMLAL;
import static io.jquant.codegen.arm64.IntegerOp.SMLAL2;
import static io.jquant.codegen.arm64.IntegerOp.SMULL;
import static io.jquant.codegen.arm64.IntegerOp.SMULL2;
import static io.jquant.codegen.arm64.Mem.at;
import static io.jquant.codegen.arm64.MemoryOp.LDR;
import static io.jquant.codegen.arm64.ShuffleOp.DUP;
import static io.jquant.codegen.arm64.Vec.b16;
import static io.jquant.codegen.arm64.Vec.b8;
import static io.jquant.codegen.arm64.Vec.d;
import static io.jquant.codegen.arm64.Vec.h8;
import static io.jquant.codegen.arm64.Vec.s4;

import io.jquant.kernels.common.GroupedLayout;

/**
 * Weights of 4 bits for CPUs without dot products: tiles of up to 3 x 8. Sixteen products of 15 * 127 are summed in 16
 * bits, for which there is room, then the four sums of a column in 32.
 */
final class GroupedWideningCode extends GroupedCode {
    static final int ROWS = 3;

    /** Units of eight terms, of which a sum of 16 bits gets two. */
    private static final int UNITS = 8;
    private static final int SUMS_AT = 2 * ROWS * VECTORS;
    private static final int TERMS_AT = SUMS_AT + 2 * ROWS * VECTORS;

    GroupedWideningCode(int groupSize, boolean zeroPoints, int rows) {
        super(groupSize, zeroPoints, rows);
    }

    /** Sums of 16 bits: of two columns of a vector. */
    private static int sums(int row, int vector, int half) {
        return SUMS_AT + 2 * (row * VECTORS + vector) + half;
    }

    @Override
    void multiply(int tileRows) {
        int units = layout.groupSize() / GroupedLayout.UNIT;
        for (int first = 0; first < units; first += UNITS) {
            for (int unit = first; unit < Math.min(units, first + UNITS); unit++) {
                weights(unit);
                for (int row = 0; row < tileRows; row++) {
                    add(row, unit, unit == first);
                }
            }
            for (int row = 0; row < tileRows; row++) {
                for (int vector = 0; vector < VECTORS; vector++) {
                    widen(sums(row, vector, 0), sums(row, vector, 1), whole(tileRows, row, vector));
                }
            }
        }
    }

    private void add(int row, int unit, boolean isFirst) {
        a.emit(LDR, d(TERMS_AT + 2), at(row(row), unit * GroupedLayout.UNIT));
        a.emit(DUP, s4(TERMS_AT), s4(TERMS_AT + 2).lane(0));
        a.emit(DUP, s4(TERMS_AT + 1), s4(TERMS_AT + 2).lane(1));
        for (int vector = 0; vector < VECTORS; vector++) {
            a.emit(isFirst ? SMULL : SMLAL, h8(sums(row, vector, 0)), b8(low(vector)), b8(TERMS_AT));
            a.emit(isFirst ? SMULL2 : SMLAL2, h8(sums(row, vector, 1)), b16(low(vector)), b16(TERMS_AT));
        }
        for (int vector = 0; vector < VECTORS; vector++) {
            a.emit(SMLAL, h8(sums(row, vector, 0)), b8(high(vector)), b8(TERMS_AT + 1));
            a.emit(SMLAL2, h8(sums(row, vector, 1)), b16(high(vector)), b16(TERMS_AT + 1));
        }
    }

    private void widen(int first, int second, int sum) {
        a.emit(SADDLP, s4(first), h8(first));
        a.emit(SADDLP, s4(second), h8(second));
        a.emit(ADDP, s4(first), s4(first), s4(second));
        a.emit(ADD, s4(sum), s4(sum), s4(first));
    }
}
