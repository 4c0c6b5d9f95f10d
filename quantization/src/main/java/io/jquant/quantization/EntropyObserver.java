// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import java.util.Arrays;

/**
 * Chooses the largest magnitude to represent so that least information is lost: the Kullback-Leibler divergence between
 * the magnitudes' distribution, cut off there, and the same in as many levels as there are integers for them.
 * TensorRT's entropy calibration in 2,048 bins; numbers of one sign that get integers of one sign have twice as many
 * levels.
 */
public final class EntropyObserver extends DistributionObserver {
    private static final int BINS = 2048;

    /**
     * An observer.
     *
     * @param options over which integers the range is spread
     */
    public EntropyObserver(ObserverOptions options) {
        this(options, new ExactHistogram());
    }

    EntropyObserver(ObserverOptions options, ExactHistogram histogram) {
        super(options, histogram);
    }

    @Override
    Bounds choose(ExactHistogram seen) {
        double[] counts = seen.magnitudes(BINS);
        if (counts.length > 1) {
            // zero is exact at any scale, and zeros would outweigh all other numbers
            counts[0] = counts[1];
        }
        int integers = options().max() - options().min() + 1;
        boolean oneSided = !options().symmetric() && (seen.min() >= 0 || seen.max() <= 0);
        double magnitude = Math.max(Math.abs((double) seen.min()), Math.abs((double) seen.max()));
        double threshold = magnitude * cut(counts, oneSided ? integers : integers / 2) / counts.length;
        return new Bounds(-threshold, threshold);
    }

    /** The number of leading bins to keep. */
    private static int cut(double[] counts, int levels) {
        int best = counts.length;
        double least = Double.POSITIVE_INFINITY;
        double total = Arrays.stream(counts).sum();
        double kept = Arrays.stream(counts, 0, Math.min(levels, counts.length)).sum();
        for (int bins = levels; bins <= counts.length; bins++) {
            double divergence = divergence(counts, bins, levels, total, kept);
            if (divergence < least) {
                least = divergence;
                best = bins;
            }
            kept += bins < counts.length ? counts[bins] : 0;
        }
        return best;
    }

    /** How far the first bins, what lies beyond counted in the last of them, are from themselves in so many levels. */
    private static double divergence(double[] counts, int bins, int levels, double total, double kept) {
        double sum = 0;
        for (int level = 0; level < levels; level++) {
            int from = (int) ((long) level * bins / levels);
            int to = (int) ((long) (level + 1) * bins / levels);
            double inside = 0;
            int filled = 0;
            for (int i = from; i < to; i++) {
                inside += counts[i];
                filled += counts[i] > 0 ? 1 : 0;
            }
            for (int i = from; i < to; i++) {
                double reference = (counts[i] + (i == bins - 1 ? total - kept : 0)) / total;
                double levelled = counts[i] > 0 ? inside / filled / kept : 0;
                if (reference > 0) {
                    // where the reference has something and the levels nothing, as little as a double can say
                    sum += reference * Math.log(reference / Math.max(levelled, Double.MIN_NORMAL));
                }
            }
        }
        return sum;
    }

    @Override
    public Observer copy() {
        return new EntropyObserver(options(), histogram().copy());
    }
}
