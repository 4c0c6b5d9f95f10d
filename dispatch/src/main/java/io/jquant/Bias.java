// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/** What a matrix product or convolution adds to every output channel. Immutable: arrays are copied in and out. */
public sealed interface Bias {
    /** Nothing is added. */
    record None() implements Bias {
    }

    /**
     * Integers added to the int32 sums: their scale is {@code inputScale * weightScale}, their zero point 0.
     *
     * @param values one for every output channel
     */
    record Quantized(ImmutableInts values) implements Bias {
        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException if they are null
         */
        public Quantized {
            Require.notNull("bias", values);
        }
    }

    /**
     * Real numbers. Engine {@code fbgemm} adds {@code bias / (inputScale * weightScale)} to the sum as a float;
     * engine {@code qnnpack} quantizes them to integers first, as their peers do.
     *
     * @param values one for every output channel, finite
     */
    record Real(ImmutableFloats values) implements Bias {
        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException if they are null, or one is infinite or NaN
         */
        public Real {
            Require.notNull("bias", values).requireFinite("bias");
        }
    }

    /** {@return no bias} */
    static Bias none() {
        return new None();
    }

    /**
     * A bias in steps of the sums.
     *
     * @param values one for every output channel
     * @return the bias
     * @throws IllegalArgumentException if they are null
     */
    static Bias of(int... values) {
        return new Quantized(new ImmutableInts(values));
    }

    /**
     * A bias in real numbers.
     *
     * @param values one for every output channel, finite
     * @return the bias
     * @throws IllegalArgumentException if they are null, or one is infinite or NaN
     */
    static Bias of(float... values) {
        return new Real(new ImmutableFloats(values));
    }

    /**
     * Refuses a bias of another length than the output's channels.
     *
     * @param outChannels the output's channels
     * @return this bias
     * @throws IllegalArgumentException if the lengths differ
     */
    default Bias requireChannels(int outChannels) {
        // not a switch: over types, it costs milliseconds the first time
        int length = this instanceof Quantized quantized ? quantized.values().length()
                : this instanceof Real real ? real.values().length() : outChannels;
        if (length != outChannels) {
            throw Require.failure("bias.length", length, "outChannels, " + outChannels);
        }
        return this;
    }
}
