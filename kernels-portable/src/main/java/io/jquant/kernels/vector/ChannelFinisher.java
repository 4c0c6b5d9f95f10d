// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.BYTES;
import static io.jquant.kernels.vector.Lanes.FLOATS;
import static io.jquant.kernels.vector.Lanes.INTS;
import static io.jquant.kernels.vector.Lanes.LANES;
import static io.jquant.kernels.vector.Lanes.REACH;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.jquant.kernels.common.OutputBlock;
import io.jquant.kernels.common.OutputStage;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The {@link OutputStage} for many pixels of few channels: a vector of channels at a time, all pixels. The loops call
 * nothing but the Vector API, as those of {@link PlaneFinisher}.
 */
final class ChannelFinisher {
    private ChannelFinisher() {
    }

    /** Stores some of a block's pixels from the sums in the space. */
    static void store(OutputBlock block, int firstPixel, int pixels, ChannelSpace space) {
        long to = block.outputOffset + firstPixel * block.outputStride;
        switch (block.stage.type()) {
            case S32 -> {
                integers(space, pixels, block.paddedColumns());
                for (int i = 0; i < pixels; i++) {
                    MemorySegment.copy(space.integers, i * block.paddedColumns(), block.output, JAVA_INT_UNALIGNED,
                            to + i * block.outputStride, block.columns());
                }
            }
            case F32 -> {
                floats(space, pixels, block.paddedColumns(), block.stage.low(), block.stage.high());
                for (int i = 0; i < pixels; i++) {
                    MemorySegment.copy(space.floats, i * block.paddedColumns(), block.output, JAVA_FLOAT_UNALIGNED,
                            to + i * block.outputStride, block.columns());
                }
            }
            default -> storeBytes(block, firstPixel, pixels, to, space);
        }
    }

    private static void storeBytes(OutputBlock block, int firstPixel, int pixels, long to, ChannelSpace space) {
        int padded = block.paddedColumns();
        int channels = block.columns();
        if (block.stage.addend() != null) {
            long from = block.addendOffset + firstPixel * block.addendStride;
            for (int i = 0; i < pixels; i++) {
                MemorySegment.copy(block.addend, JAVA_BYTE, from + i * block.addendStride, space.addends, i * padded,
                        channels);
            }
            addedBytes(space, pixels, padded, block.stage);
        } else {
            Object base = padded == channels ? Backing.array(block.output, to, 1) : null;
            if (base != null) {
                bytes(space, pixels, padded, block.stage, (byte[]) base, Backing.index(block.output, to, 1),
                        (int) block.outputStride);
                return;
            }
            bytes(space, pixels, padded, block.stage, space.bytes, 0, padded);
        }
        if (padded == channels && block.outputStride == channels) {
            MemorySegment.copy(space.bytes, 0, block.output, JAVA_BYTE, to, pixels * channels);
            return;
        }
        for (int i = 0; i < pixels; i++) {
            MemorySegment.copy(space.bytes, i * padded, block.output, JAVA_BYTE, to + i * block.outputStride,
                    channels);
        }
    }

    private static void integers(ChannelSpace space, int pixels, int channels) {
        for (int c = 0; c < channels; c += LANES) {
            IntVector initial = IntVector.fromArray(INTS, space.initial, c);
            for (int i = 0, at = c; i < pixels; i++, at += channels) {
                ((IntVector) FloatVector.fromArray(FLOATS, space.sums, at).convert(VectorOperators.F2I, 0))
                        .add(initial).intoArray(space.integers, at);
            }
        }
    }

    private static void floats(ChannelSpace space, int pixels, int channels, float low, float high) {
        for (int c = 0; c < channels; c += LANES) {
            FloatVector multiplier = FloatVector.fromArray(FLOATS, space.multipliers, c);
            FloatVector bias = FloatVector.fromArray(FLOATS, space.biases, c);
            IntVector initial = IntVector.fromArray(INTS, space.initial, c);
            for (int i = 0, at = c; i < pixels; i++, at += channels) {
                // exact as integers, rounded as floats
                FloatVector sum = (FloatVector) ((IntVector) FloatVector.fromArray(FLOATS, space.sums, at)
                        .convert(VectorOperators.F2I, 0)).add(initial).convert(VectorOperators.I2F, 0);
                sum.mul(multiplier).add(bias).max(low).min(high).intoArray(space.floats, at);
            }
        }
    }

    private static void bytes(ChannelSpace space, int pixels, int channels, OutputStage stage, byte[] output,
            int outputAt, int outputStep) {
        scale(space, pixels, channels);
        round(space.sums, pixels, channels, stage, output, outputAt, outputStep);
    }

    private static void addedBytes(ChannelSpace space, int pixels, int channels, OutputStage stage) {
        scale(space, pixels, channels);
        add(space, pixels, channels, stage.addend());
        round(space.sums, pixels, channels, stage, space.bytes, 0, channels);
    }

    /** Sums become steps of the output. With {@link #round} it outgrows what C2 inlines: vectors go to the heap. */
    private static void scale(ChannelSpace space, int pixels, int channels) {
        float[] sums = space.sums;
        for (int c = 0; c < channels; c += LANES) {
            FloatVector multiplier = FloatVector.fromArray(FLOATS, space.multipliers, c);
            FloatVector bias = FloatVector.fromArray(FLOATS, space.biases, c);
            IntVector initial = IntVector.fromArray(INTS, space.initial, c);
            for (int i = 0, at = c; i < pixels; i++, at += channels) {
                FloatVector sum = (FloatVector) ((IntVector) FloatVector.fromArray(FLOATS, sums, at)
                        .convert(VectorOperators.F2I, 0)).add(initial).convert(VectorOperators.I2F, 0);
                sum.add(bias).mul(multiplier).intoArray(sums, at);
            }
        }
    }

    private static void add(ChannelSpace space, int pixels, int channels, OutputStage.Addend addend) {
        byte flip = addend.signed() ? Byte.MIN_VALUE : 0;
        int zero = addend.zeroPoint() + (addend.signed() ? 128 : 0);
        float[] sums = space.sums;
        for (int at = 0; at < pixels * channels; at += LANES) {
            IntVector distance = ((IntVector) ByteVector.fromArray(BYTES, space.addends, at)
                    .lanewise(VectorOperators.XOR, flip).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                    .sub(zero);
            FloatVector.fromArray(FLOATS, sums, at)
                    .add(((FloatVector) distance.convert(VectorOperators.I2F, 0)).mul(addend.ratio()))
                    .intoArray(sums, at);
        }
    }

    private static void round(float[] steps, int pixels, int channels, OutputStage stage, byte[] output, int outputAt,
            int outputStep) {
        int low = Lanes.bound(stage.low());
        int high = Lanes.bound(stage.high());
        int zeroPoint = stage.zeroPoint();
        int row = outputAt;
        int at = 0;
        for (int i = 0; i < pixels; i++, row += outputStep) {
            for (int c = 0; c < channels; c += LANES, at += LANES) {
                ByteVector rounded = (ByteVector) FloatVector.fromArray(FLOATS, steps, at).add(Lanes.ROUND)
                        .reinterpretAsInts().max(low).min(high).add(zeroPoint)
                        .convertShape(VectorOperators.I2B, BYTES, 0);
                if (LANES == REACH) {
                    rounded.intoArray(output, row + c);
                } else {
                    Lanes.INT.set(output, row + c, rounded.reinterpretAsInts().lane(0));
                }
            }
        }
    }
}
