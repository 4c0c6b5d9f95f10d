// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/** What a pooling makes of the points under its window. */
public sealed interface Pooling {
    /**
     * The largest value; padding never wins. A dilated window none of whose points is within the input gives the
     * smallest value of the type.
     *
     * @param window the window; its padding below its reach, {@code dilation * (kernel - 1) + 1}
     * @param ceiling whether the output's size is rounded up
     */
    record Max(Window window, boolean ceiling) implements Pooling {
        /**
         * Checks the window.
         *
         * @throws IllegalArgumentException if its padding is not below its reach
         */
        public Max {
            requirePaddingWithin(window);
        }
    }

    /**
     * The mean.
     *
     * @param window the window, undilated; its padding below its kernel
     * @param ceiling whether the output's size is rounded up
     * @param countIncludePad whether padding counts among the points that are divided by
     * @param divisorOverride what to divide by instead; 0 for none
     */
    record Average(Window window, boolean ceiling, boolean countIncludePad, int divisorOverride) implements Pooling {
        /**
         * Checks the window.
         *
         * @throws IllegalArgumentException if it is dilated, its padding is not below its kernel, or the divisor is
         *         negative
         */
        public Average {
            requirePaddingWithin(window);
            Require.that(window.dilation().equals(Extent.ONE), "dilation", window.dilation(), "1 each");
            Require.notNegative("divisorOverride", divisorOverride);
        }
    }

    /**
     * The mean over windows chosen so that the output has a given size; of size {@link Extent#ONE}, the mean of all.
     * Output {@code o} is the mean of the points from {@code floor(o * in / out)} to {@code ceil((o + 1) * in / out)}.
     *
     * @param output the output's size, at least 1 each
     */
    record AdaptiveAverage(Extent output) implements Pooling {
        /**
         * Checks the size.
         *
         * @throws IllegalArgumentException if it is below 1
         */
        public AdaptiveAverage {
            Require.notNull("output", output).requireAtLeast("output", 1);
        }
    }

    /**
     * The largest value over windows chosen so that the output has a given size, as {@link AdaptiveAverage} does.
     *
     * @param output the output's size, at least 1 each
     */
    record AdaptiveMax(Extent output) implements Pooling {
        /**
         * Checks the size.
         *
         * @throws IllegalArgumentException if it is below 1
         */
        public AdaptiveMax {
            Require.notNull("output", output).requireAtLeast("output", 1);
        }
    }

    /**
     * The output's size.
     *
     * @param input the input's size, at least 1 each
     * @return the output's size
     * @throws IllegalArgumentException if the window does not fit
     */
    default Extent outputExtent(Extent input) {
        return switch (this) {
            case Max max -> max.window().outputExtent(input, max.ceiling());
            case Average average -> average.window().outputExtent(input, average.ceiling());
            case AdaptiveAverage adaptive -> adaptive.output();
            case AdaptiveMax adaptive -> adaptive.output();
        };
    }

    private static void requirePaddingWithin(Window window) {
        Require.notNull("window", window);
        for (int axis = 0; axis < 3; axis++) {
            int pad = Math.max(window.padBegin().get(axis), window.padEnd().get(axis));
            long reach = window.reach(axis);
            Require.that(pad < reach, "padding on axis " + axis, pad, "below the window's reach, " + reach);
        }
    }
}
