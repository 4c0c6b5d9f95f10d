// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.UnaryFunction;

/**
 * Functions of one real number, in the operations and the precision of aten's scalar code. Transcendental ones come
 * from StrictMath, so that every machine has the same bits.
 */
final class RealFunctions {
    private static final double SQRT_HALF = Math.sqrt(0.5);

    private RealFunctions() {
    }

    static float apply(UnaryFunction function, float x) {
        return switch (function) {
            case UnaryFunction.Clamp clamp -> Math.min(Math.max(x, clamp.bounds().min()), clamp.bounds().max());
            case UnaryFunction.LeakyRelu leaky -> x > 0 ? x : x * leaky.slope();
            case UnaryFunction.Elu elu -> x >= 0
                    ? x * elu.scale()
                    : (exp(x * elu.inputScale()) - 1) * elu.alpha() * elu.scale();
            case UnaryFunction.HardSwish hardSwish -> hardSwish(x);
            case UnaryFunction.HardSigmoid hardSigmoid -> hardSigmoid(x);
            case UnaryFunction.Sigmoid sigmoid -> (float) (1.0 / (1.0 + exp(-x)));
            case UnaryFunction.Tanh tanh -> (float) StrictMath.tanh(x);
            case UnaryFunction.Gelu gelu -> (float) (x * 0.5 * (1 + erf(x * SQRT_HALF)));
        };
    }

    static float hardSwish(float x) {
        return x * Math.min(Math.max(x + 3.0f, 0.0f), 6.0f) / 6.0f;
    }

    static float hardSigmoid(float x) {
        return Math.min(Math.max(x + 3.0f, 0.0f), 6.0f) / 6.0f;
    }

    static float exp(float x) {
        return (float) StrictMath.exp(x);
    }

    /** By {@code 2 / sqrt(pi) * exp(-x^2) * sum of 2^n x^(2n+1) / (1 * 3 * ... * (2n+1))}, all of one sign. */
    static double erf(double x) {
        if (Math.abs(x) >= 6) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int odd = 3; Math.abs(term) > Math.ulp(sum) / 4; odd += 2) {
            term *= 2 * x * x / odd;
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * StrictMath.exp(-x * x) * sum;
    }
}
