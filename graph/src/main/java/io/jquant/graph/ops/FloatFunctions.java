// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

/** Functions of binary32 numbers that are right to about two units in the last place, and several times faster. */
public final class FloatFunctions {
    private static final float LOG2_E = 1.442695f;
    /** The natural logarithm of 2 in two parts, the first with few enough bits that its multiples are exact. */
    private static final float LN2_HIGH = 0.6933594f;
    private static final float LN2_LOW = -2.12194440e-4f;
    /** Adding it rounds a number to an integer, which then lies in the low bits. */
    private static final float ROUNDER = 0x1.8p23f;
    private static final float LARGEST = 88.72283f;
    private static final float SMALLEST = -87.33654f;
    private static final int EXPONENT_SHIFT = 23;
    private static final int BIAS = 127;

    private FloatFunctions() {
    }

    /**
     * The exponential.
     *
     * @param x a number
     * @return e to its power: infinite above 88.72, 0 below -87.33, NaN for NaN
     */
    public static float exp(float x) {
        if (!(x <= LARGEST)) {
            return x > LARGEST ? Float.POSITIVE_INFINITY : Float.NaN;
        }
        if (x < SMALLEST) {
            return 0;
        }
        float n = x * LOG2_E + ROUNDER - ROUNDER;
        float r = x - n * LN2_HIGH - n * LN2_LOW;
        float p = 0.00019875691f;
        p = p * r + 0.0013981999f;
        p = p * r + 0.008333452f;
        p = p * r + 0.041665796f;
        p = p * r + 0.16666666f;
        p = p * r + 0.5f;
        float result = p * r * r + r + 1;
        // in two steps, as 2^128 has no binary32
        int half = (int) n >> 1;
        return result * powerOfTwo(half) * powerOfTwo((int) n - half);
    }

    private static float powerOfTwo(int exponent) {
        return Float.intBitsToFloat((exponent + BIAS) << EXPONENT_SHIFT);
    }

    /**
     * The logistic function.
     *
     * @param x a number
     * @return {@code 1 / (1 + exp(-x))}
     */
    public static float sigmoid(float x) {
        return 1 / (1 + exp(-x));
    }

    /**
     * The hyperbolic tangent.
     *
     * @param x a number
     * @return its tanh; below 0.6 by a polynomial, as the difference to 1 would lose digits
     */
    public static float tanh(float x) {
        float magnitude = Math.abs(x);
        if (magnitude >= 0.625f) {
            float y = 1 - 2 / (exp(2 * magnitude) + 1);
            return x < 0 ? -y : y;
        }
        float z = x * x;
        float p = -0.0057049887f;
        p = p * z + 0.020639088f;
        p = p * z - 0.053739715f;
        p = p * z + 0.13331442f;
        p = p * z - 0.3333328f;
        return p * z * x + x;
    }

    /**
     * The error function, by a quotient of polynomials within -4 and 4, beyond which it is 1 in binary32.
     *
     * @param x a number
     * @return its erf, right to about four units in the last place of 1
     */
    public static float erf(float x) {
        float bounded = Math.max(-4, Math.min(4, x));
        float z = bounded * bounded;
        float p = -2.7261424e-10f;
        p = p * z + 2.7706815e-8f;
        p = p * z - 2.101024e-6f;
        p = p * z - 5.6925062e-5f;
        p = p * z - 0.00073499064f;
        p = p * z - 0.0029546f;
        p = p * z - 0.016096033f;
        float q = -1.45660715e-5f;
        q = q * z - 0.00021337405f;
        q = q * z - 0.001682827f;
        q = q * z - 0.0073733293f;
        q = q * z - 0.014264739f;
        return bounded * p / q;
    }
}
