// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.Extent;
import java.lang.foreign.MemorySegment;

/**
 * One run of a depthwise convolution, cut into tasks of some rows of output pixels, or of a part of one row. Used for
 * many runs, so that a run allocates nothing.
 */
final class DepthwiseCall implements Workers.Job {
    /** Input and sums of a block are to stay in the second-level cache. */
    private static final long BLOCK_BYTES = 128 << 10;

    private final PaddedImage image = new PaddedImage();
    private DepthwiseKernel kernel;
    private MemorySegment weights;
    private ColumnTerms terms;
    private OutputStage stage;
    private long batch;
    private MemorySegment output;
    private long outputStride;
    private MemorySegment addend;
    private long addendStride;
    private int blockHeight;
    private int blockWidth;
    private int down;
    private int across;

    /** {@return where the input is set} */
    PaddedImage image() {
        return image;
    }

    /** Sets what is computed. */
    void convolve(DepthwiseKernel newKernel, MemorySegment packed, ColumnTerms newTerms, OutputStage newStage) {
        kernel = newKernel;
        weights = packed;
        terms = newTerms;
        stage = newStage;
    }

    /** Sets where results go, for a number of images; strides are in bytes. */
    void store(long images, MemorySegment to, long toStride, MemorySegment added, long addedStride) {
        batch = images;
        output = to;
        outputStride = toStride;
        addend = added;
        addendStride = addedStride;
    }

    /** Runs on this thread and those of the workers. */
    void run(Workers workers, Scratch scratch) {
        try {
            if (batch > 0) {
                split(workers, scratch);
            }
        } finally {
            // keeps nothing of the user's alive
            image.clear();
            output = null;
            addend = null;
        }
    }

    private void split(Workers workers, Scratch scratch) {
        Extent out = image.out();
        double products = (double) batch * out.volume() * image.shape().channels() * image.shape().taps();
        boolean alone = products < GemmCall.SMALL_PRODUCTS || !image.isShareable() || !Workers.isShareable(output)
                || !Workers.isShareable(addend);
        cut(out, alone ? 1 : workers.count());
        int tasks = Math.toIntExact(batch * out.depth() * down * across);
        if (alone) {
            Workers.runAlone(this, tasks, scratch);
        } else {
            workers.run(this, tasks, scratch);
        }
    }

    /** Rows are cut across only where a block of one row would be too large. */
    private void cut(Extent out, int threads) {
        int height = out.height();
        if (threads > 1 && batch * out.depth() < 2L * threads) {
            height = (int) Math.ceilDiv(height, Math.min(height, 2L * threads));
        }
        while (height > 1 && isTooLarge(height, out.width())) {
            height = (height + 1) / 2;
        }
        int width = out.width();
        while (height == 1 && width > 1 && isTooLarge(1, width)) {
            width = (width + 1) / 2;
        }
        blockHeight = height;
        blockWidth = width;
        down = Math.ceilDiv(out.height(), height);
        across = Math.ceilDiv(out.width(), width);
    }

    private boolean isTooLarge(int height, int width) {
        long elements = (long) height * width * kernel.paddedChannels();
        return image.bytes(height, width) + elements > BLOCK_BYTES
                || elements * image.shape().taps() > kernel.mostProducts();
    }

    @Override
    public void run(int task, Scratch scratch) {
        Extent out = image.out();
        int w = task % across * blockWidth;
        int h = task / across % down * blockHeight;
        int plane = task / across / down;
        DepthwiseBlock block = scratch.depthwiseBlock();
        block.shape = image.shape();
        block.weights = weights;
        block.terms = terms;
        block.stage = stage;
        block.paddedChannels = kernel.paddedChannels();
        block.height = Math.min(blockHeight, out.height() - h);
        block.width = Math.min(blockWidth, out.width() - w);
        block.rows = block.height * block.width;
        image.load(plane / out.depth(), plane % out.depth(), h, w, block);
        long pixel = ((long) plane * out.height() + h) * out.width() + w;
        block.output = output;
        block.outputOffset = pixel * outputStride;
        block.outputStride = outputStride;
        block.addend = addend;
        block.addendOffset = pixel * addendStride;
        block.addendStride = addendStride;
        if (!kernel.finishes()) {
            block.sums = scratch.sums().atLeast((long) block.rows * block.paddedChannels * Integer.BYTES);
            block.sumsOffset = 0;
        }
        kernel.run(block);
        if (!kernel.finishes()) {
            Finisher.finish(block);
        }
        block.input = null;
        block.array = null;
        block.output = null;
        block.addend = null;
    }
}
