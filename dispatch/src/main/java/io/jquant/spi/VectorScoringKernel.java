// SPDX-License-Identifier: Apache-2.0
package io.jquant.spi;

import java.lang.foreign.MemorySegment;

/** One vector against rows of a table that are picked by number. */
public interface VectorScoringKernel extends OperatorKernel {
    /**
     * Scores rows. Ordinals are not checked beforehand, for they may change until they are read: the kernel reads each
     * once, checks it, and touches no row that is not of the table.
     *
     * @param query the vector
     * @param rows the table
     * @param rowCount rows of the table
     * @param ordinals which rows, s32 without alignment
     * @param count how many
     * @param results s32 without alignment
     * @return whether all ordinals were of the table
     */
    boolean run(MemorySegment query, MemorySegment rows, long rowCount, MemorySegment ordinals, int count,
            MemorySegment results);
}
