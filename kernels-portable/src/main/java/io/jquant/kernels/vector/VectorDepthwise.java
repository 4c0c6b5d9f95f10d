// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.BYTES;
import static io.jquant.kernels.vector.Lanes.FLOATS;
import static io.jquant.kernels.vector.Lanes.LANES;

import io.jquant.kernels.common.DepthwiseBlock;
import io.jquant.kernels.common.DepthwiseKernel;
import io.jquant.kernels.common.DepthwiseShape;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * A depthwise convolution in floats, whose sums are exact integers below 2^24: for a vector of channels at a time, four
 * pixels next to each other share every weight.
 */
public final class VectorDepthwise implements DepthwiseKernel {
    /** Taps whose sums stay below 2^24: 258 * 255 * 255. */
    private static final int MOST_TAPS = 258;

    private final DepthwiseShape shape;
    private final int paddedChannels;
    private final float[] weights;

    private VectorDepthwise(DepthwiseShape shape) {
        this.shape = shape;
        paddedChannels = Math.ceilDiv(shape.channels(), LANES) * LANES;
        weights = new float[shape.taps() * paddedChannels];
    }

    /**
     * A kernel for a shape.
     *
     * @param shape the shape
     * @return the kernel; null where sums would not be exact
     */
    public static DepthwiseKernel of(DepthwiseShape shape) {
        return shape.taps() > MOST_TAPS ? null : new VectorDepthwise(shape);
    }

    @Override
    public int paddedChannels() {
        return paddedChannels;
    }

    @Override
    public boolean readsArrays() {
        return true;
    }

    /** Weights are an array of the kernel's own. */
    @Override
    public long weightBytes() {
        return 0;
    }

    @Override
    public void pack(short[] centered, MemorySegment to) {
        int taps = shape.taps();
        for (int i = 0; i < centered.length; i++) {
            int tap = i / shape.channels();
            int channel = i % shape.channels();
            weights[(channel / LANES * taps + tap) * LANES + channel % LANES] = centered[i];
        }
    }

    @Override
    public boolean finishes() {
        return true;
    }

    @Override
    public long mostProducts() {
        return Long.MAX_VALUE;
    }

    @Override
    public void run(DepthwiseBlock block) {
        ChannelSpace space = block.scratch.kept(ChannelSpace.class, ChannelSpace::new);
        space.reserve(block.width, paddedChannels, shape.taps());
        space.load(block);
        place(block, space.reach);
        int step = (int) (shape.strideWidth() * block.pixelStride);
        for (int row = 0; row < block.height; row++) {
            int at = (int) (block.inputOffset + (long) row * shape.strideHeight() * block.rowStride);
            sumRow(block, at, step, space);
            ChannelFinisher.store(block, row * block.width, block.width, space);
        }
    }

    private void sumRow(DepthwiseBlock block, int at, int step, ChannelSpace space) {
        int taps = shape.taps();
        for (int channel = 0; channel < paddedChannels; channel += LANES) {
            sum(block.array, at + channel, step, space.reach, weights, channel * taps, taps, block.width, space.sums,
                    channel, paddedChannels);
        }
    }

    /** Where the bytes under the taps are, from the first on. */
    private void place(DepthwiseBlock block, int[] reach) {
        int tap = 0;
        for (int kd = 0; kd < shape.kernel().depth(); kd++) {
            for (int kh = 0; kh < shape.kernel().height(); kh++) {
                for (int kw = 0; kw < shape.kernel().width(); kw++) {
                    reach[tap++] = (int) (kd * block.planeStride + (long) kh * shape.dilationHeight() * block.rowStride
                            + (long) kw * shape.dilationWidth() * block.pixelStride);
                }
            }
        }
    }

    private static FloatVector load(byte[] input, int at) {
        return (FloatVector) Lanes.widen(ByteVector.fromArray(BYTES, input, at)).convert(VectorOperators.I2F, 0);
    }

    private static void sum(byte[] input, int at, int step, int[] reach, float[] weights, int weightsAt, int taps,
            int pixels, float[] sums, int channel, int channels) {
        int to = channel;
        int pixel = 0;
        for (; pixel + 4 <= pixels; pixel += 4, to += 4 * channels) {
            int from = at + pixel * step;
            FloatVector sum0 = FloatVector.zero(FLOATS);
            FloatVector sum1 = FloatVector.zero(FLOATS);
            FloatVector sum2 = FloatVector.zero(FLOATS);
            FloatVector sum3 = FloatVector.zero(FLOATS);
            for (int tap = 0; tap < taps; tap++) {
                FloatVector weight = FloatVector.fromArray(FLOATS, weights, weightsAt + tap * LANES);
                int place = from + reach[tap];
                sum0 = load(input, place).fma(weight, sum0);
                sum1 = load(input, place + step).fma(weight, sum1);
                sum2 = load(input, place + 2 * step).fma(weight, sum2);
                sum3 = load(input, place + 3 * step).fma(weight, sum3);
            }
            sum0.intoArray(sums, to);
            sum1.intoArray(sums, to + channels);
            sum2.intoArray(sums, to + 2 * channels);
            sum3.intoArray(sums, to + 3 * channels);
        }
        for (; pixel < pixels; pixel++, to += channels) {
            int from = at + pixel * step;
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int tap = 0; tap < taps; tap++) {
                FloatVector weight = FloatVector.fromArray(FLOATS, weights, weightsAt + tap * LANES);
                sum = load(input, from + reach[tap]).fma(weight, sum);
            }
            sum.intoArray(sums, to);
        }
    }
}
