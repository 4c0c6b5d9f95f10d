// SPDX-License-Identifier: Apache-2.0
package io.jquant.spi;

import io.jquant.Extent;
import java.lang.foreign.MemorySegment;

/** A convolution over NHWC. */
public interface ConvolutionKernel extends OperatorKernel {
    /**
     * Runs the convolution.
     *
     * @param batch images
     * @param inputExtent size of an image
     * @param input the input, {@code [batch][depth][height][width]} pixels
     * @param inputStride elements from one pixel of the input to the next
     * @param output the output
     * @param outputStride elements from one pixel of the output to the next
     * @param addend a second tensor of the output's shape, null where the specification has none
     * @param addendStride elements from one pixel of the addend to the next
     */
    void run(long batch, Extent inputExtent, MemorySegment input, long inputStride, MemorySegment output,
            long outputStride, MemorySegment addend, long addendStride);

    /**
     * Gives the weights back in the order in which they came.
     *
     * @param weights where to write them, as large as they were
     */
    void unpack(MemorySegment weights);
}
