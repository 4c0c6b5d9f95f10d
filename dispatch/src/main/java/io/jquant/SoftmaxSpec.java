// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/**
 * {@code exp(x[c]) / sum_j exp(x[j])} over rows.
 *
 * @param size elements of a row, at least 1
 * @param input the input's parameters: per tensor, u8 or s8
 * @param output the output's parameters: per tensor, u8 or s8
 */
public record SoftmaxSpec(int size, QuantizationParameters input, QuantizationParameters output) {
    /**
     * Checks that the parts go together.
     *
     * @throws IllegalArgumentException if they do not
     */
    public SoftmaxSpec {
        Require.positive("size", size);
        UnarySpec.requirePerTensorBytes("input", input);
        UnarySpec.requirePerTensorBytes("output", output);
    }
}
