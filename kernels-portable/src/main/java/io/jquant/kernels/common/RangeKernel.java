// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/** Makes elements of elements, one of one; an element may be a row of bytes. Run by many threads at once. */
public interface RangeKernel {
    /**
     * Runs over elements that follow each other. Operands are checked; they may be on the heap, in an array of any
     * type, or off it, aligned to nothing, and the output may be the input where elements are of one size. Nothing
     * beyond the elements may be read or written.
     *
     * @param input the input
     * @param inputOffset the byte where its first element is
     * @param output the output
     * @param outputOffset the byte where its first element goes
     * @param count elements, 0 or more
     * @param scratch memory of the running thread's own
     */
    void run(MemorySegment input, long inputOffset, MemorySegment output, long outputOffset, long count,
            Scratch scratch);

    /**
     * Runs over rows of elements, as {@link #run} does over one.
     *
     * @param input the input
     * @param inputOffset the byte where its first row is
     * @param inputStride bytes from one row to the next
     * @param output the output
     * @param outputOffset the byte where its first row goes
     * @param outputStride bytes from one row to the next
     * @param rows rows, 0 or more
     * @param count elements of a row, 0 or more
     * @param scratch memory of the running thread's own
     */
    default void rows(MemorySegment input, long inputOffset, long inputStride, MemorySegment output, long outputOffset,
            long outputStride, long rows, long count, Scratch scratch) {
        for (long row = 0; row < rows; row++) {
            run(input, inputOffset + row * inputStride, output, outputOffset + row * outputStride, count, scratch);
        }
    }
}
