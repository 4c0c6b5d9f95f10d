// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jquant.ConvolutionSpec;
import io.jquant.Extent;
import io.jquant.Window;
import java.lang.foreign.MemorySegment;

/** Rows of a convolution that kernels read from its image themselves, see {@link ImageRows}. */
final class ImageSource implements RowSource {
    private final PaddedImage image = new PaddedImage();
    private ImageLayout layout;
    private Window window;

    /** Sets the image; {@code shape} is that of a depthwise convolution with the same window. */
    void set(ConvolutionSpec spec, ImageLayout pieces, DepthwiseShape shape, MemorySegment pixels, long pixelStride,
            Extent in, Extent out) {
        layout = pieces;
        window = spec.window();
        image.set(spec, shape, pixels, pixelStride, in, out, false);
    }

    @Override
    public void load(int group, long firstRow, GemmBlock block, int paddedDepth) {
        Extent out = image.out();
        DepthwiseShape shape = image.shape();
        DepthwiseBlock view = block.scratch.depthwiseBlock();
        view.shape = shape;
        view.width = out.width();
        view.height = block.rows / out.width();
        long line = firstRow / out.width();
        long plane = line / out.height();
        image.load(plane / out.depth(), (int) (plane % out.depth()), (int) (line % out.height()), 0, view);
        block.a = view.input;
        block.aOffset = view.inputOffset;
        block.aStride = view.pixelStride * shape.strideWidth();
        view.input = null;
        ImageRows rows = block.scratch.imageRows();
        rows.lineRows = out.width();
        rows.lineStride = view.rowStride * shape.strideHeight();
        rows.pieces = layout.pieces();
        rows.pieceBytes = layout.paddedBytes();
        rows.pieceSteps = steps(view, block.scratch);
        block.image = rows;
    }

    private MemorySegment steps(DepthwiseBlock view, Scratch scratch) {
        MemorySegment steps = scratch.steps().atLeast((long) layout.pieces() * Long.BYTES);
        Extent kernel = window.kernel();
        int across = layout.pieces() / kernel.depth() / kernel.height();
        long before = 0;
        for (int piece = 1; piece < layout.pieces(); piece++) {
            int row = piece / across;
            long begin = view.tap(row / kernel.height(), row % kernel.height(), piece % across);
            steps.set(JAVA_LONG, (piece - 1L) * Long.BYTES, begin - before - layout.paddedBytes());
            before = begin;
        }
        return steps;
    }

    @Override
    public long planeRows(long rows) {
        return (long) image.out().height() * image.out().width();
    }

    @Override
    public int rowUnit(int tileRows) {
        return image.out().width();
    }

    @Override
    public int rowBytes(int paddedDepth) {
        DepthwiseShape shape = image.shape();
        return (int) Math.min((long) shape.channels() * shape.strideWidth() * shape.strideHeight(), paddedDepth);
    }

    @Override
    public boolean isShareable() {
        return image.isShareable();
    }

    @Override
    public void clear() {
        image.clear();
    }
}
