// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/**
 * A function of two elements at the same place, from quantized values to quantized values. The operands' types may
 * differ, as may their parameters.
 *
 * @param function the function
 * @param activation bounds of the result
 * @param left the left operand's parameters: per tensor, u8 or s8
 * @param right the right operand's parameters: per tensor, u8 or s8
 * @param output the output's parameters: per tensor, u8 or s8
 */
public record BinarySpec(Function function, Activation activation, QuantizationParameters left,
        QuantizationParameters right, QuantizationParameters output) {
    /** Which function of two real numbers. */
    public enum Function {
        /** Their sum. */
        ADD,
        /** The left less the right. */
        SUBTRACT,
        /** Their product. */
        MULTIPLY
    }

    /**
     * Checks that the parts go together.
     *
     * @throws IllegalArgumentException if they do not
     */
    public BinarySpec {
        Require.notNull("function", function);
        Require.notNull("activation", activation);
        UnarySpec.requirePerTensorBytes("left", left);
        UnarySpec.requirePerTensorBytes("right", right);
        UnarySpec.requirePerTensorBytes("output", output);
    }
}
