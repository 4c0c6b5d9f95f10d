// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.spi.Range;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The smallest and the largest of some numbers. */
public final class Ranges {
    private Ranges() {
    }

    /** The range of the elements of a matrix. NaN is passed over; of no number at all both ends are 0. */
    static Range of(long rows, long columns, MemorySegment values, long stride) {
        float[] ends = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
        for (long row = 0; row < rows; row++) {
            widen(values, row * stride * Float.BYTES, columns, ends);
        }
        return ends[0] <= ends[1] ? new Range(ends[0], ends[1]) : new Range(0, 0);
    }

    /**
     * Widens a range by elements that follow each other; NaN is passed over.
     *
     * @param values f32, aligned to nothing
     * @param offset the byte where the first element is
     * @param count elements
     * @param range the smallest and the largest so far, which get those of the elements and these
     */
    public static void widen(MemorySegment values, long offset, long count, float[] range) {
        float min = range[0];
        float max = range[1];
        for (long i = 0; i < count; i++) {
            float value = values.get(ValueLayout.JAVA_FLOAT_UNALIGNED, offset + i * Float.BYTES);
            if (!Float.isNaN(value)) {
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
        }
        range[0] = min;
        range[1] = max;
    }
}
