// SPDX-License-Identifier: Apache-2.0
package io.jquant.spi;

import java.lang.foreign.MemorySegment;

/** Sums of rows of a table. */
public interface EmbeddingBagKernel extends OperatorKernel {
    /**
     * Sums rows into bags. Indices and offsets were checked, but are the caller's memory, in which another thread may
     * write: a kernel that goes by address must check each again as it reads it.
     *
     * @param bags bags, the rows of the output
     * @param indices rows of the table, s64
     * @param offsets where each bag begins among the indices, s64, {@code bags + 1} of them
     * @param weights factors of the rows, f32, as many as indices; null for 1
     * @param output the output, f32 {@code [bags][dimension]}
     */
    void run(long bags, MemorySegment indices, MemorySegment offsets, MemorySegment weights, MemorySegment output);

    /**
     * Gives the table back as it came.
     *
     * @param table where to write it
     */
    void unpack(MemorySegment table);
}
