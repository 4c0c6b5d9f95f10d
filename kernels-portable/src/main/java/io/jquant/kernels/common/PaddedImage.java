// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jquant.ConvolutionSpec;
import io.jquant.DataType;
import io.jquant.Extent;
import io.jquant.Window;
import java.lang.foreign.MemorySegment;

/**
 * The part of the input that a block of a depthwise convolution reaches, with its padding in place: the input itself
 * where it can be read as it is, else a copy. The copy turns s8 into u8, and repeats every channel for a convolution
 * that makes several of one.
 */
final class PaddedImage {
    private ConvolutionSpec spec;
    private DepthwiseShape shape;
    private MemorySegment input;
    private long stride;
    private Extent in;
    private Extent out;
    private boolean arrays;
    private int multiplier;
    private boolean signed;

    /**
     * @param convolution the convolution
     * @param depthwise its shape
     * @param pixels the input
     * @param pixelStride bytes from one pixel of the input to the next
     * @param inExtent size of an image
     * @param outExtent size of an image of the output
     * @param inArrays whether the input is to be in an array
     */
    void set(ConvolutionSpec convolution, DepthwiseShape depthwise, MemorySegment pixels, long pixelStride,
            Extent inExtent, Extent outExtent, boolean inArrays) {
        arrays = inArrays;
        spec = convolution;
        shape = depthwise;
        input = pixels;
        stride = pixelStride;
        in = inExtent;
        out = outExtent;
        multiplier = depthwise.channels() / convolution.inChannels();
        signed = convolution.input().type() == DataType.S8;
    }

    DepthwiseShape shape() {
        return shape;
    }

    Extent out() {
        return out;
    }

    boolean isShareable() {
        return Workers.isShareable(input);
    }

    void clear() {
        input = null;
    }

    /** Bytes of a copy for a block. */
    long bytes(int height, int width) {
        return (long) shape.kernel().depth() * shape.inputRows(height) * shape.inputWidth(width) * shape.channels();
    }

    /** Sets the block's input, for its height and width, at an output pixel. */
    void load(long image, int d, int h, int w, DepthwiseBlock block) {
        Window window = spec.window();
        long z = (long) d * window.stride().depth() - window.padBegin().depth();
        long y = (long) h * shape.strideHeight() - window.padBegin().height();
        long x = (long) w * shape.strideWidth() - window.padBegin().width();
        long first = image * in.depth();
        if (!isInPlace(first, z, y, x, block)) {
            copy(first, z, y, x, block);
        }
    }

    private boolean isInPlace(long first, long z, long y, long x, DepthwiseBlock block) {
        int dilation = spec.window().dilation().depth();
        long lastZ = z + (long) (shape.kernel().depth() - 1) * dilation;
        long lastY = y + shape.inputRows(block.height) - 1;
        long lastX = x + shape.inputWidth(block.width) - 1;
        if (signed || multiplier != 1 || z < 0 || y < 0 || x < 0 || lastZ >= in.depth() || lastY >= in.height()
                || lastX >= in.width() || !isReadable()) {
            return false;
        }
        long end = offset(first + lastZ, lastY, lastX) + shape.channels() + DepthwiseBlock.READABLE;
        if (end > input.byteSize()) {
            return false;
        }
        block.inputOffset = offset(first + z, y, x);
        if (arrays) {
            block.array = HeapArrays.bytes(input);
            block.inputOffset += input.address();
        } else {
            block.input = input;
        }
        block.pixelStride = stride;
        block.rowStride = in.width() * stride;
        block.planeStride = (long) dilation * in.height() * block.rowStride;
        return true;
    }

    private boolean isReadable() {
        if (arrays) {
            return HeapArrays.bytes(input) != null;
        }
        // vector code reads heap memory only where it is an array of bytes
        return input.isNative() || input.maxByteAlignment() == 1;
    }

    private long offset(long plane, long y, long x) {
        return ((plane * in.height() + y) * in.width() + x) * stride;
    }

    private void copy(long first, long z, long y, long x, DepthwiseBlock block) {
        int rows = shape.inputRows(block.height);
        int width = shape.inputWidth(block.width);
        long bytes = bytes(block.height, block.width);
        MemorySegment to = memory(block, bytes + DepthwiseBlock.READABLE);
        block.inputOffset = 0;
        block.pixelStride = shape.channels();
        block.rowStride = (long) width * shape.channels();
        block.planeStride = rows * block.rowStride;
        long at = 0;
        for (int kd = 0; kd < shape.kernel().depth(); kd++) {
            long plane = z + (long) kd * spec.window().dilation().depth();
            boolean outside = plane < 0 || plane >= in.depth();
            for (long row = y; row < y + rows; row++, at += block.rowStride) {
                if (outside || row < 0 || row >= in.height()) {
                    pad(to, at, block.rowStride);
                } else {
                    copyRow(offset(first + plane, row, 0), x, width, to, at);
                }
            }
        }
        if (signed) {
            ByteRows.flip(to, 0, bytes);
        }
    }

    private MemorySegment memory(DepthwiseBlock block, long bytes) {
        if (!arrays) {
            block.input = block.scratch.rows().atLeast(bytes);
            return block.input;
        }
        block.array = block.scratch.input(Math.toIntExact(bytes));
        return block.scratch.inputSegment();
    }

    private void copyRow(long line, long x, int width, MemorySegment to, long at) {
        int channels = shape.channels();
        int before = Math.clamp(-x, 0, width);
        int end = Math.clamp(in.width() - x, before, width);
        pad(to, at, (long) before * channels);
        pad(to, at + (long) end * channels, (long) (width - end) * channels);
        if (end == before) {
            return;
        }
        long from = line + (x + before) * stride;
        long next = at + (long) before * channels;
        if (multiplier == 1 && stride == channels) {
            MemorySegment.copy(input, from, to, next, (long) (end - before) * channels);
            return;
        }
        for (int pixel = before; pixel < end; pixel++, from += stride, next += channels) {
            if (multiplier == 1) {
                MemorySegment.copy(input, from, to, next, channels);
            } else {
                repeat(from, to, next);
            }
        }
    }

    private void repeat(long from, MemorySegment to, long at) {
        long next = at;
        for (int channel = 0; channel < spec.inChannels(); channel++) {
            byte value = input.get(JAVA_BYTE, from + channel);
            for (int i = 0; i < multiplier; i++) {
                to.set(JAVA_BYTE, next++, value);
            }
        }
    }

    private void pad(MemorySegment to, long at, long bytes) {
        ByteRows.fill(to, at, bytes, (byte) spec.input().zeroPoint());
    }
}
