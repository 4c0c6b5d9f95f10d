// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/**
 * Where a block of sums goes and what becomes of them: what blocks of products and of depthwise convolutions share, and
 * what a finisher needs. One object is used for many blocks, so that a call allocates nothing; kernels only read it.
 * Offsets and strides are in bytes. Segments may be on the heap but for terms, sums and sums of rows.
 */
public abstract class OutputBlock {
    /** How many rows of the output, 1 or more: of a convolution, pixels. */
    public int rows;
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
    /**
     * Sums of the u8 rows, s32, 64-byte aligned; null where the weights have no zero points. With scales of rows those
     * and zero points.
     */
    public MemorySegment rowSums;
    /** Where the first row's sum is. */
    public long rowSumsOffset;
    /** Where raw sums go, s32 {@code [rows][paddedColumns]}, 64-byte aligned. */
    public MemorySegment sums;
    /** Where the first row's raw sums begin. */
    public long sumsOffset;
    /** Memory of the running thread's own, for what a kernel needs besides. */
    public Scratch scratch;

    /** Made once for many blocks. */
    OutputBlock() {
    }

    /** {@return the block's columns that the output has} */
    public abstract int columns();

    /** {@return columns of a row of raw sums: {@link #columns} and what pads them for the kernel} */
    public abstract int paddedColumns();

    /** {@return the first of the terms' columns in the block} */
    public abstract int firstColumn();
}
