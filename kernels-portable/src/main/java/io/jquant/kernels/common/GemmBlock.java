// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/**
 * A block of a matrix product, for {@link GemmKernel#run}: rows times a range of panels, over the whole depth. One
 * object is used for many blocks, so that a call allocates nothing; kernels only read it. Offsets and strides are in
 * bytes. Segments may be on the heap but for weights, terms, sums and sums of rows.
 */
public final class GemmBlock {
    /** The u8 rows. */
    public MemorySegment a;
    /** Where the first row begins. */
    public long aOffset;
    /** From one row to the next. */
    public long aStride;
    /** How many rows, 1 or more. */
    public int rows;
    /** The weights. */
    public PackedMatrix b;
    /** The first panel of the weights to use. */
    public int firstPanel;
    /** How many panels to use, 1 or more. */
    public int panels;
    /** What each column's sums get; its arrays begin with the matrix's first column, not the block's. */
    public ColumnTerms terms;
    /** What becomes of the sums. */
    public OutputStage stage;
    /** The output. */
    public MemorySegment output;
    /** Where the block's first row and column is in the output. */
    public long outputOffset;
    /** From one row of the output to the next. */
    public long outputStride;
    /** The addend; null for none. */
    public MemorySegment addend;
    /** Where the block's first row and column is in the addend. */
    public long addendOffset;
    /** From one row of the addend to the next. */
    public long addendStride;
    /** Sums of the u8 rows, s32, 64-byte aligned; null where the weights have no zero points. */
    public MemorySegment rowSums;
    /** Where the first row's sum is. */
    public long rowSumsOffset;
    /** Where raw sums go, s32 {@code [rows][panels * tile columns]}, 64-byte aligned. */
    public MemorySegment sums;
    /** Where the first row's raw sums begin. */
    public long sumsOffset;
    /** Memory of the running thread's own, for what a kernel needs besides. */
    public Scratch scratch;

    /** Made once for many blocks. */
    public GemmBlock() {
    }

    /** {@return the block's columns that the matrix has; the last panel may hold fewer than others} */
    public int columns() {
        int width = b.tile().columns();
        return Math.min(panels * width, b.columns() - firstPanel * width);
    }

    /** {@return the first of the matrix's columns in the block} */
    public int firstColumn() {
        return firstPanel * b.tile().columns();
    }
}
