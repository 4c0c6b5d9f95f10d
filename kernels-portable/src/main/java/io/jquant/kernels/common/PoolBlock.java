// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/**
 * Output pixels that follow each other along a row and whose windows, without their padding, have one size. The byte of
 * channel {@code c} that output pixel {@code i} meets at {@code (d, h, w)} of its window is at
 * {@code inputOffset + i * pixelStep + d * planeStride + h * rowStride + w * tapStride + c}; its output is at
 * {@code outputOffset + i * channels + c}. Segments may be on the heap, in an array of any type.
 */
public final class PoolBlock {
    /** The input. */
    public MemorySegment input;
    /** Where the first pixel's window begins. */
    public long inputOffset;
    /** From a pixel's window to the next's. */
    public long pixelStep;
    /** From one plane of a window to the next. */
    public long planeStride;
    /** From one row of a window to the next. */
    public long rowStride;
    /** From one pixel of a window's row to the next. */
    public long tapStride;
    /** Planes of a window, 1 or more. */
    public int depth;
    /** Rows of a window, 1 or more. */
    public int height;
    /** Pixels of a window's row, 1 or more. */
    public int width;
    /** Output pixels, 1 or more. */
    public int pixels;
    /** Channels. */
    public int channels;
    /** What a mean's sum of {@code input - zeroPoint} is multiplied by; of no meaning for a maximum. */
    public float multiplier;
    /** The output. */
    public MemorySegment output;
    /** Where the first output pixel goes. */
    public long outputOffset;
    /** Memory of the running thread's own. */
    public Scratch scratch;

    /** Made once for many blocks. */
    public PoolBlock() {
    }
}
