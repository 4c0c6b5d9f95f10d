// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/**
 * A block of a matrix product, for {@link GemmKernel#run}: rows times a range of panels, over the whole depth. Segments
 * may be on the heap but for the weights and what {@link OutputBlock} says.
 */
public final class GemmBlock extends OutputBlock {
    /** The u8 rows. */
    public MemorySegment a;
    /** Where the first row begins. */
    public long aOffset;
    /** From one row to the next. */
    public long aStride;
    /** How rows lie if they are read from an image; null where each is in one piece, {@link #aStride} from the next. */
    public ImageRows image;
    /**
     * Whether the kernel ran on these very rows just before, with the same scratch: what it made of them is still
     * there.
     */
    public boolean sameRows;
    /** The weights. */
    public PackedMatrix b;
    /** The first panel of the weights to use. */
    public int firstPanel;
    /** How many panels to use, 1 or more. */
    public int panels;

    /** Made once for many blocks. */
    public GemmBlock() {
    }

    /** {@return the block's columns that the matrix has; the last panel may hold fewer than others} */
    @Override
    public int columns() {
        return Math.min(paddedColumns(), b.columns() - firstColumn());
    }

    @Override
    public int paddedColumns() {
        return panels * b.tile().columns();
    }

    /** {@return the first of the matrix's columns in the block} */
    @Override
    public int firstColumn() {
        return firstPanel * b.tile().columns();
    }
}
