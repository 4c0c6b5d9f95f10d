// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/**
 * How quantization parameters are chosen from a range of real numbers.
 *
 * @param type the integers' type: u8 or s8
 * @param reduceRange whether only half of the integers are used, as PyTorch does for kernels that saturate
 * @param preserveSparsity whether 0 must be in the middle, so that a range about 0 is symmetric
 * @param powerOfTwo whether the scale must be a power of two
 */
public record ParameterChoice(DataType type, boolean reduceRange, boolean preserveSparsity, boolean powerOfTwo) {
    /**
     * Checks the type.
     *
     * @throws IllegalArgumentException if it is not u8 or s8
     */
    public ParameterChoice {
        Require.that(type == DataType.U8 || type == DataType.S8, "type", type, "U8 or S8");
    }

    /**
     * The whole range of a type, zero wherever it falls.
     *
     * @param type the integers' type: u8 or s8
     * @return the choice
     */
    public static ParameterChoice affine(DataType type) {
        return new ParameterChoice(type, false, false, false);
    }

    /**
     * The whole range of a type, zero in the middle: what weights are given.
     *
     * @param type the integers' type: u8 or s8
     * @return the choice
     */
    public static ParameterChoice symmetric(DataType type) {
        return new ParameterChoice(type, false, true, false);
    }
}
