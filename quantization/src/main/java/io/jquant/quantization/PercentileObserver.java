// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

/**
 * Cuts the same share of the numbers off at either end: the range that is left holds the given percentage of them.
 */
public final class PercentileObserver extends DistributionObserver {
    /** The percentage unless told otherwise. */
    public static final double DEFAULT_PERCENTAGE = 99.999;

    private final double percentage;

    /**
     * An observer with the default percentage.
     *
     * @param options over which integers the range is spread
     */
    public PercentileObserver(ObserverOptions options) {
        this(options, DEFAULT_PERCENTAGE);
    }

    /**
     * An observer.
     *
     * @param options over which integers the range is spread
     * @param percentage how many of a hundred numbers the range holds, above 50, at most 100
     */
    public PercentileObserver(ObserverOptions options, double percentage) {
        this(options, percentage, new ExactHistogram());
    }

    PercentileObserver(ObserverOptions options, double percentage, ExactHistogram histogram) {
        super(options, histogram);
        if (!(percentage > 50 && percentage <= 100)) {
            throw new IllegalArgumentException("percentage = " + percentage + ": must be above 50 and at most 100");
        }
        this.percentage = percentage;
    }

    /** {@return how many of a hundred numbers the range holds} */
    public double percentage() {
        return percentage;
    }

    @Override
    Bounds choose(ExactHistogram seen) {
        double cut = seen.total() * (100 - percentage) / 200;
        int low = 0;
        for (double below = seen.count(0); below <= cut && low < seen.bins() - 1; below += seen.count(low)) {
            low++;
        }
        int high = seen.bins() - 1;
        for (double above = seen.count(high); above <= cut && high > low; above += seen.count(high)) {
            high--;
        }
        return new Bounds(seen.edge(low), seen.edge(high + 1));
    }

    @Override
    public Observer copy() {
        return new PercentileObserver(options(), percentage, histogram().copy());
    }
}
