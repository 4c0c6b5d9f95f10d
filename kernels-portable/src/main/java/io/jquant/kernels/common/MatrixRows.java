// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/** Rows that lie in memory, used as they are where kernels can read them so. */
final class MatrixRows implements RowSource {
    private MemorySegment input;
    private long offset;
    private long stride;
    private int depth;
    private boolean signed;

    /**
     * @param from the memory
     * @param firstByte where the first row of the first group begins
     * @param rowStride bytes from one row to the next
     * @param rowDepth bytes of a group's row, which the groups' rows follow each other by
     * @param signedBytes whether they are s8
     */
    void set(MemorySegment from, long firstByte, long rowStride, int rowDepth, boolean signedBytes) {
        input = from;
        offset = firstByte;
        stride = rowStride;
        depth = rowDepth;
        signed = signedBytes;
    }

    @Override
    public void load(int group, long firstRow, GemmBlock block, int paddedDepth) {
        long first = offset + firstRow * stride + (long) group * depth;
        // vector code reads heap memory only where it is an array of bytes
        boolean readable = input.isNative() || input.maxByteAlignment() == 1;
        if (!signed && readable && first + (block.rows - 1) * stride + paddedDepth <= input.byteSize()) {
            block.a = input;
            block.aOffset = first;
            block.aStride = stride;
        } else {
            copy(first, block, paddedDepth);
        }
    }

    private void copy(long first, GemmBlock block, int paddedDepth) {
        MemorySegment rows = block.scratch.rows().atLeast((long) block.rows * paddedDepth);
        for (int row = 0; row < block.rows; row++) {
            MemorySegment.copy(input, first + row * stride, rows, (long) row * paddedDepth, depth);
        }
        if (signed) {
            ByteRows.flip(rows, 0, (long) block.rows * paddedDepth);
        }
        block.a = rows;
        block.aOffset = 0;
        block.aStride = paddedDepth;
    }

    @Override
    public boolean isShareable() {
        return Workers.isShareable(input);
    }

    @Override
    public void clear() {
        input = null;
    }
}
