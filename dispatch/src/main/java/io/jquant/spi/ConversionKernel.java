// SPDX-License-Identifier: Apache-2.0
package io.jquant.spi;

import java.lang.foreign.MemorySegment;

/** Between real numbers and quantized ones. */
public interface ConversionKernel extends OperatorKernel {
    /**
     * Converts {@code [outer][channels][inner]} elements.
     *
     * @param outer how often all channels follow each other
     * @param inner elements of a channel
     * @param input the input, contiguous
     * @param output the output, contiguous; may be the input where the elements have the same size
     */
    void run(long outer, long inner, MemorySegment input, MemorySegment output);
}
