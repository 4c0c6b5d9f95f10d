// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.spi.Range;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The smallest and the largest of some numbers. */
public final class Ranges {
    private Ranges() {
    }

    static Range of(long rows, long columns, MemorySegment values, long stride) {
        return of(rows, columns, values, 0, stride);
    }

    /**
     * The range of the elements of a matrix. NaN is passed over; of no number at all both ends are 0.
     *
     * @param rows rows
     * @param columns columns
     * @param values the matrix, f32
     * @param first the first element
     * @param stride elements from one row to the next
     * @return the range
     */
    public static Range of(long rows, long columns, MemorySegment values, long first, long stride) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (long row = 0; row < rows; row++) {
            for (long column = 0; column < columns; column++) {
                long at = first + row * stride + column;
                float value = values.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at * Float.BYTES);
                if (!Float.isNaN(value)) {
                    min = Math.min(min, value);
                    max = Math.max(max, value);
                }
            }
        }
        return min <= max ? new Range(min, max) : new Range(0, 0);
    }
}
