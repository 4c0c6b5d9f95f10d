// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/** One run of a kernel over rows of bytes, cut into pieces where that is worth waking threads for. */
final class RowsCall implements Workers.Job {
    /** Elements of a piece, but for one of a single row. */
    private static final long PIECE = 1 << 14;

    private RowsKernel kernel;
    private MemorySegment input;
    private MemorySegment output;
    private long rows;
    private long size;
    private long pieceRows;

    /** Runs on this thread and those of the workers. */
    void run(RowsKernel newKernel, long newRows, long rowSize, MemorySegment from, MemorySegment to, Workers workers,
            Scratch scratch) {
        pieceRows = Math.max(1, PIECE / rowSize);
        if (newRows <= pieceRows || workers.count() == 1 || !Workers.isShareable(from) || !Workers.isShareable(to)) {
            newKernel.run(from, 0, to, 0, newRows, scratch);
            return;
        }
        kernel = newKernel;
        input = from;
        output = to;
        rows = newRows;
        size = rowSize;
        try {
            workers.run(this, Math.toIntExact(Math.ceilDiv(newRows, pieceRows)), scratch);
        } finally {
            // keeps nothing of the user's alive
            input = null;
            output = null;
        }
    }

    @Override
    public void run(int task, Scratch scratch) {
        long first = task * pieceRows;
        kernel.run(input, first * size, output, first * size, Math.min(pieceRows, rows - first), scratch);
    }
}
