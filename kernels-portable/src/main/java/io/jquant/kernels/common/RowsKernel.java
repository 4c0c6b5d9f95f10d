// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/** Makes rows of bytes of rows of bytes, of one size. Run by many threads at once. */
public interface RowsKernel {
    /**
     * Runs over rows that follow each other. Operands are checked; they may be on the heap, in an array of any type, or
     * off it, and the output may be the input. Nothing beyond the rows may be read or written.
     *
     * @param input the input
     * @param inputOffset the byte where its first row is
     * @param output the output
     * @param outputOffset the byte where its first row goes
     * @param rows rows, 0 or more
     * @param scratch memory of the running thread's own
     */
    void run(MemorySegment input, long inputOffset, MemorySegment output, long outputOffset, long rows,
            Scratch scratch);
}
