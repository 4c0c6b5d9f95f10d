// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

/** Where the rows of a product come from: memory as it is, a copy of it, or a window moved over an image. */
interface RowSource {
    /**
     * Sets a block's rows, {@code a}, to rows of the product as u8, of which a kernel may read the padded depth.
     *
     * @param group which of the groups of a convolution
     * @param firstRow the first row
     * @param block the block; its {@code rows} are set
     * @param paddedDepth the depth with its padding
     */
    void load(int group, long firstRow, GemmBlock block, int paddedDepth);

    /**
     * How many rows belong together: no block reaches from some into the next.
     *
     * @param rows rows of the product
     * @return a divisor of it
     */
    default long planeRows(long rows) {
        return rows;
    }

    /**
     * What the rows of a block are a multiple of, but for the last of those that belong together.
     *
     * @param tileRows rows of a kernel's tile
     * @return rows
     */
    default int rowUnit(int tileRows) {
        return tileRows;
    }

    /**
     * How many bytes a row has of its own.
     *
     * @param paddedDepth the depth with its padding
     * @return bytes
     */
    default int rowBytes(int paddedDepth) {
        return paddedDepth;
    }

    /** {@return whether threads other than the caller's may read the memory} */
    boolean isShareable();

    /** Forgets the memory. */
    void clear();
}
