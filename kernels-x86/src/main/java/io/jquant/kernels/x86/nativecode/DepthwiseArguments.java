// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jquant.kernels.common.CodeStage;
import io.jquant.kernels.common.ColumnTerms;
import io.jquant.kernels.common.DepthwiseBlock;
import io.jquant.kernels.common.DepthwiseShape;
import java.lang.foreign.MemorySegment;

/**
 * What a depthwise kernel is told besides its operands, as {@link KernelArguments} are. Integers of 64 bits but for the
 * numbers of the output stage, which are of 32.
 */
final class DepthwiseArguments {
    /** The input: an offset, made an address by the kernel. */
    static final int INPUT = 0;
    static final int ROW_STRIDE = 8;
    static final int PIXEL_STRIDE = 16;
    /** Bytes of the input from one row of the output to the next, and from one pixel of the output to the next. */
    static final int LINE_STEP = 24;
    static final int PIXEL_STEP = 32;
    static final int HEIGHT = 40;
    static final int WIDTH = 48;
    /** The output: an offset, made an address by the kernel. */
    static final int OUTPUT = 56;
    static final int OUTPUT_STRIDE = 64;
    /** Channels from the kernel's current ones on. */
    static final int CHANNELS = 72;
    /** Addresses of what belongs to the current channels. */
    static final int WEIGHTS = 80;
    static final int INITIAL = 88;
    static final int MULTIPLIER = 96;
    static final int BIAS = 104;
    /** Bytes of the weights of the channels that are computed at a time. */
    static final int WEIGHT_BYTES = 112;
    /** Pairs of taps. */
    static final int PAIRS = 120;
    /** The kernel's own: where the current row of pixels begins, how many are left. */
    static final int LINE = 128;
    static final int LINES = 136;

    /** Which bytes of the last pixels of a row are stored if several are computed at a time, and how many. */
    static final int LAST_MASK = 144;
    static final int LAST_BYTES = 152;

    static final int ZERO_POINT = 160;
    static final int HIGH = 164;
    static final int SMALLEST = 168;
    /** Vectors of those, and of the terms of the current channels in the order of the sums. */
    static final int ZERO_POINT_WORDS = 192;
    static final int SMALLEST_BYTES = 256;
    static final int HIGH_VECTOR = 320;
    static final int INITIALS = 384;
    static final int MULTIPLIERS = 640;
    static final int BIASES = 896;
    /** A place for what is cut off. */
    static final int PARTIAL = 1152;
    /** Offsets of the taps from a pixel's first: 64 bits each. */
    static final int TAPS = 1216;

    private DepthwiseArguments() {
    }

    /** How much memory they take. */
    static long bytes(int taps) {
        return TAPS + (taps + 1L) * Long.BYTES;
    }

    /** Writes what a block says. */
    static void write(MemorySegment to, DepthwiseBlock block, CodeStage stage, int paddedChannels) {
        DepthwiseShape shape = block.shape;
        to.set(JAVA_LONG, INPUT, block.inputOffset);
        to.set(JAVA_LONG, ROW_STRIDE, block.rowStride);
        to.set(JAVA_LONG, PIXEL_STRIDE, block.pixelStride);
        to.set(JAVA_LONG, LINE_STEP, block.rowStride * shape.strideHeight());
        to.set(JAVA_LONG, PIXEL_STEP, block.pixelStride * shape.strideWidth());
        to.set(JAVA_LONG, HEIGHT, block.height);
        to.set(JAVA_LONG, WIDTH, block.width);
        to.set(JAVA_LONG, CHANNELS, shape.channels());
        to.set(JAVA_LONG, WEIGHTS, block.weights.address());
        if (stage.output() == CodeStage.Output.RAW) {
            to.set(JAVA_LONG, OUTPUT, block.sumsOffset);
            to.set(JAVA_LONG, OUTPUT_STRIDE, (long) paddedChannels * Integer.BYTES);
            return;
        }
        to.set(JAVA_LONG, OUTPUT, block.outputOffset);
        to.set(JAVA_LONG, OUTPUT_STRIDE, block.outputStride);
        ColumnTerms terms = block.terms;
        long base = terms.segment().address();
        to.set(JAVA_LONG, INITIAL, base + terms.initialOffset());
        to.set(JAVA_LONG, MULTIPLIER, base + terms.multiplierOffset());
        to.set(JAVA_LONG, BIAS, base + terms.biasOffset());
        to.set(JAVA_INT, ZERO_POINT, block.stage.zeroPoint());
        to.set(JAVA_FLOAT, HIGH, block.stage.high());
        to.set(JAVA_INT, SMALLEST, (int) block.stage.low() + block.stage.zeroPoint());
    }

    /** Leaves out the first channels. */
    static void skip(MemorySegment to, CodeStage stage, int channels, long weightBytes) {
        KernelArguments.add(to, INPUT, channels);
        KernelArguments.add(to, OUTPUT, (long) channels * stage.output().bytes());
        KernelArguments.add(to, CHANNELS, -channels);
        KernelArguments.add(to, WEIGHTS, weightBytes);
        KernelArguments.add(to, INITIAL, (long) channels * Integer.BYTES);
        KernelArguments.add(to, MULTIPLIER, (long) channels * Float.BYTES);
        KernelArguments.add(to, BIAS, (long) channels * Float.BYTES);
    }

    /** Writes what differs if several pixels are computed at a time. */
    static void writePixels(MemorySegment to, DepthwiseBlock block, int pixels) {
        int channels = block.shape.channels();
        int turns = Math.ceilDiv(block.width, pixels);
        int lastBytes = (block.width - (turns - 1) * pixels) * channels;
        to.set(JAVA_LONG, WIDTH, turns);
        to.set(JAVA_LONG, CHANNELS, (long) pixels * channels);
        to.set(JAVA_LONG, OUTPUT_STRIDE, (long) pixels * channels);
        to.set(JAVA_LONG, LAST_MASK, -1L >>> (Long.SIZE - lastBytes));
        to.set(JAVA_LONG, LAST_BYTES, lastBytes);
    }

    /** Writes where the taps are, in pairs: an odd one out is paired with itself. */
    static void writeTaps(MemorySegment to, DepthwiseBlock block) {
        DepthwiseShape shape = block.shape;
        int taps = 0;
        long offset = 0;
        for (int kd = 0; kd < shape.kernel().depth(); kd++) {
            for (int kh = 0; kh < shape.kernel().height(); kh++) {
                for (int kw = 0; kw < shape.kernel().width(); kw++) {
                    offset = block.tap(kd, kh, kw);
                    to.set(JAVA_LONG, TAPS + (long) taps++ * Long.BYTES, offset);
                }
            }
        }
        to.set(JAVA_LONG, TAPS + (long) taps * Long.BYTES, offset);
        to.set(JAVA_LONG, PAIRS, (taps + 1) / 2);
    }
}
