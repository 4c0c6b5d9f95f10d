// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

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

    /** The sum of two histograms of the same range. */
    Histogram plus(Histogram other) {
        float[] sum = counts.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += other.counts[i];
        }
        return new Histogram(min, max, sum);
    }
}
