// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/**
 * {@code (x - mean) / sqrt(variance + epsilon) * gamma + beta} over rows.
 *
 * @param size elements of a row, at least 1
 * @param epsilon added to the variance, finite and 0 or more
 * @param gamma factors, one for every element of a row, finite; null for 1
 * @param beta summands, one for every element of a row, finite; null for 0
 * @param input the input's parameters: per tensor, u8 or s8
 * @param output the output's parameters: per tensor, u8 or s8
 */
public record LayerNormSpec(int size, float epsilon, ImmutableFloats gamma, ImmutableFloats beta,
        QuantizationParameters input, QuantizationParameters output) {
    /**
     * Checks that the parts go together.
     *
     * @throws IllegalArgumentException if they do not
     */
    public LayerNormSpec {
        Require.positive("size", size);
        Require.that(epsilon >= 0 && Float.isFinite(epsilon), "epsilon", epsilon, "finite and 0 or more");
        check("gamma", gamma, size);
        check("beta", beta, size);
        UnarySpec.requirePerTensorBytes("input", input);
        UnarySpec.requirePerTensorBytes("output", output);
    }

    private static void check(String name, ImmutableFloats values, int size) {
        if (values != null) {
            Require.that(values.length() == size, name + ".length", values.length(), "size, " + size);
            values.requireFinite(name);
        }
    }
}
