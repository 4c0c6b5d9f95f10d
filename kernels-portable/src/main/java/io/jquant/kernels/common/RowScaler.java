// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/** Stores a row of a dynamic layer, whose input's scale and zero point are its own. Run by many threads at once. */
public interface RowScaler {
    /**
     * Stores {@code min(max(sum * (rowScale * scale[j]) + bias[j], low), high)} for columns that follow each other,
     * every operation on floats rounded once, with {@code sum = raw + lacking[j] - rowZero * sums[j] + zeroPoint[j] *
     * (depth * rowZero - rowSum)}.
     *
     * @param raw the raw sums, s32, off the heap, in whole panels
     * @param rawOffset the byte where the first is
     * @param columns the columns' numbers
     * @param first the first column
     * @param count how many columns
     * @param row the row's numbers
     * @param output f32, on the heap, in an array of any type, or off it, aligned to nothing
     * @param outputOffset the byte where the first element goes
     * @param scratch memory of the running thread's own
     */
    void run(MemorySegment raw, long rawOffset, DynamicColumns columns, int first, int count, Row row,
            MemorySegment output, long outputOffset, Scratch scratch);

    /** What a row is computed with. */
    final class Row {
        /** Its input's scale. */
        public float scale;
        /** Its input's zero point. */
        public int zeroPoint;
        /** The sum of its integers; 0 where no column has a zero point. */
        public int sum;

        /** Made once for many rows. */
        public Row() {
        }
    }
}
