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
    private static final int PART = 64;

    private final DepthwiseShape shape;
    private final CodeStage stage;
    private final PairsCode.Dot dot;
    private final Machine machine;
    private final boolean columns;
    private final MemorySegment code;
    /** Pixels at a time where the image has no gaps, and the code for it. */
    private final int pixels;
    private final MemorySegment pixelsCode;

    NativeDepthwise(DepthwiseShape shape, CodeStage wanted, PairsCode.Dot dot, Machine machine) {
        this.shape = shape;
        this.machine = machine;
        this.stage = wanted.output().isQuantized() && wanted.addend() == CodeStage.Addend.NONE ? wanted : CodeStage.RAW;
        this.dot = dot;
        this.columns = dot == PairsCode.Dot.AVX512_VNNI && ColumnsCode.fits(shape);
        int height = shape.kernel().height();
        int width = shape.kernel().width();
        this.code = columns ? KernelCode.columns(stage, height, width, shape.strideWidth(), 1)
                : KernelCode.pairs(stage, dot);
        this.pixels = columns && finishes() ? ColumnsCode.pixels(shape) : 1;
        this.pixelsCode = pixels > 1 ? KernelCode.columns(stage, height, width, pixels, pixels) : code;
    }

    private int channelsAtATime() {
        return columns ? ColumnsCode.CHANNELS : dot.channels();
    }

    @Override
    public int paddedChannels() {
        int step = channelsAtATime();
        return Math.ceilDiv(shape.channels(), step) * step;
    }

    @Override
    public long weightBytes() {
        return paddedChannels() / channelsAtATime() * bytesAtATime();
    }

    private long bytesAtATime() {
        return columns
                ? 4L * PART * ColumnsCode.groups(shape.kernel().height()) * shape.kernel().width()
                : (shape.taps() + 1L) / 2 * 4 * dot.channels();
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
        return channel / ColumnsCode.CHANNELS * bytesAtATime() + index * PART + within / 16 * 16L + within % 4 * 4L
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
        DepthwiseArguments.write(arguments, block, stage, paddedChannels());
        arguments.set(JAVA_LONG, DepthwiseArguments.WEIGHT_BYTES, bytesAtATime());
        boolean together = pixels > 1 && block.pixelStride == shape.channels()
                && block.outputStride == shape.channels();
        if (together) {
            DepthwiseArguments.writePixels(arguments, block, pixels);
        }
        if (!columns) {
            DepthwiseArguments.writeTaps(arguments, block);
        }
        try {
            machine.run(together ? pixelsCode : code, block.input, finishes() ? block.output : block.sums,
                    MemorySegment.NULL, arguments);
        } finally {
            // weights and terms were passed as addresses
            Reference.reachabilityFence(block);
        }
    }
}
