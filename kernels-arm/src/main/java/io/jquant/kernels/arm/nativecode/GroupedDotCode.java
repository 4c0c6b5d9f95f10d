// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static io.jquant.codegen.arm64.IntegerOp.SDOT;
import static io.jquant.codegen.arm64.Mem.at;
import static io.jquant.codegen.arm64.MemoryOp.LDR;
import static io.jquant.codegen.arm64.Vec.b16;
import static io.jquant.codegen.arm64.Vec.q;
import static io.jquant.codegen.arm64.Vec.s4;

import io.jquant.kernels.common.GroupedLayout;

/** Weights of 4 bits with {@code sdot}: tiles of up to 5 x 8. */
final class GroupedDotCode extends GroupedCode {
    static final int ROWS = 5;

    private static final int TERMS_AT = 2 * ROWS * VECTORS;

    GroupedDotCode(int groupSize, boolean zeroPoints, int rows) {
        super(groupSize, zeroPoints, rows);
    }

    @Override
    void multiply(int tileRows) {
        int units = STEP / GroupedLayout.UNIT;
        for (int step = 0; step < layout.groupSize() / STEP; step++) {
            for (int row = 0; row < tileRows; row++) {
                a.emit(LDR, q(TERMS_AT + row), at(row(row), step * STEP));
            }
            for (int unit = 0; unit < units; unit++) {
                weights(step * units + unit);
                for (int row = 0; row < tileRows; row++) {
                    dot(tileRows, row, unit);
                }
            }
        }
    }

    private void dot(int tileRows, int row, int unit) {
        for (int vector = 0; vector < VECTORS; vector++) {
            a.emit(SDOT, s4(whole(tileRows, row, vector)), b16(low(vector)), b16(TERMS_AT + row).fourBytes(2 * unit));
        }
        for (int vector = 0; vector < VECTORS; vector++) {
            a.emit(SDOT, s4(whole(tileRows, row, vector)), b16(high(vector)),
                    b16(TERMS_AT + row).fourBytes(2 * unit + 1));
        }
    }
}
