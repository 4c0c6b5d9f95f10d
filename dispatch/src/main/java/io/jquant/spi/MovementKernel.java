// SPDX-License-Identifier: Apache-2.0
package io.jquant.spi;

import java.lang.foreign.MemorySegment;

/** Elements brought to other places. */
public interface MovementKernel extends OperatorKernel {
    /**
     * Moves the elements.
     *
     * @param shape the input's shape
     * @param input the input, contiguous
     * @param output the output, contiguous
     */
    void run(int[] shape, MemorySegment input, MemorySegment output);
}
