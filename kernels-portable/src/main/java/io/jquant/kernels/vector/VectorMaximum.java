// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.BYTES;
import static io.jquant.kernels.vector.Lanes.REACH;
import static io.jquant.kernels.vector.Lanes.WIDE;
import static io.jquant.kernels.vector.Lanes.WIDE_LANES;

import io.jquant.kernels.common.PoolBlock;
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
        for (int i = 0; i < block.pixels; i++) {
            int from = at + (int) (i * block.pixelStep);
            int to = outputAt + i * channels;
            if (channels >= WIDE_LANES) {
                wide(input, from, reach, taps, channels, flip, output, to);
            } else if (channels >= REACH) {
                some(input, from, reach, taps, channels, flip, output, to);
            } else {
                few(input, from, reach, taps, channels, flip, output, to);
            }
        }
    }

    private static void wide(byte[] input, int at, int[] reach, int taps, int channels, byte flip, byte[] output,
            int outputAt) {
        for (int c = 0; c < channels; c += WIDE_LANES) {
            int channel = Math.min(c, channels - WIDE_LANES);
            ByteVector largest = ByteVector.broadcast(WIDE, Byte.MIN_VALUE);
            int from = at + channel;
            int tap = 0;
            for (; tap + 2 <= taps; tap += 2) {
                ByteVector one = ByteVector.fromArray(WIDE, input, from + reach[tap]);
                ByteVector two = ByteVector.fromArray(WIDE, input, from + reach[tap + 1]);
                largest = largest.max(one.lanewise(VectorOperators.XOR, flip))
                        .max(two.lanewise(VectorOperators.XOR, flip));
            }
            if (tap < taps) {
                largest = largest.max(ByteVector.fromArray(WIDE, input, from + reach[tap])
                        .lanewise(VectorOperators.XOR, flip));
            }
            largest.lanewise(VectorOperators.XOR, flip).intoArray(output, outputAt + channel);
        }
    }

    private static void some(byte[] input, int at, int[] reach, int taps, int channels, byte flip, byte[] output,
            int outputAt) {
        for (int c = 0; c < channels; c += REACH) {
            int channel = Math.min(c, channels - REACH);
            ByteVector largest = ByteVector.broadcast(BYTES, Byte.MIN_VALUE);
            for (int tap = 0; tap < taps; tap++) {
                largest = largest.max(ByteVector.fromArray(BYTES, input, at + channel + reach[tap])
                        .lanewise(VectorOperators.XOR, flip));
            }
            largest.lanewise(VectorOperators.XOR, flip).intoArray(output, outputAt + channel);
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
