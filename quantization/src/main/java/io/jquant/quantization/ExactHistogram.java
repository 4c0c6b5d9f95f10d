// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Counts of numbers in bins whose width is a power of two and whose edges are its multiples. The width follows from the
 * smallest and the largest number alone, and wider bins are made of whole narrower ones: whatever the order in which
 * numbers come, and in however many parts, the counts are the same.
 */
final class ExactHistogram {
    /** The most bins; a range takes more than half as many, unless it is a single point. */
    static final int MAX_BINS = 1 << 13;
    private static final int FINEST = -149;
    private static final double LARGEST_INDEX = 1L << 40;

    private float min = Float.POSITIVE_INFINITY;
    private float max = Float.NEGATIVE_INFINITY;
    private int exponent = FINEST;
    private long first;
    private long[] counts = new long[0];

    /** Counts the finite numbers of a tensor whose range is known. */
    void add(float[] data, int length, float least, float most) {
        widen(least, most);
        for (int i = 0; i < length; i++) {
            if (Float.isFinite(data[i])) {
                counts[(int) (index(data[i], exponent) - first)]++;
            }
        }
    }

    /** Adds the counts of another: the same as if this one had counted its numbers. */
    void add(ExactHistogram other) {
        if (other.isEmpty()) {
            return;
        }
        widen(other.min, other.max);
        other.spread(counts, first, exponent);
    }

    ExactHistogram copy() {
        ExactHistogram copy = new ExactHistogram();
        copy.add(this);
        return copy;
    }

    boolean isEmpty() {
        return counts.length == 0;
    }

    float min() {
        return min;
    }

    float max() {
        return max;
    }

    int bins() {
        return counts.length;
    }

    long count(int bin) {
        return counts[bin];
    }

    double width() {
        return Math.scalb(1.0, exponent);
    }

    /** The lower edge of a bin; that of the bin after the last is the upper edge of the last. */
    double edge(int bin) {
        return (first + bin) * width();
    }

    double center(int bin) {
        return (first + bin + 0.5) * width();
    }

    long total() {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        return total;
    }

    /** Counts of magnitudes in bins of this width or a larger one, at most so many bins. */
    double[] magnitudes(int most) {
        int shift = 0;
        long last = first + counts.length - 1;
        while (Math.max(last, -first - 1) >> shift >= most) {
            shift++;
        }
        double[] folded = new double[(int) (Math.max(last, -first - 1) >> shift) + 1];
        for (int i = 0; i < counts.length; i++) {
            long index = first + i;
            folded[(int) ((index < 0 ? -index - 1 : index) >> shift)] += counts[i];
        }
        return folded;
    }

    private static long index(float value, int exponent) {
        return (long) Math.floor(value * Math.scalb(1.0, -exponent));
    }

    private void widen(float least, float most) {
        float low = Math.min(min, least);
        float high = Math.max(max, most);
        int wider = exponent;
        double magnitude = Math.max(Math.abs((double) low), Math.abs((double) high));
        while (magnitude * Math.scalb(1.0, -wider) > LARGEST_INDEX
                || index(high, wider) - index(low, wider) >= MAX_BINS) {
            wider++;
        }
        long start = index(low, wider);
        long[] all = new long[(int) (index(high, wider) - start) + 1];
        spread(all, start, wider);
        min = low;
        max = high;
        exponent = wider;
        first = start;
        counts = all;
    }

    /** Adds these counts to bins as wide or wider that begin at an index. */
    private void spread(long[] to, long start, int wider) {
        // beyond 63 Java shifts by the remainder
        int shift = Math.min(wider - exponent, Long.SIZE - 1);
        for (int i = 0; i < counts.length; i++) {
            to[(int) (((first + i) >> shift) - start)] += counts[i];
        }
    }

    void write(DataOutput out) throws IOException {
        out.writeFloat(min);
        out.writeFloat(max);
        for (long count : counts) {
            out.writeLong(count);
        }
    }

    static ExactHistogram read(DataInput in) throws IOException {
        ExactHistogram histogram = new ExactHistogram();
        float min = in.readFloat();
        float max = in.readFloat();
        if (Float.isFinite(min) && Float.isFinite(max) && min <= max) {
            // the bins follow from the range
            histogram.widen(min, max);
            for (int i = 0; i < histogram.counts.length; i++) {
                histogram.counts[i] = in.readLong();
            }
        }
        return histogram;
    }
}
