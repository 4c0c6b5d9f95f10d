// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jquant.kernels.common.GemmBlock;
import io.jquant.kernels.common.ImageRows;

/** The rows of a block to floats, {@link Workspace#STRIDE} apart. */
final class LeftRows {
    private LeftRows() {
    }

    /**
     * Converts a part of the depth of some of a block's rows.
     *
     * @param block the block
     * @param firstRow the first row
     * @param rows how many
     * @param from the first term
     * @param depth how many
     * @param left gets them
     */
    static void load(GemmBlock block, int firstRow, int rows, int from, int depth, float[] left) {
        if (block.image != null) {
            loadImage(block, firstRow, rows, from, depth, left);
            return;
        }
        for (int row = 0; row < rows; row++) {
            VectorRows.unsignedToFloats(block.a, block.aOffset + (firstRow + row) * block.aStride + from, depth, left,
                    row * Workspace.STRIDE);
        }
    }

    private static void loadImage(GemmBlock block, int firstRow, int rows, int from, int depth, float[] left) {
        ImageRows image = block.image;
        int done = 0;
        while (done < rows) {
            int line = (firstRow + done) / image.lineRows;
            int inLine = firstRow + done - line * image.lineRows;
            int count = Math.min(rows - done, image.lineRows - inLine);
            long at = block.aOffset + line * image.lineStride + inLine * block.aStride;
            loadLine(block, at, count, from, depth, left, done * Workspace.STRIDE);
            done += count;
        }
    }

    /**
     * A vector of each row, then the next: pieces may be short, lines are long. What a vector holds beyond a piece is
     * overwritten by the next one.
     */
    private static void loadLine(GemmBlock block, long lineAt, int rows, int from, int depth, float[] left,
            int leftAt) {
        ImageRows image = block.image;
        int bytes = image.pieceBytes;
        long at = lineAt;
        int piece = 0;
        for (int begin = 0; begin < from + depth; begin += bytes, piece++) {
            if (piece > 0) {
                at += bytes + image.pieceSteps.get(JAVA_LONG, (piece - 1L) * Long.BYTES);
            }
            int end = Math.min(from + depth, begin + bytes);
            for (int k = Math.max(from, begin); k < end; k += VectorRows.AT_ONCE) {
                VectorRows.columnToFloats(block.a, at + k - begin, block.aStride, rows, left, leftAt + k - from);
            }
        }
    }
}
