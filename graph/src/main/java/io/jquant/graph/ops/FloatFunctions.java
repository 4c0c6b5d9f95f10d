// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

/** Functions of binary32 numbers that are right to about two units in the last place, and several times faster. */
public final class FloatFunctions {
    private static final float LOG2_E = 1.44269504f;
    /** The natural logarithm of 2 in two parts, the first with few enough bits that its multiples are exact. */
    private static final float LN2_HIGH = 0.693359375f;
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
        float p = 1.9875691500e-4f;
        p = p * r + 1.3981999507e-3f;
        p = p * r + 8.3334519073e-3f;
        p = p * r + 4.1665795894e-2f;
        p = p * r + 1.6666665459e-1f;
        p = p * r + 5.0000001201e-1f;
        float result = p * r * r + r + 1;
        // in two steps, as 2^128 has no binary32
        int half = (int) n >> 1;
        return result * powerOfTwo(half) * powerOfTwo((int) n - half);
    }

    private static float powerOfTwo(int exponent) {
        return Float.intBitsToFloat(exponent + BIAS << EXPONENT_SHIFT);
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
        float p = -5.70498872745e-3f;
        p = p * z + 2.06390887954e-2f;
        p = p * z - 5.37397155531e-2f;
        p = p * z + 1.33314422036e-1f;
        p = p * z - 3.33332819422e-1f;
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
        float p = -2.72614225801306e-10f;
        p = p * z + 2.77068142495902e-08f;
        p = p * z - 2.10102402082508e-06f;
        p = p * z - 5.69250639462346e-05f;
        p = p * z - 7.34990630326855e-04f;
        p = p * z - 2.95459980854025e-03f;
        p = p * z - 1.60960333262415e-02f;
        float q = -1.45660718464996e-05f;
        q = q * z - 2.13374055278905e-04f;
        q = q * z - 1.68282697438203e-03f;
        q = q * z - 7.37332916720468e-03f;
        q = q * z - 1.42647390514189e-02f;
        return bounded * p / q;
    }
}
