// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/** Bilinear interpolation between the channels of four pixels. Run by many threads at once. */
public interface BlendKernel {
    /**
     * Stores {@code upper * (left * a + right * b) + lower * (left * c + right * d)}, every operation rounded once,
     * less the zero point, rounded to the nearest even integer, plus the zero point, clamped.
     *
     * @param input the input, on the heap, in an array of any type, or off it
     * @param a the byte where the upper left pixel is
     * @param b the upper right pixel
     * @param c the lower left pixel
     * @param d the lower right pixel
     * @param right the share of the right pixels; that of the left ones is {@code 1 - right}
     * @param lower the share of the lower pixels; that of the upper ones is {@code 1 - lower}
     * @param output the output, as the input
     * @param outputOffset the byte where the output pixel goes
     * @param channels channels
     * @param scratch memory of the running thread's own
     */
    void run(MemorySegment input, long a, long b, long c, long d, float right, float lower, MemorySegment output,
            long outputOffset, int channels, Scratch scratch);
}
