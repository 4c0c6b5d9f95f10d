// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.INTS;
import static io.jquant.kernels.vector.Lanes.PAIRS;
import static io.jquant.kernels.vector.Lanes.WIDE_LANES;

import io.jquant.BinarySpec;
import io.jquant.kernels.portable.Affine;
import java.util.Arrays;

/**
 * The numbers of a function of pairs of bytes, each as often as a vector holds it. Loops load them: a broadcast number
 * C2 would bring into a vector again in every step, where registers are short.
 *
 * <p>Four bytes of an integer become four vectors of floats, and four vectors of results one of bytes, with no lane
 * moved. A byte combined with the bits of 2^23 is that float plus the byte; a float near 1.5 * 2^23 has an integer,
 * rounded, in its lower half. Two of those are added into one vector of shorts, where they are bounded.
 */
final class PairNumbers {
    /** What results must be below, before they are bounded. */
    static final double MOST = 1 << 14;
    /** 2^23, whose last bit is 1. */
    private static final int MAGIC = 0x4B00_0000;
    /** Makes every result positive, so that two that are added into one vector do not borrow from each other. */
    private static final int BIAS = 1 << 14;

    final int[] lowByte = repeat(0xFF);
    /** Flips the sign of s8, too. */
    final int[] leftMagic;
    final int[] rightMagic;
    /** Zero points of what these have made. */
    final float[] leftZero;
    final float[] rightZero;
    final float[] leftFactor;
    final float[] rightFactor;
    final float[] factor;
    /** Rounds what goes to the lower half of an integer, and leaves a number in the upper half. */
    final float[] lower;
    /** Rounds what goes to the upper half, where that number is added to it. */
    final float[] upper;
    final short[] low;
    final short[] high;
    final short[] evenByte = repeat((short) 0xFF);
    final byte[] zeroPoint;

    /**
     * @param spec the function
     * @param leftFactor a number for the left operand
     * @param rightFactor a number for the right operand
     * @param factor a number for what becomes of them
     */
    PairNumbers(BinarySpec spec, float leftFactor, float rightFactor, float factor) {
        Affine left = Affine.of(spec.left());
        Affine right = Affine.of(spec.right());
        leftMagic = repeat(MAGIC + Byte.toUnsignedInt(Lanes.flip(left.type())));
        rightMagic = repeat(MAGIC + Byte.toUnsignedInt(Lanes.flip(right.type())));
        leftZero = repeat(Float.intBitsToFloat(MAGIC + Lanes.flippedZero(left)));
        rightZero = repeat(Float.intBitsToFloat(MAGIC + Lanes.flippedZero(right)));
        this.leftFactor = repeat(leftFactor);
        this.rightFactor = repeat(rightFactor);
        this.factor = repeat(factor);
        float round = Lanes.ROUND + BIAS;
        lower = repeat(round);
        upper = repeat(round - (Float.floatToRawIntBits(round) >>> Short.SIZE));
        int zero = spec.output().zeroPoint();
        low = repeat((short) (BIAS + spec.activation().quantizedMin(spec.output()) - zero));
        high = repeat((short) (BIAS + spec.activation().quantizedMax(spec.output()) - zero));
        // a multiple of 256 in the bias leaves bytes alone
        zeroPoint = repeat((byte) zero);
    }

    private static float[] repeat(float number) {
        float[] numbers = new float[INTS.length()];
        Arrays.fill(numbers, number);
        return numbers;
    }

    private static int[] repeat(int number) {
        int[] numbers = new int[INTS.length()];
        Arrays.fill(numbers, number);
        return numbers;
    }

    private static short[] repeat(short number) {
        short[] numbers = new short[PAIRS];
        Arrays.fill(numbers, number);
        return numbers;
    }

    private static byte[] repeat(byte number) {
        byte[] numbers = new byte[WIDE_LANES];
        Arrays.fill(numbers, number);
        return numbers;
    }
}
