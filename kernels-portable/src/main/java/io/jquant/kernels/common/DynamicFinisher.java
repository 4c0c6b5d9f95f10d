// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/** Stores the floats of a dynamic layer, whose input's scale and zero point are known only now. */
final class DynamicFinisher implements GemmCall.RowFinisher {
    private DynamicColumns columns;
    private MemorySegment scales;
    private int scaleStep;

    /**
     * @param newColumns the columns' numbers
     * @param rowScales scale (f32) and zero point (s32) of every row, or of all
     * @param perRow whether of every row
     */
    void set(DynamicColumns newColumns, MemorySegment rowScales, boolean perRow) {
        columns = newColumns;
        scales = rowScales;
        scaleStep = perRow ? 2 * Integer.BYTES : 0;
    }

    @Override
    public void finish(GemmBlock block, long firstRow) {
        int width = block.panels * block.b.tile().columns();
        for (int row = 0; row < block.rows; row++) {
            long scale = (firstRow + row) * scaleStep;
            int rowSum = block.rowSums == null ? 0 : block.rowSums.get(JAVA_INT, (long) row * Integer.BYTES);
            finishRow(block, block.sumsOffset + (long) row * width * Integer.BYTES,
                    block.outputOffset + row * block.outputStride, scales.get(JAVA_FLOAT, scale),
                    scales.get(JAVA_INT, scale + Integer.BYTES), rowSum);
        }
    }

    private void finishRow(GemmBlock block, long sums, long output, float rowScale, int rowZero, int rowSum) {
        DynamicColumns numbers = columns;
        int first = block.firstColumn();
        int count = block.columns();
        for (int i = 0; i < count; i++) {
            int column = first + i;
            int columnZero = numbers.zeroPoints[column];
            int sum = block.sums.get(JAVA_INT, sums + (long) i * Integer.BYTES) + numbers.lacking[column]
                    - rowZero * numbers.sums[column]
                    + columnZero * (numbers.depth * rowZero - rowSum);
            float value = (float) sum * (rowScale * numbers.scales[column]) + numbers.biases[column];
            block.output.set(JAVA_FLOAT_UNALIGNED, output + (long) i * Float.BYTES,
                    Math.min(Math.max(value, numbers.min), numbers.max));
        }
    }
}
