// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.BinarySpec;
import io.jquant.kernels.portable.Affine;
import io.jquant.kernels.portable.QnnpackAddition;

/**
 * Kernels of the operators around matrix products. Each method may answer null: there is no kernel, and the definition
 * runs. Checks, tails, threads and scratch memory are around them, as around products. Every kernel gives the
 * definition's bits. Shared by what can only multiply: a set of machine code may hand on those of the Vector API.
 */
public interface ElementKernels {
    /** No kernels. */
    ElementKernels NONE = new ElementKernels() { };

    /**
     * Quantize, dequantize or requantize (numerics.md 2.2).
     *
     * @param from what the input means; null for f32
     * @param to what the output means; null for f32
     * @return the kernel, or null
     */
    default RangeKernel conversion(Affine from, Affine to) {
        return null;
    }

    /** {@return the kernel that copies bytes, or null where Java does as well} */
    default RangeKernel copy() {
        return null;
    }

    /**
     * A function of bytes, by a table.
     *
     * @param table the output for each of the 256 inputs as u8; not to be changed
     * @return the kernel, or null
     */
    default RangeKernel table(byte[] table) {
        return null;
    }

    /**
     * Sums, differences and products (numerics.md 2.4).
     *
     * @param spec the operator
     * @param fixedPoint the sum in fixed point; null where it is in floats, or a product
     * @return the kernel, or null
     */
    default PairKernel binary(BinarySpec spec, QnnpackAddition fixedPoint) {
        return null;
    }

    /**
     * The largest of bytes.
     *
     * @param signed whether they are s8, and not u8
     * @return the kernel, or null
     */
    default PoolKernel maximum(boolean signed) {
        return null;
    }

    /**
     * Means of bytes: {@code sum(input - zeroPoint) * multiplier}, rounded and clamped (numerics.md 2.5).
     *
     * @param input what the input means
     * @param output what the output means
     * @param zeroPointFirst whether the output's zero point is added before rounding, and not after
     * @return the kernel, or null
     */
    default PoolKernel mean(Affine input, Affine output, boolean zeroPointFirst) {
        return null;
    }

    /**
     * Bilinear interpolation.
     *
     * @param element what input and output mean
     * @return the kernel, or null
     */
    default BlendKernel blend(Affine element) {
        return null;
    }

    /**
     * Sums of rows of a table.
     *
     * @param bits 8 or 4
     * @return the kernel, or null
     */
    default BagKernel bag(int bits) {
        return null;
    }
}
