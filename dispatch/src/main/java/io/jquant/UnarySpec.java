// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/**
 * A function of every element, from quantized values to quantized values. 256 possible inputs make it a table.
 *
 * @param function the function
 * @param input the input's parameters: per tensor, u8 or s8
 * @param output the output's parameters: per tensor, u8 or s8
 */
public record UnarySpec(UnaryFunction function, QuantizationParameters input, QuantizationParameters output) {
    /**
     * Checks that the parts go together.
     *
     * @throws IllegalArgumentException if they do not
     */
    public UnarySpec {
        Require.notNull("function", function);
        requirePerTensorBytes("input", input);
        requirePerTensorBytes("output", output);
    }

    static void requirePerTensorBytes(String name, QuantizationParameters parameters) {
        LinearSpec.requireBytes(name, parameters);
        Require.that(parameters.isPerTensor(), name, parameters, "per tensor");
    }
}
