// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.Extent;

/**
 * What is known of a depthwise convolution before it runs.
 *
 * @param channels channels of the output, and of the input that kernels see
 * @param kernel taps along every axis
 * @param strideHeight rows of the input from one row of the output to the next
 * @param strideWidth pixels of the input from one pixel of the output to the next
 * @param dilationHeight rows of the input from one tap to the next
 * @param dilationWidth pixels of the input from one tap to the next
 * @param narrow whether all weights, less their zero points, are within -128..127, and not only within -255..255
 */
public record DepthwiseShape(int channels, Extent kernel, int strideHeight, int strideWidth, int dilationHeight,
        int dilationWidth, boolean narrow) {
    /** {@return how many products make a sum} */
    public int taps() {
        return (int) kernel.volume();
    }

    /**
     * Rows of the input that rows of the output reach.
     *
     * @param outputRows rows of the output
     * @return rows of the input, of every plane
     */
    public int inputRows(int outputRows) {
        return (outputRows - 1) * strideHeight + (kernel.height() - 1) * dilationHeight + 1;
    }

    /**
     * Pixels of a row of the input that pixels of the output reach.
     *
     * @param outputWidth pixels of a row of the output
     * @return pixels of the input
     */
    public int inputWidth(int outputWidth) {
        return (outputWidth - 1) * strideWidth + (kernel.width() - 1) * dilationWidth + 1;
    }
}
