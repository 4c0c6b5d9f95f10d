// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/**
 * How the rows of a block lie in an image that a convolution reads in place of copies of what is under its window. A
 * line is a row of output pixels: its rows are {@link GemmBlock#aStride} apart. The depth of a row is in pieces, one
 * for every row of the window (or for every tap), which follow each other in the weights but not in the image. Row
 * {@code r} of line {@code l} has piece {@code p} at
 * {@code aOffset + l * lineStride + r * aStride + p * pieceBytes + pieceSteps[0] + ... + pieceSteps[p - 1]}.
 */
public final class ImageRows {
    /** Rows of a line, 1 or more; a block's rows are a multiple of it. */
    public int lineRows;
    /** Bytes from one line to the next. */
    public long lineStride;
    /** Pieces of the depth, 1 or more. */
    public int pieces;
    /** Bytes of a piece, a multiple of {@link GemmKernel#imageUnit}. */
    public int pieceBytes;
    /** From the end of every piece to the beginning of the next, s64, off the heap. */
    public MemorySegment pieceSteps;

    /** Made once for many blocks. */
    ImageRows() {
    }
}
