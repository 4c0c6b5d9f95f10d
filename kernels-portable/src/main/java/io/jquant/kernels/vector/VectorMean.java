// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.BYTES;
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
    private final MeanOfFour ofFour;

    VectorMean(Affine input, Affine output, boolean zeroPointFirst) {
        inputZero = Lanes.flippedZero(input);
        flip = Lanes.flip(input.type());
        before = zeroPointFirst ? output.zeroPoint() : 0;
        after = zeroPointFirst ? 0 : output.zeroPoint();
        low = output.type().min();
        high = output.type().max();
        ofFour = new MeanOfFour(inputZero, flip, before, after, low, high);
    }

    @Override
    boolean pool(PoolBlock block, int[] reach, int taps) {
        if (!MeanOfFour.takes(block, taps)) {
            return false;
        }
        ofFour.run(block, reach);
        return true;
    }

    @Override
    int sums(PoolBlock block) {
        return block.pixels * block.channels;
    }

    @Override
    void pool(PoolBlock block, byte[] input, int at, int[] reach, int taps, byte[] output, int outputAt) {
        if (MeanOfFour.takes(block, taps)) {
            ofFour.run(block, input, at, reach, output, outputAt);
            return;
        }
        int channels = block.channels;
        int whole = channels < REACH ? 0 : (channels - REACH) / LANES * LANES + LANES;
        // the sums of all pixels lie behind the taps
        for (int c = 0; c < whole; c += LANES) {
            sum(block, input, at + c, reach, taps, taps + c);
        }
        // without a rest the channels of all pixels are one row
        int rows = whole == channels ? 1 : block.pixels;
        int count = whole == channels ? block.pixels * channels : whole;
        for (int i = 0; i < rows; i++) {
            finish(reach, taps + i * channels, count, inputZero * taps, block.multiplier, before, after,
                    Lanes.bound(low - after), Lanes.bound(high - after), output, outputAt + i * channels);
        }
        for (int i = 0; i < block.pixels && whole < channels; i++) {
            for (int c = whole; c < channels; c++) {
                one(input, at + (int) (i * block.pixelStep) + c, reach, taps, block.multiplier, output,
                        outputAt + i * channels + c);
            }
        }
    }

    private void sum(PoolBlock block, byte[] input, int at, int[] reach, int taps, int sumsAt) {
        int step = (int) block.pixelStep;
        int tap = 0;
        for (; tap + 4 <= taps; tap += 4) {
            sum4(input, at + reach[tap], at + reach[tap + 1], at + reach[tap + 2], at + reach[tap + 3], step,
                    block.pixels, flip, tap > 0, reach, sumsAt, block.channels);
        }
        for (; tap < taps; tap++) {
            sum1(input, at + reach[tap], step, block.pixels, flip, tap > 0, reach, sumsAt, block.channels);
        }
    }

    private static void sum4(byte[] input, int first, int second, int third, int fourth, int step, int pixels,
            byte flip, boolean more, int[] sums, int sumsAt, int sumsStep) {
        for (int i = 0; i < pixels; i++) {
            int from = i * step;
            int to = sumsAt + i * sumsStep;
            IntVector one = (IntVector) ByteVector.fromArray(BYTES, input, first + from)
                    .lanewise(VectorOperators.XOR, flip).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            IntVector two = (IntVector) ByteVector.fromArray(BYTES, input, second + from)
                    .lanewise(VectorOperators.XOR, flip).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            IntVector three = (IntVector) ByteVector.fromArray(BYTES, input, third + from)
                    .lanewise(VectorOperators.XOR, flip).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            IntVector four = (IntVector) ByteVector.fromArray(BYTES, input, fourth + from)
                    .lanewise(VectorOperators.XOR, flip).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            IntVector sum = one.add(two).add(three.add(four));
            if (more) {
                sum = sum.add(IntVector.fromArray(INTS, sums, to));
            }
            sum.intoArray(sums, to);
        }
    }

    private static void sum1(byte[] input, int at, int step, int pixels, byte flip, boolean more, int[] sums,
            int sumsAt, int sumsStep) {
        for (int i = 0; i < pixels; i++) {
            int to = sumsAt + i * sumsStep;
            IntVector sum = (IntVector) ByteVector.fromArray(BYTES, input, at + i * step)
                    .lanewise(VectorOperators.XOR, flip).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            if (more) {
                sum = sum.add(IntVector.fromArray(INTS, sums, to));
            }
            sum.intoArray(sums, to);
        }
    }

    private static void finish(int[] sums, int at, int count, int zeros, float multiplier, float before, int after,
            int low, int high, byte[] output, int outputAt) {
        for (int i = 0; i < count; i += LANES) {
            IntVector sum = IntVector.fromArray(INTS, sums, at + i).sub(zeros);
            FloatVector steps = ((FloatVector) sum.convert(VectorOperators.I2F, 0)).mul(multiplier).add(before);
            ByteVector bytes = (ByteVector) steps.add(Lanes.ROUND).reinterpretAsInts().max(low).min(high).add(after)
                    .convertShape(VectorOperators.I2B, BYTES, 0);
            if (LANES == REACH) {
                bytes.intoArray(output, outputAt + i);
            } else {
                Lanes.INT.set(output, outputAt + i, bytes.reinterpretAsInts().lane(0));
            }
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
