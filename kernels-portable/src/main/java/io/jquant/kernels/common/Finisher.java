// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/** The {@link OutputStage} in plain Java, for kernels that only compute sums. */
public final class Finisher {
    private Finisher() {
    }

    /**
     * Stores the output of a block from its raw sums.
     *
     * @param block the block, its sums computed
     */
    public static void finish(OutputBlock block) {
        int width = block.paddedColumns();
        for (int row = 0; row < block.rows; row++) {
            finishRow(block, row, block.sumsOffset + (long) row * width * Integer.BYTES);
        }
    }

    private static void finishRow(OutputBlock block, int row, long sums) {
        OutputStage stage = block.stage;
        ColumnTerms terms = block.terms;
        MemorySegment columns = terms.segment();
        int rowSum = 0;
        float rowScale = 1;
        if (stage.rowScales()) {
            long own = block.rowSumsOffset + (long) row * OutputStage.ROW_SCALE_BYTES;
            rowScale = block.rowSums.get(JAVA_FLOAT, own);
            rowSum = block.rowSums.get(JAVA_INT, own + Float.BYTES);
        } else if (stage.weightZeroPoints()) {
            rowSum = block.rowSums.get(JAVA_INT, block.rowSumsOffset + (long) row * Integer.BYTES);
        }
        long output = block.outputOffset + row * block.outputStride;
        long addend = block.addendOffset + row * block.addendStride;
        int count = block.columns();
        for (int j = 0; j < count; j++) {
            long at = (long) (block.firstColumn() + j) * Integer.BYTES;
            int sum = block.sums.get(JAVA_INT, sums + (long) j * Integer.BYTES)
                    + columns.get(JAVA_INT, terms.initialOffset() + at);
            if (stage.weightZeroPoints()) {
                sum -= columns.get(JAVA_INT, terms.weightZeroPointOffset() + at) * rowSum;
            }
            float multiplier = rowScale * columns.get(JAVA_FLOAT, terms.multiplierOffset() + at);
            float bias = stage.realBias() ? columns.get(JAVA_FLOAT, terms.biasOffset() + at) : 0;
            switch (stage.type()) {
                case S32 -> block.output.set(JAVA_INT_UNALIGNED, output + (long) j * Integer.BYTES, sum);
                case F32 -> block.output.set(JAVA_FLOAT_UNALIGNED, output + (long) j * Float.BYTES,
                        bounded(stage, (float) sum * multiplier + bias));
                default -> {
                    float steps = ((float) sum + bias) * multiplier;
                    if (stage.addend() != null) {
                        steps += added(stage.addend(), block.addend.get(JAVA_BYTE, addend + j));
                    }
                    int rounded = (int) Math.rint(bounded(stage, steps));
                    block.output.set(JAVA_BYTE, output + j, (byte) (rounded + stage.zeroPoint()));
                }
            }
        }
    }

    private static float bounded(OutputStage stage, float value) {
        return Math.min(Math.max(value, stage.low()), stage.high());
    }

    private static float added(OutputStage.Addend addend, byte stored) {
        int quantized = addend.signed() ? stored : Byte.toUnsignedInt(stored);
        return (quantized - addend.zeroPoint()) * addend.ratio();
    }
}
