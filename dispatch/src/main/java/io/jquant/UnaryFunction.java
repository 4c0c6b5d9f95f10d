// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/** A function of one real number that operators apply to every element. */
public sealed interface UnaryFunction {
    /**
     * {@code min(max(x, min), max)}; relu and relu6 are the two best known.
     *
     * @param bounds the bounds
     */
    record Clamp(Activation bounds) implements UnaryFunction {
        /**
         * Checks the bounds.
         *
         * @throws IllegalArgumentException if they are null
         */
        public Clamp {
            Require.notNull("bounds", bounds);
        }
    }

    /**
     * {@code x < 0 ? slope * x : x}.
     *
     * @param slope the slope below 0, finite
     */
    record LeakyRelu(float slope) implements UnaryFunction {
        /**
         * Checks the slope.
         *
         * @throws IllegalArgumentException if it is not finite
         */
        public LeakyRelu {
            Require.that(Float.isFinite(slope), "slope", slope, "finite");
        }
    }

    /**
     * {@code x > 0 ? scale * x : scale * alpha * (exp(inputScale * x) - 1)}.
     *
     * @param alpha the depth of the negative branch, finite
     * @param scale factor of both branches, finite
     * @param inputScale factor within the exponential, finite
     */
    record Elu(float alpha, float scale, float inputScale) implements UnaryFunction {
        /**
         * Checks the factors.
         *
         * @throws IllegalArgumentException if one is not finite
         */
        public Elu {
            Require.that(Float.isFinite(alpha), "alpha", alpha, "finite");
            Require.that(Float.isFinite(scale), "scale", scale, "finite");
            Require.that(Float.isFinite(inputScale), "inputScale", inputScale, "finite");
        }
    }

    /** {@code x * min(max(x + 3, 0), 6) / 6}. */
    record HardSwish() implements UnaryFunction {
    }

    /** {@code min(max(x + 3, 0), 6) / 6}. */
    record HardSigmoid() implements UnaryFunction {
    }

    /** {@code 1 / (1 + exp(-x))}. */
    record Sigmoid() implements UnaryFunction {
    }

    /** {@code tanh(x)}. */
    record Tanh() implements UnaryFunction {
    }

    /** {@code x / 2 * (1 + erf(x / sqrt(2)))}. */
    record Gelu() implements UnaryFunction {
    }
}
