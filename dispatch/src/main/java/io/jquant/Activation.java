// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/**
 * Bounds that an operator puts on its real-valued result before it stores it. On a quantized output they become the
 * integers {@code clamp(rne(bound * (1 / scale)) + zeroPoint)}.
 *
 * @param min lower bound, may be negative infinity
 * @param max upper bound, may be infinity
 */
public record Activation(float min, float max) {
    /** No bounds but those of the type. */
    public static final Activation NONE = new Activation(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
    /** {@code max(x, 0)}. */
    public static final Activation RELU = new Activation(0, Float.POSITIVE_INFINITY);
    /** {@code min(max(x, 0), 6)}. */
    public static final Activation RELU6 = new Activation(0, 6);

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException if one is NaN or they are in the wrong order
     */
    public Activation {
        Require.that(!Float.isNaN(min), "min", min, "a number or infinite");
        Require.that(!Float.isNaN(max), "max", max, "a number or infinite");
        Require.that(min <= max, "min", min, "at most max, " + max);
    }

    /**
     * The lower bound as a quantized value.
     *
     * @param output the output's parameters, per tensor
     * @return the smallest integer to store
     * @throws IllegalArgumentException if the parameters are null or per channel
     */
    public int quantizedMin(QuantizationParameters output) {
        return bound(min, output);
    }

    /**
     * The upper bound as a quantized value.
     *
     * @param output the output's parameters, per tensor
     * @return the largest integer to store
     * @throws IllegalArgumentException if the parameters are null or per channel
     */
    public int quantizedMax(QuantizationParameters output) {
        return bound(max, output);
    }

    private static int bound(float bound, QuantizationParameters output) {
        Require.that(Require.notNull("output", output).isPerTensor(), "output", output, "per tensor");
        double steps = Math.rint(bound * (1.0f / output.scale())) + output.zeroPoint();
        return (int) Math.clamp(steps, output.type().min(), output.type().max());
    }
}
