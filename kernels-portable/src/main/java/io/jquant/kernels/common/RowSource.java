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

    /** {@return whether threads other than the caller's may read the memory} */
    boolean isShareable();

    /** Forgets the memory. */
    void clear();
}
