// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.QuantizationParameters;
import io.jquant.graph.Tensor;

/**
 * An observer of whole tensors that keeps how its numbers are distributed, and chooses the range from that alone.
 * Merges exactly: the observers of two halves of the data, in any order, give what one of all of it gives.
 */
public abstract sealed class DistributionObserver implements Observer
        permits PercentileObserver, EntropyObserver, MeanSquareObserver {
    private static final System.Logger LOG = System.getLogger(DistributionObserver.class.getName());

    private final ObserverOptions options;
    private final ExactHistogram histogram;

    DistributionObserver(ObserverOptions options, ExactHistogram histogram) {
        if (options == null) {
            throw new IllegalArgumentException("options = null: must be given");
        }
        this.options = options;
        this.histogram = histogram;
    }

    /** A range of real numbers. */
    record Bounds(double min, double max) {
    }

    /** The range to spread the integers over. */
    abstract Bounds choose(ExactHistogram seen);

    /** {@return over which integers the range is spread} */
    public final ObserverOptions options() {
        return options;
    }

    final ExactHistogram histogram() {
        return histogram;
    }

    @Override
    public final void observe(Tensor values) {
        ChannelRanges seen = ChannelRanges.of(values, QuantizationParameters.NO_AXIS);
        if (!seen.isEmpty()) {
            histogram.add(values.floats(), values.count(), seen.min(0), seen.max(0));
        }
    }

    @Override
    public final void merge(Observer other) {
        ObserverCodec.requireAlike(this, other);
        histogram.add(((DistributionObserver) other).histogram);
    }

    @Override
    public final boolean hasObserved() {
        return !histogram.isEmpty();
    }

    @Override
    public final QuantizationParameters parameters() {
        if (histogram.isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, "an observer that saw no data gives scale 1 and zero point 0");
            return options.unobserved();
        }
        Bounds chosen = choose(histogram);
        // a range found in whole bins must not reach beyond the data
        return options.parameters((float) Math.max(chosen.min(), histogram.min()),
                (float) Math.min(chosen.max(), histogram.max()));
    }
}
