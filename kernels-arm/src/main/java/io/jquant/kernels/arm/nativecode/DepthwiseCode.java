// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static io.jquant.codegen.arm64.GeneralOp.ADD;
import static io.jquant.codegen.arm64.GeneralOp.SUBS;
import static io.jquant.codegen.arm64.Imm.imm;
import static io.jquant.codegen.arm64.Mem.at;
import static io.jquant.codegen.arm64.Mem.post;
import static io.jquant.codegen.arm64.MemoryOp.LDP;
import static io.jquant.codegen.arm64.MemoryOp.LDR;
import static io.jquant.codegen.arm64.Reg.x;
import static io.jquant.codegen.arm64.ShuffleOp.MOV;
import static io.jquant.codegen.arm64.Vec.b16;
import static io.jquant.codegen.arm64.Vec.q;
import static io.jquant.codegen.arm64.Vec.s4;

import io.jquant.codegen.arm64.GeneralOp;
import io.jquant.codegen.arm64.IntegerOp;
import io.jquant.codegen.arm64.Label;
import io.jquant.codegen.arm64.Reg;
import io.jquant.kernels.common.CodeStage;

/**
 * The frame of depthwise convolutions: over the channels, sixteen at a time, and for them over the lines of the output.
 * A tile is some pixels of a line. Packed weights begin with what the channels' sums lack.
 */
abstract class DepthwiseCode extends GemmCode {
    static final int ROWS = 6;
    static final int CHANNELS = 16;
    static final int VECTORS = CHANNELS / 4;
    /** Bytes of what the channels' sums lack. */
    static final int LACKING_BYTES = CHANNELS * Integer.BYTES;

    private static final Reg LINES = x(28);
    private static final Reg GAP = x(0);

    DepthwiseCode(CodeStage stage, int rows) {
        super(stage, CHANNELS, rows);
    }

    /** Appends the adding of a tile's products. */
    abstract void add(int tileRows);

    static int sum(int row, int vector) {
        return FIRST_SUM + row * VECTORS + vector;
    }

    @Override
    final void tiles() {
        a.emit(LDR, LINES, at(ARGUMENTS, ArmArguments.LINES));
        Label line = a.here();
        super.tiles();
        a.emit(LDR, GAP, at(ARGUMENTS, ArmArguments.LINE_GAP));
        a.emit(ADD, ROW, ROW, GAP);
        a.emit(SUBS, LINES, LINES, imm(1));
        a.emit(GeneralOp.B_NE, line);
    }

    @Override
    final void nextPanel() {
        super.nextPanel();
        forward(ArmArguments.A, CHANNELS);
    }

    @Override
    final int[][] products(int tileRows) {
        begin(tileRows);
        add(tileRows);
        int[][] sums = new int[tileRows][VECTORS];
        for (int row = 0; row < tileRows; row++) {
            for (int vector = 0; vector < VECTORS; vector++) {
                sums[row][vector] = sum(row, vector);
            }
        }
        return sums;
    }

    private void begin(int tileRows) {
        for (int vector = 0; vector < VECTORS; vector += 2) {
            a.emit(LDP, q(sum(0, vector)), q(sum(0, vector + 1)), post(WEIGHTS, 32));
        }
        if (stage.hasInitial()) {
            loadTerms(a, ArmArguments.INITIAL, 0, VECTORS);
            for (int vector = 0; vector < VECTORS; vector++) {
                a.emit(IntegerOp.ADD, s4(sum(0, vector)), s4(sum(0, vector)), s4(vector));
            }
        }
        for (int row = 1; row < tileRows; row++) {
            for (int vector = 0; vector < VECTORS; vector++) {
                a.emit(MOV, b16(sum(row, vector)), b16(sum(0, vector)));
            }
        }
    }
}
