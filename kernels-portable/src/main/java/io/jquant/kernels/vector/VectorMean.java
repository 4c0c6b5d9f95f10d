// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.BYTES;
import static io.jquant.kernels.vector.Lanes.FLOATS;
import static io.jquant.kernels.vector.Lanes.INTS;
import static io.jquant.kernels.vector.Lanes.LANES;
import static io.jquant.kernels.vector.Lanes.REACH;

import io.jquant.kernels.common.PoolBlock;
import io.jquant.kernels.portable.Affine;
import io.jquant.kernels.portable.Rounding;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Means of windows: exact sums of integers, then one multiplication. */
final class VectorMean extends PoolRows {
    private final int inputZero;
    private final byte flip;
    /** What is added before rounding. */
    private final int before;
    /** What is added after rounding. */
    private final int after;
    private final int low;
    private final int high;

    VectorMean(Affine input, Affine output, boolean zeroPointFirst) {
        inputZero = Lanes.flippedZero(input);
        flip = Lanes.flip(input.type());
        before = zeroPointFirst ? output.zeroPoint() : 0;
        after = zeroPointFirst ? 0 : output.zeroPoint();
        low = output.type().min();
        high = output.type().max();
    }

    @Override
    void pool(PoolBlock block, byte[] input, int at, int[] reach, int taps, byte[] output, int outputAt) {
        int channels = block.channels;
        int whole = channels < REACH ? 0 : (channels - REACH) / LANES * LANES + LANES;
        for (int i = 0; i < block.pixels; i++) {
            int from = at + (int) (i * block.pixelStep);
            int to = outputAt + i * channels;
            vectors(input, from, reach, taps, whole, flip, inputZero * taps, block.multiplier, before, after,
                    low - after, high - after, output, to);
            for (int c = whole; c < channels; c++) {
                one(input, from + c, reach, taps, block.multiplier, output, to + c);
            }
        }
    }

    private static void vectors(byte[] input, int at, int[] reach, int taps, int channels, byte flip, int zeros,
            float multiplier, float before, int after, float least, float most, byte[] output, int outputAt) {
        FloatVector low = FloatVector.broadcast(FLOATS, least);
        FloatVector high = FloatVector.broadcast(FLOATS, most);
        for (int c = 0; c < channels; c += LANES) {
            IntVector sum = IntVector.zero(INTS);
            for (int tap = 0; tap < taps; tap++) {
                ByteVector bytes = ByteVector.fromArray(BYTES, input, at + c + reach[tap]);
                sum = sum.add(Lanes.widen(bytes.lanewise(VectorOperators.XOR, flip)));
            }
            FloatVector steps = ((FloatVector) sum.sub(zeros).convert(VectorOperators.I2F, 0)).mul(multiplier)
                    .add(before);
            Lanes.store(Lanes.round(steps, low, high, after), output, outputAt + c);
        }
    }

    private void one(byte[] input, int at, int[] reach, int taps, float multiplier, byte[] output, int outputAt) {
        int sum = 0;
        for (int tap = 0; tap < taps; tap++) {
            sum += Byte.toUnsignedInt((byte) (input[at + reach[tap]] ^ flip));
        }
        float steps = (float) (sum - inputZero * taps) * multiplier + before;
        output[outputAt] = (byte) Rounding.toInteger(steps, after, low, high);
    }
}
