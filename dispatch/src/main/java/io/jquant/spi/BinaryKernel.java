// SPDX-License-Identifier: Apache-2.0
package io.jquant.spi;

import java.lang.foreign.MemorySegment;

/** A function of two elements at the same place. */
public interface BinaryKernel extends OperatorKernel {
    /**
     * Runs the function over rows; a stride of 0 repeats an operand's row or, with step 0, its element.
     *
     * @param broadcast whether the operands' shapes differ, on which the formula may depend; rows need not show it
     * @param rows rows of the output, which is contiguous
     * @param columns elements of a row
     * @param left the left operand
     * @param leftStride elements from one row of it to the next
     * @param leftStep elements from one element of its row to the next: 1 or 0
     * @param right the right operand
     * @param rightStride elements from one row of it to the next
     * @param rightStep elements from one element of its row to the next: 1 or 0
     * @param output the output; may be an operand
     * @param outputOffset element of the output at which the rows begin
     */
    void run(boolean broadcast, long rows, long columns, MemorySegment left, long leftStride, int leftStep,
            MemorySegment right, long rightStride, int rightStep, MemorySegment output, long outputOffset);
}
