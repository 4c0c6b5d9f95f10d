// SPDX-License-Identifier: Apache-2.0
package io.jquant.spi;

import java.lang.foreign.MemorySegment;

/** A fully connected layer, static or dynamic. */
public interface LinearKernel extends OperatorKernel {
    /**
     * Runs the layer.
     *
     * @param rows rows of input and output
     * @param input the input, u8, s8 or (dynamic) f32
     * @param inputStride elements from one row of the input to the next
     * @param output the output
     * @param outputStride elements from one row of the output to the next
     * @param addend a second tensor of the output's shape, null where the specification has none
     * @param addendStride elements from one row of the addend to the next
     */
    void run(long rows, MemorySegment input, long inputStride, MemorySegment output, long outputStride,
            MemorySegment addend, long addendStride);

    /**
     * Gives the weights back in the order in which they came.
     *
     * @param weights where to write them, as large as they were
     */
    void unpack(MemorySegment weights);
}
