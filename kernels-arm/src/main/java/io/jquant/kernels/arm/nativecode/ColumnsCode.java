// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static io.jquant.codegen.arm64.GeneralOp.ADD;
import static io.jquant.codegen.arm64.Imm.imm;
import static io.jquant.codegen.arm64.IntegerOp.EOR;
import static io.jquant.codegen.arm64.IntegerOp.SDOT;
import static io.jquant.codegen.arm64.IntegerOp.USDOT;
import static io.jquant.codegen.arm64.Mem.at;
import static io.jquant.codegen.arm64.Mem.post;
import static io.jquant.codegen.arm64.MemoryOp.LD1;
import static io.jquant.codegen.arm64.MemoryOp.LDP;
import static io.jquant.codegen.arm64.MemoryOp.LDR;
import static io.jquant.codegen.arm64.Reg.x;
import static io.jquant.codegen.arm64.ShuffleOp.MOVI;
import static io.jquant.codegen.arm64.ShuffleOp.ZIP1;
import static io.jquant.codegen.arm64.ShuffleOp.ZIP2;
import static io.jquant.codegen.arm64.Vec.b16;
import static io.jquant.codegen.arm64.Vec.h8;
import static io.jquant.codegen.arm64.Vec.q;
import static io.jquant.codegen.arm64.Vec.s4;

import io.jquant.codegen.arm64.Reg;
import io.jquant.codegen.arm64.VecList;
import io.jquant.kernels.common.CodeStage;

/**
 * Depthwise convolutions with dot products. Up to four pixels of the image that lie below each other, a column, become
 * four bytes for each channel once, and are multiplied for every pixel of the tile that the column is a part of.
 */
final class ColumnsCode extends DepthwiseCode {
    /** Most pixels of a column. */
    static final int HEIGHT = 4;
    /** Bytes of a column's weights. */
    static final int COLUMN_BYTES = HEIGHT * CHANNELS;

    private static final Reg ACROSS = x(2);
    private static final Reg DOWN = x(3);
    private static final int SIGNS = 5;
    private static final int WEIGHTS_AT = 6;
    /** Where four bytes of every fourth of the channels are. */
    private static final int[] QUADS = {3, 4, 1, 0};
    /** What the weights' offset reaches. */
    private static final int MOST_COLUMNS = 15;
    private static final int MOST_HEIGHT = 8;

    private final Window window;

    /**
     * What the code depends on.
     *
     * @param height taps below each other
     * @param width taps of a line
     * @param stride from one pixel of the output to the next, in taps
     * @param mixed whether the CPU multiplies unsigned by signed bytes (I8MM)
     */
    record Window(int height, int width, int stride, boolean mixed) implements CodeMaker {
        /** How many columns a pixel has. */
        int columns() {
            return Math.ceilDiv(height, HEIGHT) * width;
        }

        /** Whether there is code for it, and better code than any window has. */
        boolean fits() {
            return height > 2 && height <= MOST_HEIGHT && columns() <= MOST_COLUMNS && stride <= 2 && stride < width;
        }

        @Override
        public GemmCode code(CodeStage stage, int rows) {
            return new ColumnsCode(stage, rows, this);
        }
    }

    private ColumnsCode(CodeStage stage, int rows, Window window) {
        super(stage, rows);
        this.window = window;
    }

    /** The next pixel of a line of the image; pixels of the output are not needed one by one. */
    private static Reg line(int number) {
        return number < ROWS ? row(number) : x(number - ROWS);
    }

    @Override
    void add(int tileRows) {
        a.emit(LDR, ACROSS, at(ARGUMENTS, ArmArguments.TAP_ACROSS));
        a.emit(LDR, DOWN, at(ARGUMENTS, ArmArguments.TAP_DOWN));
        for (int i = 1; i < window.height(); i++) {
            a.emit(ADD, line(i), line(i - 1), DOWN);
        }
        if (!window.mixed()) {
            a.emit(MOVI, b16(SIGNS), imm(DotCode.ORIGIN));
        }
        int columns = (tileRows - 1) * window.stride() + window.width();
        for (int column = 0; column < columns; column++) {
            for (int top = 0; top < window.height(); top += HEIGHT) {
                load(top, Math.min(HEIGHT, window.height() - top));
                multiply(tileRows, column, top / HEIGHT * window.width());
            }
        }
    }

    /** Appends the loading of a column; what it has less than four pixels may be any, its weights are 0. */
    private void load(int top, int pixels) {
        for (int i = 0; i < pixels; i++) {
            a.emit(LD1, VecList.list(b16(i), 1), post(line(top + i), ACROSS));
        }
        if (!window.mixed()) {
            for (int i = 0; i < pixels; i++) {
                a.emit(EOR, b16(i), b16(i), b16(SIGNS));
            }
        }
        int second = Math.min(1, pixels - 1);
        a.emit(ZIP1, b16(4), b16(0), b16(second));
        a.emit(ZIP2, b16(0), b16(0), b16(second));
        int low = 4;
        int high = 0;
        if (pixels > 2) {
            a.emit(ZIP1, b16(1), b16(2), b16(pixels - 1));
            a.emit(ZIP2, b16(2), b16(2), b16(pixels - 1));
            low = 1;
            high = 2;
        }
        a.emit(ZIP1, h8(QUADS[0]), h8(4), h8(low));
        a.emit(ZIP2, h8(QUADS[1]), h8(4), h8(low));
        a.emit(ZIP1, h8(QUADS[2]), h8(0), h8(high));
        a.emit(ZIP2, h8(QUADS[3]), h8(0), h8(high));
    }

    private void multiply(int tileRows, int column, int firstWeights) {
        for (int tap = 0; tap < window.width(); tap++) {
            int before = column - tap;
            int row = before / window.stride();
            if (before < 0 || before % window.stride() != 0 || row >= tileRows) {
                continue;
            }
            int offset = (firstWeights + tap) * COLUMN_BYTES;
            for (int i = 0; i < VECTORS; i++) {
                int weights = WEIGHTS_AT + i % 2;
                if (i % 2 == 0) {
                    a.emit(LDP, q(weights), q(weights + 1), at(WEIGHTS, offset + i * 16));
                }
                a.emit(window.mixed() ? USDOT : SDOT, s4(sum(row, i)), b16(QUADS[i]), b16(weights));
            }
        }
    }
}
