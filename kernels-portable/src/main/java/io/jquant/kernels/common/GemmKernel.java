// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

/**
 * Computes blocks of products of u8 rows and packed s8 weights: what an instruction set supplies. A kernel is made for
 * one {@link GemmShape} and one {@link OutputStage} and may be run by many threads at once.
 */
public interface GemmKernel {
    /** {@return the tile, which says how weights are packed for this kernel} */
    Tile tile();

    /**
     * Whether {@link #run} stores the output. A kernel that does not stores the raw sums in {@link GemmBlock#sums}.
     *
     * @return whether the output stage is part of the kernel
     */
    boolean finishes();

    /**
     * How many products a block may have, but for one of a single panel. Machine code holds back the garbage
     * collector: a call is to take well under 100 microseconds.
     *
     * @return products of bytes, 16 million unless a kernel says otherwise
     */
    default long mostProducts() {
        return 16L << 20;
    }

    /**
     * How many bytes of the second-level cache a byte of a row takes: more than one if the kernel copies rows.
     *
     * @return bytes, 1 unless a kernel says otherwise
     */
    default int cacheBytes() {
        return 1;
    }

    /**
     * Whether a block's rows may lie in an image, and what the pieces of their depth are then filled up to.
     *
     * @param bytes bytes of a piece as the image has it
     * @param planes planes of the window
     * @return bytes that a piece has to be a multiple of, at most {@link DepthwiseBlock#READABLE} + 1; 0 if
     *     {@link #run} takes no blocks with {@link GemmBlock#image}
     */
    default int imageUnit(int bytes, int planes) {
        return 0;
    }

    /**
     * Computes a block. The block's {@code a} may be read {@link PackedMatrix#paddedDepth} bytes a row, whatever is
     * there beyond the depth: weights are 0 there. Rows may be any number from 1, the last panel may be cut off by the
     * matrix's {@linkplain GemmBlock#columns columns}; nothing beyond them is stored in the output or read from the
     * addend. Raw sums are stored for whole panels, less what they {@linkplain #lacking lack}.
     *
     * @param block what to compute
     */
    void run(GemmBlock block);

    /**
     * What the raw sums of a column lack. A kernel may leave out what depends on nothing but the weights: one that
     * multiplies signed bytes takes 128 off the elements of the rows, and its sums lack 128 times the column's.
     *
     * @param weights the packed weights
     * @param column the column
     * @param columnSum the sum of its weights
     * @return what is to be added to each of its raw sums; 0 unless a kernel says otherwise
     */
    default int lacking(PackedMatrix weights, int column, int columnSum) {
        return 0;
    }

    /**
     * This kernel for weights that will not change. Called once, when they are packed.
     *
     * @param weights the weights
     * @return a kernel of the same tile that may rely on what the weights are; this one if nothing is gained
     */
    default GemmKernel specialize(PackedMatrix weights) {
        return this;
    }
}
