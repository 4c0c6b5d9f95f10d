// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * How a group of a grouped layer's input becomes s8 ({@link io.jquant.GroupedLinearSpec}).
 *
 * @param scale what a step is worth
 * @param reciprocal what numbers are multiplied by; 0 where all become 0
 */
public record GroupScale(float scale, float reciprocal) {
    private static final float MOST = 127;

    /**
     * Chooses for some numbers that follow each other.
     *
     * @param input f32
     * @param offset the byte where the first is
     * @param count how many
     * @return the scale
     */
    public static GroupScale of(MemorySegment input, long offset, int count) {
        float largest = 0;
        for (int i = 0; i < count; i++) {
            float magnitude = Math.abs(input.get(JAVA_FLOAT_UNALIGNED, offset + (long) i * Float.BYTES));
            // false for NaN
            largest = magnitude > largest ? magnitude : largest;
        }
        float reciprocal = MOST / largest;
        return Float.isInfinite(reciprocal) ? new GroupScale(0, 0) : new GroupScale(largest / MOST, reciprocal);
    }

    /**
     * Quantizes a number.
     *
     * @param value the number
     * @return -127..127
     */
    public byte quantize(float value) {
        return (byte) Rounding.toInteger(value * reciprocal, 0, (int) -MOST, (int) MOST);
    }
}
