// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/**
 * A block of a depthwise convolution, for {@link DepthwiseKernel#run}: rows of output pixels, of all channels, that are
 * next to each other in the output. The input is a small image with its padding in place, so that no tap is a special
 * case. With {@code S} the {@link #shape}, the byte of channel {@code c} that output pixel {@code (h, w)} meets at tap
 * {@code (kd, kh, kw)} is at
 *
 * <pre>{@code
 * inputOffset + kd * planeStride + (h * S.strideHeight + kh * S.dilationHeight) * rowStride
 *             + (w * S.strideWidth + kw * S.dilationWidth) * pixelStride + c
 * }</pre>
 *
 * <p>Columns of the output stage are channels, its rows pixels, {@code rows = height * width} of them.
 */
public final class DepthwiseBlock extends OutputBlock {
    /** How many bytes a kernel may read beyond the last channel of a pixel. */
    public static final int READABLE = 63;

    /** The convolution. */
    public DepthwiseShape shape;
    /** The u8 input, on the heap or off it; null for a kernel that reads arrays. */
    public MemorySegment input;
    /** The array in which the u8 input is, for a kernel that reads arrays: offsets and strides are its indices. */
    public byte[] array;
    /** Where the tap (0, 0, 0) of the first output pixel is. */
    public long inputOffset;
    /** From one tap along the depth to the next. */
    public long planeStride;
    /** From one row of the input to the next. */
    public long rowStride;
    /** From one pixel of the input to the next. */
    public long pixelStride;
    /** Rows of output pixels, 1 or more. */
    public int height;
    /** Output pixels of every row, 1 or more. */
    public int width;
    /** The weights as {@link DepthwiseKernel#pack} left them, off the heap, 64-byte aligned. */
    public MemorySegment weights;
    /** Columns of the sums. */
    int paddedChannels;

    /** Made once for many blocks. */
    public DepthwiseBlock() {
    }

    /**
     * Where a tap is.
     *
     * @param kd its place along the depth
     * @param kh its row
     * @param kw its column
     * @return bytes from a pixel's tap (0, 0, 0) on
     */
    public long tap(int kd, int kh, int kw) {
        return kd * planeStride + (long) kh * shape.dilationHeight() * rowStride
                + (long) kw * shape.dilationWidth() * pixelStride;
    }

    @Override
    public int columns() {
        return shape.channels();
    }

    @Override
    public int paddedColumns() {
        return paddedChannels;
    }

    @Override
    public int firstColumn() {
        return 0;
    }
}
