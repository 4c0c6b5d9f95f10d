// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/** Stores the floats of a dynamic layer, whose input's scale and zero point are known only now. */
final class DynamicFinisher implements GemmCall.RowFinisher {
    private final RowScaler.Row numbers = new RowScaler.Row();
    private DynamicColumns columns;
    private MemorySegment scales;
    private int scaleStep;
    private RowScaler scaler;

    /**
     * @param newColumns the columns' numbers
     * @param rowScales scale (f32) and zero point (s32) of every row, or of all
     * @param perRow whether of every row
     * @param rowScaler the kernel; null for none
     */
    void set(DynamicColumns newColumns, MemorySegment rowScales, boolean perRow, RowScaler rowScaler) {
        columns = newColumns;
        scales = rowScales;
        scaleStep = perRow ? 2 * Integer.BYTES : 0;
        scaler = rowScaler == null ? DynamicFinisher::scale : rowScaler;
    }

    @Override
    public void finish(GemmBlock block, long firstRow) {
        int width = block.panels * block.b.tile().columns();
        // of the running thread's own: the call's is read by all of its threads
        RowScaler.Row row = block.scratch.dynamicFinisher().numbers;
        for (int i = 0; i < block.rows; i++) {
            long scale = (firstRow + i) * scaleStep;
            row.scale = scales.get(JAVA_FLOAT, scale);
            row.zeroPoint = scales.get(JAVA_INT, scale + Integer.BYTES);
            row.sum = block.rowSums == null ? 0 : block.rowSums.get(JAVA_INT, (long) i * Integer.BYTES);
            scaler.run(block.sums, block.sumsOffset + (long) i * width * Integer.BYTES, columns, block.firstColumn(),
                    block.columns(), row, block.output, block.outputOffset + i * block.outputStride, block.scratch);
        }
    }

    private static void scale(MemorySegment raw, long rawOffset, DynamicColumns columns, int first, int count,
            RowScaler.Row row, MemorySegment output, long outputOffset, Scratch scratch) {
        int ofZeroPoint = columns.depth * row.zeroPoint - row.sum;
        for (int i = 0; i < count; i++) {
            int column = first + i;
            int sum = raw.get(JAVA_INT, rawOffset + (long) i * Integer.BYTES) + columns.lacking[column]
                    - row.zeroPoint * columns.sums[column] + columns.zeroPoints[column] * ofZeroPoint;
            float value = (float) sum * (row.scale * columns.scales[column]) + columns.biases[column];
            output.set(JAVA_FLOAT_UNALIGNED, outputOffset + (long) i * Float.BYTES,
                    Math.min(Math.max(value, columns.min), columns.max));
        }
    }
}
