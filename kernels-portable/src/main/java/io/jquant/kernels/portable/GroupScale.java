// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/** How a group of a grouped layer's input becomes s8 ({@link io.jquant.GroupedLinearSpec}). */
public final class GroupScale {
    private static final float MOST = 127;

    private GroupScale() {
    }

    /**
     * The largest magnitude of numbers that follow each other; NaN is passed over.
     *
     * @param input f32
     * @param offset the byte where the first is
     * @param count how many
     * @return the largest, 0 of none
     */
    public static float largest(MemorySegment input, long offset, int count) {
        float largest = 0;
        for (int i = 0; i < count; i++) {
            float magnitude = Math.abs(input.get(JAVA_FLOAT_UNALIGNED, offset + (long) i * Float.BYTES));
            // false for NaN
            largest = magnitude > largest ? magnitude : largest;
        }
        return largest;
    }

    /**
     * What numbers are multiplied by.
     *
     * @param largest the largest magnitude
     * @return the factor; 0 where all become 0
     */
    public static float reciprocal(float largest) {
        float reciprocal = MOST / largest;
        return Float.isInfinite(reciprocal) ? 0 : reciprocal;
    }

    /**
     * What a step is worth.
     *
     * @param largest the largest magnitude
     * @return the scale
     */
    public static float scale(float largest) {
        return Float.isInfinite(MOST / largest) ? 0 : largest / MOST;
    }

    /**
     * Quantizes a number.
     *
     * @param value the number
     * @param reciprocal the group's factor
     * @return -127..127
     */
    public static byte quantize(float value, float reciprocal) {
        return (byte) Rounding.toInteger(value * reciprocal, 0, (int) -MOST, (int) MOST);
    }
}
