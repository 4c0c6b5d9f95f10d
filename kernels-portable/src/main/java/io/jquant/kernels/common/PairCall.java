// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/** One run of a kernel over rows of pairs, a task for some rows or for a piece of one. */
final class PairCall implements Workers.Job {
    /** Elements of a task. */
    private static final long PIECE = 1 << 16;

    private PairKernel kernel;
    private long columns;
    private MemorySegment left;
    private long leftStride;
    private int leftStep;
    private MemorySegment right;
    private long rightStride;
    private int rightStep;
    private MemorySegment output;
    private long outputOffset;
    private long rows;
    private long rowsAtOnce;
    private long pieces;

    /** Sets the left operand: from one row to the next, and from one element to the next, 0 or 1. */
    PairCall left(MemorySegment segment, long stride, int step) {
        left = segment;
        leftStride = stride;
        leftStep = step;
        return this;
    }

    /** Sets the right operand. */
    PairCall right(MemorySegment segment, long stride, int step) {
        right = segment;
        rightStride = stride;
        rightStep = step;
        return this;
    }

    /** Sets where rows go, one after another. */
    PairCall output(MemorySegment segment, long offset) {
        output = segment;
        outputOffset = offset;
        return this;
    }

    /** Runs on this thread and those of the workers. */
    void run(PairKernel newKernel, long newRows, long newColumns, Workers workers, Scratch scratch) {
        kernel = newKernel;
        rows = newRows;
        columns = newColumns;
        pieces = Math.max(1, Math.ceilDiv(columns, PIECE));
        rowsAtOnce = Math.max(1, PIECE / Math.max(1, columns));
        int tasks = Math.toIntExact(Math.ceilDiv(rows, rowsAtOnce) * pieces);
        try {
            if (tasks < 2 || !Workers.isShareable(left) || !Workers.isShareable(right)
                    || !Workers.isShareable(output)) {
                Workers.runAlone(this, tasks, scratch);
            } else {
                workers.run(this, tasks, scratch);
            }
        } finally {
            // keeps nothing of the user's alive
            left = null;
            right = null;
            output = null;
        }
    }

    @Override
    public void run(int task, Scratch scratch) {
        long column = task % pieces * PIECE;
        long first = task / pieces * rowsAtOnce;
        long count = Math.min(PIECE, columns - column);
        // several rows are whole ones: of pieces there is one row at a time
        kernel.rows(left, first * leftStride + column * leftStep, leftStride, leftStep, right,
                first * rightStride + column * rightStep, rightStride, rightStep, output,
                outputOffset + first * columns + column, Math.min(rows - first, rowsAtOnce), count, scratch);
    }
}
