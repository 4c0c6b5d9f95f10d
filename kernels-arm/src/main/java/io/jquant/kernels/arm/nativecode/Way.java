// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jquant.kernels.common.CodeStage;
import io.jquant.kernels.common.PackedMatrix;
import io.jquant.kernels.common.Tile;

/** How products are summed, all exactly. */
enum Way implements CodeMaker {
    /** {@code usmmla} (I8MM). */
    MATRIX(MatrixCode.ROWS, MatrixCode.COLUMNS, MatrixCode.STEP, 8L << 20) {
        @Override
        public GemmCode code(CodeStage stage, int rows) {
            return new MatrixCode(stage, rows);
        }

        @Override
        int lacking(PackedMatrix weights, int column, int columnSum) {
            return 0;
        }

        @Override
        int unrolled() {
            return 2;
        }

        @Override
        int stepBytes() {
            return MatrixCode.STEP;
        }
    },
    /** {@code sdot} (dot products). */
    DOT(DotCode.ROWS, DotCode.COLUMNS, DotCode.GROUP, 4L << 20) {
        @Override
        public GemmCode code(CodeStage stage, int rows) {
            return new DotCode(stage, rows);
        }

        @Override
        int lacking(PackedMatrix weights, int column, int columnSum) {
            return DotCode.ORIGIN * columnSum;
        }

        @Override
        int stepBytes() {
            return DotCode.STEP;
        }
    },
    /** {@code smull} and {@code smlsl2} (NEON). */
    WIDENING(WideningCode.ROWS, WideningCode.COLUMNS, WideningCode.STEP, 1L << 20) {
        @Override
        public GemmCode code(CodeStage stage, int rows) {
            return new WideningCode(stage, rows);
        }

        // 128 times all, less the last eight of every sixteen
        @Override
        int lacking(PackedMatrix weights, int column, int columnSum) {
            int width = weights.tile().columns();
            long at = weights.panelOffset(column / width) + (long) (column % width) * WideningCode.STEP;
            int last = 0;
            for (int k = 0; k < weights.paddedDepth(); k += WideningCode.STEP, at += (long) width * WideningCode.STEP) {
                for (int i = WideningCode.STEP / 2; i < WideningCode.STEP; i++) {
                    last += weights.segment().get(JAVA_BYTE, at + i);
                }
            }
            int difference = WideningCode.FIRST_ORIGIN - WideningCode.LAST_ORIGIN;
            return WideningCode.FIRST_ORIGIN * columnSum - difference * last;
        }

        @Override
        int stepBytes() {
            return WideningCode.STEP;
        }
    };

    // a record of numbers, though not declared immutable to the checker
    @SuppressWarnings("ImmutableEnumChecker")
    private final Tile tile;
    private final long mostProducts;

    Way(int rows, int columns, int depthUnit, long mostProducts) {
        tile = new Tile(rows, columns, depthUnit, depthUnit);
        this.mostProducts = mostProducts;
    }

    final Tile tile() {
        return tile;
    }

    /** As many as take 50 microseconds or so. */
    final long mostProducts() {
        return mostProducts;
    }

    @Override
    public abstract GemmCode code(CodeStage stage, int rows);

    /** What is to be added to the raw sums of a column. */
    abstract int lacking(PackedMatrix weights, int column, int columnSum);

    /** Bytes of a row that a step along the depth takes. */
    abstract int stepBytes();

    /** Steps that a turn of the loop takes. */
    int unrolled() {
        return 1;
    }
}
