// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.suite;

import java.util.Arrays;

/**
 * How often numbers occur: a histogram of 256 bins over a range around 0 that doubles when a number lies outside, so
 * that it need not be known beforehand. Not thread-safe.
 */
public final class Distribution {
    private static final int HALF = 128;

    private final long[] counts = new long[2 * HALF];
    /** Half the width, a power of 2; 0 as long as there was nothing but 0. */
    private double bound;
    private long zeros;

    Distribution() {
    }

    /** {@return the same counts, that go their own way from now on} */
    Distribution copy() {
        Distribution copy = new Distribution();
        System.arraycopy(counts, 0, copy.counts, 0, counts.length);
        copy.bound = bound;
        copy.zeros = zeros;
        return copy;
    }

    /** Counts a finite number. */
    void add(double value) {
        double size = Math.abs(value);
        if (size == 0) {
            zeros++;
            return;
        }
        if (size >= bound) {
            widen(Math.scalb(1.0, Math.getExponent(size) + 1));
        }
        counts[Math.clamp((int) Math.floor(value / bound * HALF) + HALF, 0, counts.length - 1)]++;
    }

    private void widen(double wider) {
        if (bound > 0) {
            int shift = Math.min(31, Math.getExponent(wider) - Math.getExponent(bound));
            long[] before = counts.clone();
            Arrays.fill(counts, 0);
            for (int i = 0; i < before.length; i++) {
                counts[((i - HALF) >> shift) + HALF] += before[i];
            }
        }
        bound = wider;
    }

    /** {@return whether nothing was counted} */
    public boolean isEmpty() {
        return zeros == 0 && bound == 0;
    }

    /** {@return the width of a bin; 1 if there was nothing but 0} */
    public double binWidth() {
        return bound == 0 ? 1 : bound / HALF;
    }

    /**
     * The lower end of the first bin that holds a number.
     *
     * @return the lower end
     */
    public double min() {
        return (first() - HALF) * binWidth();
    }

    /**
     * How many numbers were in each bin, from the first to the last that holds one.
     *
     * @return the counts; one of 0 if there was nothing
     */
    public long[] counts() {
        long[] all = all();
        int last = all.length - 1;
        while (last > first() && all[last] == 0) {
            last--;
        }
        return Arrays.copyOfRange(all, first(), last + 1);
    }

    private int first() {
        long[] all = all();
        int first = 0;
        while (first < all.length && all[first] == 0) {
            first++;
        }
        return first == all.length ? HALF : first;
    }

    private long[] all() {
        long[] all = counts.clone();
        all[HALF] += zeros;
        return all;
    }
}
