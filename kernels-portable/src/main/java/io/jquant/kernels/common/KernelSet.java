// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.VectorScoringSpec;
import io.jquant.spi.FloatKernels;
import io.jquant.spi.VectorScoringKernel;

/**
 * The kernels of a tier on an instruction set, opened once for a backend and closed when the backend and everything
 * that it made are closed. May be used by many threads at once.
 */
public interface KernelSet extends AutoCloseable {
    /**
     * The kernel for a matrix product.
     *
     * @param shape what is known of the product
     * @param stage what becomes of its sums; null if they are wanted raw, in {@link GemmBlock#sums}
     * @return the kernel
     */
    GemmKernel gemm(GemmShape shape, OutputStage stage);

    /**
     * The kernel for a depthwise convolution that is not transposed.
     *
     * @param shape what is known of the convolution
     * @param stage what becomes of its sums; it has no zero points of weights
     * @return the kernel; null where there is none: then the definition runs
     */
    default DepthwiseKernel depthwise(DepthwiseShape shape, OutputStage stage) {
        return null;
    }

    /**
     * The kernel for layers with weights of 4 bits.
     *
     * @param groupSize weights of a group: 16, 32, 64, 128 or 256
     * @param zeroPoints whether zero points are given
     * @return the kernel; null to take the definition
     */
    default GroupedKernel grouped(int groupSize, boolean zeroPoints) {
        return null;
    }

    /** {@return whether {@link #gemm} takes stages with scales of rows; its kernels store the output of these} */
    default boolean scalesRows() {
        return false;
    }

    /** {@return the kernels of the operators around products, each of which may be missing} */
    default ElementKernels elements() {
        return ElementKernels.NONE;
    }

    /**
     * The kernel for scores of one vector against many rows.
     *
     * @param spec the scoring
     * @return the kernel; null to take the definition
     */
    default VectorScoringKernel vectorScoring(VectorScoringSpec spec) {
        return null;
    }

    /** {@return the kernels around the product of dynamic layers} */
    default DynamicKernels dynamic() {
        return DynamicKernels.NONE;
    }

    /** {@return kernels on floats, which hold nothing outside the heap; null where there are none} */
    default FloatKernels floats() {
        return null;
    }

    /**
     * Makes what a thread needs beside off-heap memory to run these kernels, such as arrays that it uses again and
     * again.
     *
     * @return an object that one thread at a time has in its {@link Scratch#workspace}; null for none
     */
    default Object workspace() {
        return null;
    }

    /** Frees what the kernels hold outside the heap. */
    @Override
    default void close() {
    }
}
