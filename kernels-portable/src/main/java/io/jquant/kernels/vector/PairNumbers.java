// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.INTS;
import static io.jquant.kernels.vector.Lanes.PAIRS;

import io.jquant.BinarySpec;
import io.jquant.kernels.portable.Affine;
import java.util.Arrays;

/**
 * The numbers of a function of pairs of bytes, each as often as a vector holds it. Loops load them: a broadcast number
 * C2 would bring into a vector again in every step, where registers are short.
 */
final class PairNumbers {
    /** What shorts are multiplied by that are moved to the upper half of an integer. */
    static final float SCALE = 1 << Short.SIZE;
    /** What can be divided by its square, and stays a normal number. */
    static final float LEAST = 0x1p-90f;
    private static final int UPPER_HALF = 0xFFFF_0000;

    final short[] leftZero;
    final short[] rightZero;
    final byte[] leftFlip;
    final byte[] rightFlip;
    final float[] leftFactor;
    final float[] rightFactor;
    final float[] factor;
    final float[] round = repeat(Lanes.ROUND);
    final int[] low;
    final int[] high;
    final int[] upperHalf = repeat(UPPER_HALF);
    final int[] lowerHalf = repeat(~UPPER_HALF);
    final short[] zeroPoint;

    /**
     * @param spec the function
     * @param leftFactor a number for the left operand
     * @param rightFactor a number for the right operand
     * @param factor a number for what becomes of them
     */
    PairNumbers(BinarySpec spec, float leftFactor, float rightFactor, float factor) {
        Affine left = Affine.of(spec.left());
        Affine right = Affine.of(spec.right());
        leftZero = repeat((short) Lanes.flippedZero(left));
        rightZero = repeat((short) Lanes.flippedZero(right));
        leftFlip = repeat(Lanes.flip(left.type()));
        rightFlip = repeat(Lanes.flip(right.type()));
        this.leftFactor = repeat(leftFactor);
        this.rightFactor = repeat(rightFactor);
        this.factor = repeat(factor);
        int zero = spec.output().zeroPoint();
        low = repeat(Lanes.bound(spec.activation().quantizedMin(spec.output()) - zero));
        high = repeat(Lanes.bound(spec.activation().quantizedMax(spec.output()) - zero));
        zeroPoint = repeat((short) zero);
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
        byte[] numbers = new byte[PAIRS];
        Arrays.fill(numbers, number);
        return numbers;
    }
}
