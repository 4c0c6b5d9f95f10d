// SPDX-License-Identifier: Apache-2.0
package io.jquant.spi;

import io.jquant.Extent;
import java.lang.foreign.MemorySegment;

/** A pooling or a resize over NHWC. */
public interface SpatialKernel extends OperatorKernel {
    /**
     * Runs the operator.
     *
     * @param batch images
     * @param inputExtent size of an image
     * @param input the input, contiguous
     * @param output the output, contiguous
     */
    void run(long batch, Extent inputExtent, MemorySegment input, MemorySegment output);
}
