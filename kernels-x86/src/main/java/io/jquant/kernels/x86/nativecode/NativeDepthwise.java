// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.jquant.kernels.common.CodeStage;
import io.jquant.kernels.common.DepthwiseBlock;
import io.jquant.kernels.common.DepthwiseKernel;
import io.jquant.kernels.common.DepthwiseShape;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/** Depthwise convolutions: columns of four bytes where there is code for the shape, else pairs of words. */
final class NativeDepthwise implements DepthwiseKernel {
    /** 50 microseconds or so. */
    private static final long MOST_PRODUCTS = 2L << 20;
    private static final long MOST_PRODUCTS_OF_PAIRS = 1L << 20;

    private final DepthwiseShape shape;
    private final CodeStage stage;
    private final PairsCode.Dot dot;
    private final Machine machine;
    private final boolean columns;
    /** Null where there are none but a few channels. */
    private final MemorySegment code;
    /** Channels at the end that a code of their own computes, fewer at a time; 0 for none. */
    private final int few;
    /** Null where there are none of those. */
    private final MemorySegment fewCode;
    /** Pixels at a time where the image has no gaps, and the code for it. */
    private final int pixels;
    private final MemorySegment pixelsCode;

    NativeDepthwise(DepthwiseShape shape, CodeStage wanted, PairsCode.Dot dot, Machine machine) {
        this.shape = shape;
        this.machine = machine;
        this.stage = wanted.output().isQuantized() && wanted.addend() == CodeStage.Addend.NONE ? wanted : CodeStage.RAW;
        this.dot = dot;
        this.columns = dot == PairsCode.Dot.AVX512_VNNI && ColumnsCode.fits(shape);
        this.pixels = columns && finishes() ? ColumnsCode.pixels(shape) : 1;
        int left = shape.channels() % ColumnsCode.CHANNELS;
        this.few = columns && pixels == 1 && left <= ColumnsCode.FEW_CHANNELS ? left : 0;
        this.fewCode = few > 0 ? columns(ColumnsCode.FEW_CHANNELS, shape.strideWidth(), 1) : null;
        if (few == shape.channels()) {
            this.code = null;
        } else {
            this.code = columns ? columns(ColumnsCode.CHANNELS, shape.strideWidth(), 1) : KernelCode.pairs(stage, dot);
        }
        this.pixelsCode = pixels > 1 ? columns(ColumnsCode.CHANNELS, pixels, pixels) : null;
    }

    private MemorySegment columns(int channels, int step, int together) {
        return KernelCode.columns(stage, channels, shape.kernel().height(), shape.kernel().width(), step, together);
    }

    private int channelsAtATime() {
        return columns ? ColumnsCode.CHANNELS : dot.channels();
    }

    /** Channels without those few. */
    private int manyChannels() {
        return Math.ceilDiv(shape.channels() - few, channelsAtATime()) * channelsAtATime();
    }

    @Override
    public int paddedChannels() {
        return manyChannels() + (few > 0 ? ColumnsCode.FEW_CHANNELS : 0);
    }

    @Override
    public long weightBytes() {
        return manyBytes() + (few > 0 ? bytesOfColumns(ColumnsCode.FEW_CHANNELS) : 0);
    }

    private long manyBytes() {
        return manyChannels() / channelsAtATime() * bytesAtATime();
    }

    private long bytesAtATime() {
        return columns ? bytesOfColumns(ColumnsCode.CHANNELS) : (shape.taps() + 1L) / 2 * 4 * dot.channels();
    }

    private long bytesOfColumns(int channels) {
        return 4L * channels * ColumnsCode.groups(shape.kernel().height()) * shape.kernel().width();
    }

    @Override
    public void pack(short[] weights, MemorySegment to) {
        for (int channel = 0; channel < shape.channels(); channel++) {
            for (int tap = 0; tap < shape.taps(); tap++) {
                short weight = weights[tap * shape.channels() + channel];
                if (columns) {
                    for (int pixel = 0; pixel < pixels; pixel++) {
                        to.set(JAVA_BYTE, columnsAt(pixel * shape.channels() + channel, tap), (byte) weight);
                    }
                } else {
                    to.set(JAVA_SHORT, pairsAt(channel, tap), weight);
                }
            }
        }
    }

    /** Of every block of 16 channels each four belong to another part. */
    private long columnsAt(int channel, int tap) {
        int width = shape.kernel().width();
        int row = tap / width;
        int within = channel % ColumnsCode.CHANNELS;
        int part = within / 4 % 4;
        long index = (row / 4L * width + tap % width) * 4 + part;
        int partBytes = channel < manyChannels() ? ColumnsCode.CHANNELS : ColumnsCode.FEW_CHANNELS;
        return channel / ColumnsCode.CHANNELS * bytesAtATime() + index * partBytes + within / 16 * 16L + within % 4 * 4L
                + row % 4;
    }

    /** Of every block of 8 channels each four belong to another half. */
    private long pairsAt(int channel, int tap) {
        int step = dot.channels();
        int within = channel % step;
        return channel / step * bytesAtATime() + (tap / 2 * 2L + within / 4 % 2) * step * 2 + within / 8 * 16L
                + within % 4 * 4L + tap % 2 * 2L;
    }

    @Override
    public boolean finishes() {
        return stage.output() != CodeStage.Output.RAW;
    }

    @Override
    public long mostProducts() {
        return columns ? MOST_PRODUCTS : MOST_PRODUCTS_OF_PAIRS;
    }

    @Override
    public void run(DepthwiseBlock block) {
        MemorySegment arguments = block.scratch.kernel().atLeast(DepthwiseArguments.bytes(shape.taps()));
        boolean together = pixels > 1 && block.pixelStride == shape.channels()
                && block.outputStride == shape.channels();
        if (few < shape.channels()) {
            DepthwiseArguments.write(arguments, block, stage, paddedChannels());
            arguments.set(JAVA_LONG, DepthwiseArguments.CHANNELS, shape.channels() - few);
            arguments.set(JAVA_LONG, DepthwiseArguments.WEIGHT_BYTES, bytesAtATime());
            if (together) {
                DepthwiseArguments.writePixels(arguments, block, pixels);
            }
            if (!columns) {
                DepthwiseArguments.writeTaps(arguments, block);
            }
            call(together ? pixelsCode : code, block, arguments);
        }
        if (few > 0) {
            DepthwiseArguments.write(arguments, block, stage, paddedChannels());
            DepthwiseArguments.skip(arguments, stage, manyChannels(), manyBytes());
            call(fewCode, block, arguments);
        }
    }

    private void call(MemorySegment kernel, DepthwiseBlock block, MemorySegment arguments) {
        try {
            machine.run(kernel, block.input, finishes() ? block.output : block.sums, MemorySegment.NULL, arguments);
        } finally {
            // weights and terms were passed as addresses
            Reference.reachabilityFence(block);
        }
    }
}
