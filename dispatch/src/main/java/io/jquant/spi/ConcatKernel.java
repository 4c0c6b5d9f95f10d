// SPDX-License-Identifier: Apache-2.0
package io.jquant.spi;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** Tensors side by side. */
public interface ConcatKernel extends OperatorKernel {
    /**
     * Copies row {@code r} of every input, one after another, into row {@code r} of the output.
     *
     * @param rows rows of every input and of the output
     * @param columns elements of a row, one number for every input
     * @param inputs the inputs, contiguous
     * @param output the output, contiguous
     */
    void run(long rows, long[] columns, List<MemorySegment> inputs, MemorySegment output);
}
