// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Counts of numbers in bins of equal width, in binary32 as PyTorch's histc makes and its observer joins them. */
// never compared or handed out
@SuppressWarnings("ArrayRecordComponent")
record Histogram(float min, float max, float[] counts) {
    /** Counts the finite numbers from min to max. */
    static Histogram of(float[] data, int length, float min, float max, int bins) {
        // histc widens a range of a single point
        float low = min == max ? min - 1 : min;
        float high = min == max ? max + 1 : max;
        float[] counts = new float[bins];
        for (int i = 0; i < length; i++) {
            float value = data[i];
            if (value >= low && value <= high) {
                int bin = (int) ((value - low) / (high - low) * bins);
                counts[Math.min(bin, bins - 1)]++;
            }
        }
        return new Histogram(min, max, counts);
    }

    /**
     * How the bins of a narrower histogram lie over those of a wider one: {@code upsample} parts make an old bin,
     * {@code downsample} of the same parts a new one, and the old bins begin at part {@code start}.
     */
    record Alignment(float min, float max, long upsample, long downsample, long start) {
    }

    /** Where a range lies that holds this histogram and another range, widened to whole parts of these bins. */
    Alignment align(float otherMin, float otherMax, int upsample) {
        int bins = counts.length;
        float low = Math.min(min, otherMin);
        float high = Math.max(max, otherMax);
        float part = (max - min) / ((float) bins * upsample);
        float width = bins * part;
        long downsample = (long) Math.ceil((high - low) / width);
        float excess = downsample * width - (high - low);
        // only the upper end gives way, so that a range that begins at 0 stays there
        return new Alignment(low, high + excess, upsample, downsample, (long) Math.rint((min - low) / part));
    }

    /** A wider histogram with the counts of this one spread over its bins added. */
    Histogram spreadOver(Histogram wider, Alignment alignment) {
        float[] sum = wider.counts.clone();
        double integral = 0;
        for (int i = 0; i < sum.length; i++) {
            double next = integralTo((i + 1) * alignment.downsample - alignment.start, alignment.upsample);
            // PyTorch keeps the lower integral in binary32
            sum[i] += (float) ((next - (float) integral) / alignment.upsample);
            integral = next;
        }
        return new Histogram(wider.min, wider.max, sum);
    }

    /** The sum of the first parts of these bins, each of which counts {@code upsample} times. */
    private double integralTo(long part, long upsample) {
        double sum = 0;
        long whole = Math.clamp(part / upsample, 0, counts.length);
        for (int i = 0; i < whole; i++) {
            sum += (double) counts[i] * upsample;
        }
        if (part > 0 && whole < counts.length) {
            sum += (double) counts[(int) whole] * (part % upsample);
        }
        return sum;
    }

    /** This histogram with the counts of another added, each bin's spread evenly over those it overlaps. */
    Histogram including(Histogram other, int upsample) {
        if (min == other.min && max == other.max) {
            return plus(other);
        }
        Alignment alignment = align(other.min, other.max, upsample);
        Histogram wider = new Histogram(alignment.min, alignment.max, new float[counts.length]);
        Histogram both = alignment.min == min && alignment.max == max ? plus(wider) : spreadOver(wider, alignment);
        other.spreadOver(both);
        return both;
    }

    private void spreadOver(Histogram wider) {
        double width = ((double) max - min) / counts.length;
        double target = ((double) wider.max - wider.min) / counts.length;
        for (int i = 0; i < counts.length; i++) {
            // in bins of the wider one
            double begin = (min + i * width - wider.min) / target;
            double end = begin + width / target;
            int first = Math.clamp((int) begin, 0, counts.length - 1);
            int last = Math.clamp((int) end, first, counts.length - 1);
            for (int bin = first; bin <= last; bin++) {
                double share = first == last ? 1 : (Math.min(end, bin + 1) - Math.max(begin, bin)) / (end - begin);
                wider.counts[bin] += (float) (counts[i] * share);
            }
        }
    }

    /** Writes a histogram; null, for no data, as no bin. */
    static void write(Histogram histogram, DataOutput out) throws IOException {
        out.writeInt(histogram == null ? 0 : histogram.counts.length);
        if (histogram != null) {
            out.writeFloat(histogram.min);
            out.writeFloat(histogram.max);
            for (float count : histogram.counts) {
                out.writeFloat(count);
            }
        }
    }

    static Histogram read(DataInput in) throws IOException {
        int bins = in.readInt();
        if (bins == 0) {
            return null;
        }
        float min = in.readFloat();
        float max = in.readFloat();
        float[] counts = new float[bins];
        for (int i = 0; i < bins; i++) {
            counts[i] = in.readFloat();
        }
        return new Histogram(min, max, counts);
    }

    /** The sum of two histograms of the same range. */
    Histogram plus(Histogram other) {
        float[] sum = counts.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += other.counts[i];
        }
        return new Histogram(min, max, sum);
    }
}
