// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/**
 * A product of two matrices that both are known only when it runs, as attention has it:
 * {@code output[m][n] = epilogue(sum_k (left[m][k] - leftZeroPoint) * (right[k][n] - rightZeroPoint))}.
 *
 * @param left the left operand's parameters: per tensor, u8 or s8
 * @param right the right operand's parameters: per tensor, u8 or s8
 * @param epilogue what becomes of the sums, without addend
 */
public record MatmulSpec(QuantizationParameters left, QuantizationParameters right, Epilogue epilogue) {
    /**
     * Checks that the parts go together.
     *
     * @throws IllegalArgumentException if they do not
     */
    public MatmulSpec {
        UnarySpec.requirePerTensorBytes("left", left);
        UnarySpec.requirePerTensorBytes("right", right);
        Require.notNull("epilogue", epilogue);
        Require.that(epilogue.addend() == null, "epilogue.addend", epilogue.addend(), "null");
    }
}
