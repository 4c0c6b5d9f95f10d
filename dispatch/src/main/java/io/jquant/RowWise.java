// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.spi.RowKernel;
import java.lang.foreign.MemorySegment;

/** A function of whole rows: {@link SoftmaxSpec}, {@link LayerNormSpec}. */
public final class RowWise extends Operator<RowKernel> {
    private final int size;

    RowWise(int size, RowKernel kernel) {
        super(kernel);
        this.size = size;
    }

    /**
     * Runs the function.
     *
     * @param rows rows of input and output, 0 or more
     * @param input the input, contiguous
     * @param output the output, contiguous; the input itself, or memory of its own
     * @throws IllegalArgumentException if a segment is too small, or the output read-only or overlapping
     * @throws IllegalStateException if the operator is closed
     */
    public void run(long rows, MemorySegment input, MemorySegment output) {
        long elements = Require.product("rows", rows, size);
        Require.readable("input", input, elements);
        Require.writable("output", output, elements);
        Require.disjoint(output, "input", input, true);
        RowKernel kernel = enter();
        try {
            kernel.run(rows, input, output);
        } finally {
            leave();
        }
    }
}
