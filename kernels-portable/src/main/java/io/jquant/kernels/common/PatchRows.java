// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.ConvolutionSpec;
import io.jquant.DataType;
import io.jquant.Extent;
import io.jquant.Window;
import java.lang.foreign.MemorySegment;

/**
 * Rows that are the pixels under a window, tap after tap, one row for every pixel of the output: the columns of im2col,
 * made only for the block that is computed. A transposed convolution gathers the inputs that reach the output's pixel;
 * taps that none reaches read padding.
 */
final class PatchRows implements RowSource {
    private static final int OUTSIDE = -1;

    private ConvolutionSpec spec;
    private MemorySegment input;
    private long stride;
    private int channels;
    private boolean denseTaps;
    private int tapRowBytes;
    private int inDepth;
    private int inHeight;
    private int inWidth;
    private int outDepth;
    private int outHeight;
    private int outWidth;

    /**
     * @param convolution the convolution
     * @param layout how the weights' depth lies; null if tap follows tap
     * @param pixels the input
     * @param pixelStride bytes from one pixel of the input to the next
     * @param in size of an image
     * @param out size of an image of the output
     */
    void set(ConvolutionSpec convolution, ImageLayout layout, MemorySegment pixels, long pixelStride, Extent in,
            Extent out) {
        spec = convolution;
        input = pixels;
        stride = pixelStride;
        channels = convolution.inChannels() / convolution.groups();
        denseTaps = !convolution.transposed() && convolution.window().dilation().width() == 1
                && channels == pixelStride;
        tapRowBytes = layout != null && layout.isPadded() ? layout.paddedBytes()
                : convolution.window().kernel().width() * channels;
        inDepth = in.depth();
        inHeight = in.height();
        inWidth = in.width();
        outDepth = out.depth();
        outHeight = out.height();
        outWidth = out.width();
    }

    @Override
    public void load(int group, long firstRow, GemmBlock block, int paddedDepth) {
        MemorySegment rows = block.scratch.rows().atLeast((long) block.rows * paddedDepth);
        int w = (int) (firstRow % outWidth);
        int h = (int) (firstRow / outWidth % outHeight);
        int d = (int) (firstRow / outWidth / outHeight % outDepth);
        long image = firstRow / outWidth / outHeight / outDepth;
        for (int row = 0; row < block.rows; row++) {
            gather(image, group, d, h, w, rows, (long) row * paddedDepth);
            if (++w == outWidth) {
                w = 0;
                if (++h == outHeight) {
                    h = 0;
                    if (++d == outDepth) {
                        d = 0;
                        image++;
                    }
                }
            }
        }
        if (spec.input().type() == DataType.S8) {
            ByteRows.flip(rows, 0, (long) block.rows * paddedDepth);
        }
        block.a = rows;
        block.aOffset = 0;
        block.aStride = paddedDepth;
    }

    private void gather(long image, int group, int d, int h, int w, MemorySegment rows, long begin) {
        Extent kernel = spec.window().kernel();
        int tapRow = kernel.width() * channels;
        long at = begin;
        for (int kd = 0; kd < kernel.depth(); kd++) {
            int z = source(0, d, kd, inDepth);
            for (int kh = 0; kh < kernel.height(); kh++, at += tapRowBytes) {
                int y = source(1, h, kh, inHeight);
                if (z == OUTSIDE || y == OUTSIDE) {
                    pad(rows, at, tapRow);
                    continue;
                }
                long line = ((image * inDepth + z) * inHeight + y) * inWidth;
                if (denseTaps) {
                    gatherRun(line, w, kernel.width(), rows, at);
                } else {
                    gatherTaps(line, group, w, kernel.width(), rows, at);
                }
            }
        }
    }

    /** Copies the taps along the width that lie within the image at once: they are next to each other there. */
    private void gatherRun(long line, int w, int taps, MemorySegment rows, long at) {
        Window window = spec.window();
        long x = (long) w * window.stride().width() - window.padBegin().width();
        int before = Math.clamp(-x, 0, taps);
        int end = Math.clamp(inWidth - x, before, taps);
        pad(rows, at, (long) before * channels);
        if (end > before) {
            MemorySegment.copy(input, (line + x + before) * stride, rows, at + (long) before * channels,
                    (long) (end - before) * channels);
        }
        pad(rows, at + (long) end * channels, (long) (taps - end) * channels);
    }

    private void gatherTaps(long line, int group, int w, int taps, MemorySegment rows, long begin) {
        long at = begin;
        for (int kw = 0; kw < taps; kw++, at += channels) {
            int x = source(2, w, kw, inWidth);
            if (x == OUTSIDE) {
                pad(rows, at, channels);
            } else {
                MemorySegment.copy(input, (line + x) * stride + (long) group * channels, rows, at, channels);
            }
        }
    }

    private void pad(MemorySegment rows, long at, long bytes) {
        ByteRows.fill(rows, at, bytes, (byte) spec.input().zeroPoint());
    }

    /** The input's coordinate that a tap of the window meets at an output's coordinate. */
    private int source(int axis, int output, int tap, int size) {
        Window window = spec.window();
        long reach = (long) tap * window.dilation().get(axis);
        int step = window.stride().get(axis);
        int padding = window.padBegin().get(axis);
        long source;
        if (spec.transposed()) {
            // the output's coordinates that an input reaches are input * step - padding + reach
            long steps = output + padding - reach;
            source = steps >= 0 && steps % step == 0 ? steps / step : OUTSIDE;
        } else {
            source = (long) output * step - padding + reach;
        }
        return source >= 0 && source < size ? (int) source : OUTSIDE;
    }

    @Override
    public boolean isShareable() {
        return Workers.isShareable(input);
    }

    @Override
    public void clear() {
        input = null;
    }
}
