// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.BYTES;
import static io.jquant.kernels.vector.Lanes.REACH;
import static io.jquant.kernels.vector.Lanes.WIDE;
import static io.jquant.kernels.vector.Lanes.WIDE_LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.kernels.common.PoolBlock;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The largest bytes of windows. The last vector of a pixel overlaps the one before it, so that nothing beyond the
 * channels is touched; fewer channels than a short vector has bytes are taken one by one.
 */
final class VectorMaximum extends PoolRows {
    private final byte flip;

    VectorMaximum(boolean signed) {
        flip = signed ? 0 : Byte.MIN_VALUE;
    }

    @Override
    void pool(PoolBlock block, byte[] input, int at, int[] reach, int taps, byte[] output, int outputAt) {
        int channels = block.channels;
        int lanes = channels >= WIDE_LANES ? WIDE_LANES : REACH;
        if (channels < REACH) {
            for (int i = 0; i < block.pixels; i++) {
                few(input, at + (int) (i * block.pixelStep), reach, taps, channels, flip, output,
                        outputAt + i * channels);
            }
            return;
        }
        for (int c = 0; c < channels; c += lanes) {
            int channel = Math.min(c, channels - lanes);
            vectors(block, input, at + channel, reach, taps, output, outputAt + channel);
        }
    }

    /** A vector of channels of all pixels: the last tap and three others, then what they gave and three more. */
    private void vectors(PoolBlock block, byte[] input, int at, int[] reach, int taps, byte[] output, int outputAt) {
        int step = (int) block.pixelStep;
        int channels = block.channels;
        boolean wide = channels >= WIDE_LANES;
        int last = at + reach[taps - 1];
        byte[] before = input;
        int beforeAt = last;
        int beforeStep = step;
        for (int tap = 0; tap == 0 || tap < taps - 1; tap += 3) {
            int first = at + reach[tap];
            int second = tap + 1 < taps ? at + reach[tap + 1] : last;
            int third = tap + 2 < taps ? at + reach[tap + 2] : last;
            if (wide) {
                wide(input, first, second, third, step, before, beforeAt, beforeStep, block.pixels, flip, output,
                        outputAt, channels);
            } else {
                some(input, first, second, third, step, before, beforeAt, beforeStep, block.pixels, flip, output,
                        outputAt, channels);
            }
            before = output;
            beforeAt = outputAt;
            beforeStep = channels;
        }
    }

    private static void wide(byte[] input, int first, int second, int third, int step, byte[] before, int beforeAt,
            int beforeStep, int pixels, byte flip, byte[] output, int outputAt, int outputStep) {
        for (int i = 0; i < pixels; i++) {
            int from = i * step;
            ByteVector one = ByteVector.fromArray(WIDE, input, first + from).lanewise(VectorOperators.XOR, flip);
            ByteVector two = ByteVector.fromArray(WIDE, input, second + from).lanewise(VectorOperators.XOR, flip);
            ByteVector three = ByteVector.fromArray(WIDE, input, third + from).lanewise(VectorOperators.XOR, flip);
            ByteVector four = ByteVector.fromArray(WIDE, before, beforeAt + i * beforeStep)
                    .lanewise(VectorOperators.XOR, flip);
            one.max(two).max(three.max(four)).lanewise(VectorOperators.XOR, flip)
                    .intoArray(output, outputAt + i * outputStep);
        }
    }

    @Override
    boolean pool(PoolBlock block, int[] reach, int taps) {
        int channels = block.channels;
        if (channels < WIDE_LANES) {
            return false;
        }
        int step = (int) block.pixelStep;
        for (int c = 0; c < channels; c += WIDE_LANES) {
            int channel = Math.min(c, channels - WIDE_LANES);
            long at = block.inputOffset + channel;
            long to = block.outputOffset + channel;
            long last = at + reach[taps - 1];
            wide(block.input, at + reach[0], at + reach[Math.min(1, taps - 1)], at + reach[Math.min(2, taps - 1)],
                    step, block.input, last, step, block.pixels, flip, block.output, to, channels);
            for (int tap = 3; tap < taps - 1; tap += 3) {
                wide(block.input, at + reach[tap], at + reach[tap + 1], at + reach[Math.min(tap + 2, taps - 1)], step,
                        block.output, to, channels, block.pixels, flip, block.output, to, channels);
            }
        }
        return true;
    }

    private static void wide(MemorySegment input, long first, long second, long third, int step,
            MemorySegment before, long beforeAt, int beforeStep, int pixels, byte flip, MemorySegment output,
            long outputAt, int outputStep) {
        MemorySegment from = Backing.outside(input);
        MemorySegment other = Backing.outside(before);
        MemorySegment to = Backing.outside(output);
        for (int i = 0; i < pixels; i++) {
            long place = (long) i * step;
            ByteVector one = ByteVector.fromMemorySegment(WIDE, from, first + place, LITTLE_ENDIAN)
                    .lanewise(VectorOperators.XOR, flip);
            ByteVector two = ByteVector.fromMemorySegment(WIDE, from, second + place, LITTLE_ENDIAN)
                    .lanewise(VectorOperators.XOR, flip);
            ByteVector three = ByteVector.fromMemorySegment(WIDE, from, third + place, LITTLE_ENDIAN)
                    .lanewise(VectorOperators.XOR, flip);
            ByteVector four = ByteVector.fromMemorySegment(WIDE, other, beforeAt + (long) i * beforeStep,
                    LITTLE_ENDIAN).lanewise(VectorOperators.XOR, flip);
            one.max(two).max(three.max(four)).lanewise(VectorOperators.XOR, flip)
                    .intoMemorySegment(to, outputAt + (long) i * outputStep, LITTLE_ENDIAN);
        }
    }

    private static void some(byte[] input, int first, int second, int third, int step, byte[] before, int beforeAt,
            int beforeStep, int pixels, byte flip, byte[] output, int outputAt, int outputStep) {
        for (int i = 0; i < pixels; i++) {
            int from = i * step;
            ByteVector one = ByteVector.fromArray(BYTES, input, first + from).lanewise(VectorOperators.XOR, flip);
            ByteVector two = ByteVector.fromArray(BYTES, input, second + from).lanewise(VectorOperators.XOR, flip);
            ByteVector three = ByteVector.fromArray(BYTES, input, third + from).lanewise(VectorOperators.XOR, flip);
            ByteVector four = ByteVector.fromArray(BYTES, before, beforeAt + i * beforeStep)
                    .lanewise(VectorOperators.XOR, flip);
            one.max(two).max(three.max(four)).lanewise(VectorOperators.XOR, flip)
                    .intoArray(output, outputAt + i * outputStep);
        }
    }

    private static void few(byte[] input, int at, int[] reach, int taps, int channels, byte flip, byte[] output,
            int outputAt) {
        for (int c = 0; c < channels; c++) {
            int largest = Byte.MIN_VALUE;
            for (int tap = 0; tap < taps; tap++) {
                largest = Math.max(largest, input[at + c + reach[tap]] ^ flip);
            }
            output[outputAt + c] = (byte) (largest ^ flip);
        }
    }
}
