// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/**
 * Computes blocks of a depthwise convolution: for every output pixel and channel the sum of the products of u8 inputs
 * and weights less their zero points, which the output stage's terms turn into the result. Made for one
 * {@link DepthwiseShape} and one {@link OutputStage} (never with zero points of weights); run by many threads at once.
 * Vector code and machine code alike: a block is long enough to be worth a foreign call.
 */
public interface DepthwiseKernel {
    /** {@return the channels with what pads them: columns of the raw sums and of the terms' arrays} */
    int paddedChannels();

    /** {@return bytes of the packed weights} */
    long weightBytes();

    /**
     * Packs the weights as the kernel reads them. Called once.
     *
     * @param weights weights less their zero points, -255..255, {@code [taps][channels]}
     * @param to where they go, {@link #weightBytes} bytes, 64-byte aligned, all 0
     */
    void pack(short[] weights, MemorySegment to);

    /**
     * Whether {@link #run} stores the output. A kernel that does not stores the raw sums in {@link OutputBlock#sums},
     * s32 {@code [rows][paddedChannels]}.
     *
     * @return whether the output stage is part of the kernel
     */
    boolean finishes();

    /**
     * Whether the kernel reads {@link DepthwiseBlock#array}, as vector code does best, and not
     * {@link DepthwiseBlock#input}.
     *
     * @return whether it does; not unless a kernel says otherwise
     */
    default boolean readsArrays() {
        return false;
    }

    /**
     * How many products a block may have, but for one of a single pixel. Machine code holds back the garbage collector:
     * a call is to take well under 100 microseconds.
     *
     * @return products of bytes, 1 million unless a kernel says otherwise
     */
    default long mostProducts() {
        return 1L << 20;
    }

    /**
     * Computes a block. Up to {@link DepthwiseBlock#READABLE} bytes beyond a pixel's last channel may be read; nothing
     * beyond the channels may be stored in the output or read from the addend.
     *
     * @param block what to compute
     */
    void run(DepthwiseBlock block);
}
