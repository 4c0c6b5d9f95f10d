// SPDX-License-Identifier: Apache-2.0
package io.jquant.spi;

import java.lang.foreign.MemorySegment;

/** A function of whole rows: softmax, layer norm. */
public interface RowKernel extends OperatorKernel {
    /**
     * Runs the function.
     *
     * @param rows rows of input and output, contiguous
     * @param input the input
     * @param output the output; may be the input
     */
    void run(long rows, MemorySegment input, MemorySegment output);
}
