// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/** Makes bytes of two bytes each. Run by many threads at once. */
public interface PairKernel {
    /**
     * Runs over elements that follow each other; of an operand whose step is 0, the one element serves all. Operands
     * are checked; they may be on the heap, in an array of any type, or off it, and the output may be an operand whose
     * step is 1. Nothing beyond the elements may be read or written.
     *
     * @param left the left operand
     * @param leftOffset where its first element is
     * @param leftStep from one element to the next, 0 or 1
     * @param right the right operand
     * @param rightOffset where its first element is
     * @param rightStep from one element to the next, 0 or 1
     * @param output the output
     * @param outputOffset where its first element goes
     * @param count elements, 0 or more
     * @param scratch memory of the running thread's own
     */
    void run(MemorySegment left, long leftOffset, int leftStep, MemorySegment right, long rightOffset, int rightStep,
            MemorySegment output, long outputOffset, long count, Scratch scratch);

    /**
     * Runs over rows of elements, as {@link #run} does over one.
     *
     * @param left the left operand
     * @param leftOffset where its first element is
     * @param leftStride from one row to the next
     * @param leftStep from one element to the next, 0 or 1
     * @param right the right operand
     * @param rightOffset where its first element is
     * @param rightStride from one row to the next
     * @param rightStep from one element to the next, 0 or 1
     * @param output the output, its rows one after another
     * @param outputOffset where its first element goes
     * @param rows rows, 0 or more
     * @param count elements of a row, 0 or more
     * @param scratch memory of the running thread's own
     */
    default void rows(MemorySegment left, long leftOffset, long leftStride, int leftStep, MemorySegment right,
            long rightOffset, long rightStride, int rightStep, MemorySegment output, long outputOffset, long rows,
            long count, Scratch scratch) {
        for (long row = 0; row < rows; row++) {
            run(left, leftOffset + row * leftStride, leftStep, right, rightOffset + row * rightStride, rightStep,
                    output, outputOffset + row * count, count, scratch);
        }
    }
}
