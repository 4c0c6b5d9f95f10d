// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/** Computes blocks of grouped layers: what an instruction set supplies. Run by many threads at once. */
public interface GroupedKernel {
    /** {@return columns of a panel} */
    int columns();

    /** {@return whether scales may be f16, where that changes none} */
    default boolean readsHalves() {
        return false;
    }

    /**
     * Quantizes whole groups of a row into its records.
     *
     * @param layout how they lie
     * @param input f32, on the heap or not, aligned to nothing
     * @param inputOffset the byte where the row begins
     * @param groups how many groups, whole ones
     * @param rows where records go, off the heap
     * @param rowsOffset the byte where the row's begin
     * @param scratch memory of the running thread's own
     */
    default void quantize(GroupedLayout layout, MemorySegment input, long inputOffset, int groups, MemorySegment rows,
            long rowsOffset, Scratch scratch) {
        for (int group = 0; group < groups; group++) {
            GroupedRows.quantize(layout, input, inputOffset + (long) group * layout.groupSize() * Float.BYTES,
                    layout.groupSize(), rows, rowsOffset + (long) group * layout.rowRecordBytes());
        }
    }

    /**
     * Computes a block, columns of whole panels: those beyond the matrix are stored as any others.
     *
     * @param block what to compute
     */
    void run(GroupedBlock block);
}
