// SPDX-License-Identifier: Apache-2.0
package io.jquant.spi;

import java.lang.foreign.MemorySegment;

/** A function of every element. */
public interface UnaryKernel extends OperatorKernel {
    /**
     * Runs the function.
     *
     * @param count elements
     * @param input the input
     * @param output the output; may be the input
     */
    void run(long count, MemorySegment input, MemorySegment output);
}
