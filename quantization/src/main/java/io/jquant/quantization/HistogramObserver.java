// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.QuantizationParameters;
import io.jquant.graph.Tensor;

/**
 * Keeps a histogram and cuts its ends off where that lessens the squared error of quantizing. PyTorch's, but for two
 * things: numbers that widen nothing are counted too, which some of its releases forget; and however much a range
 * grows, earlier counts are kept. As numbers in a bin count as spread evenly whenever the range grows, the result
 * depends a little on the order of the data, and so does a merger: it is exact only where both have seen the same
 * range.
 */
public final class HistogramObserver implements Observer {
    /** PyTorch's number of bins. */
    public static final int DEFAULT_BINS = 2048;
    /** Into how many parts a bin is cut when the range grows. */
    private static final int UPSAMPLE = 128;
    private static final System.Logger LOG = System.getLogger(HistogramObserver.class.getName());

    private final ObserverOptions options;
    private final int bins;
    private Histogram histogram;

    /**
     * An observer with the default number of bins.
     *
     * @param options over which integers the range is spread
     */
    public HistogramObserver(ObserverOptions options) {
        this(options, DEFAULT_BINS);
    }

    /**
     * An observer.
     *
     * @param options over which integers the range is spread
     * @param bins number of bins, at least 2, at most 2^20
     */
    public HistogramObserver(ObserverOptions options, int bins) {
        if (options == null) {
            throw new IllegalArgumentException("options = null: must be given");
        }
        if (bins < 2 || bins > 1 << 20) {
            throw new IllegalArgumentException("bins = " + bins + ": must be from 2 to 2^20");
        }
        this.options = options;
        this.bins = bins;
    }

    HistogramObserver(ObserverOptions options, int bins, Histogram histogram) {
        this(options, bins);
        if (histogram != null && histogram.counts().length != bins) {
            throw new IllegalArgumentException("bins = " + histogram.counts().length + ": must be " + bins);
        }
        this.histogram = histogram;
    }

    /** {@return over which integers the range is spread} */
    public ObserverOptions options() {
        return options;
    }

    /** {@return the number of bins} */
    public int bins() {
        return bins;
    }

    @Override
    public void observe(Tensor values) {
        ChannelRanges seen = ChannelRanges.of(values, QuantizationParameters.NO_AXIS);
        if (seen.isEmpty()) {
            return;
        }
        float min = seen.min(0);
        float max = seen.max(0);
        float[] data = values.floats();
        if (histogram == null || histogram.min() == histogram.max()) {
            histogram = Histogram.of(data, values.count(), min, max, bins);
            return;
        }
        Histogram.Alignment alignment = histogram.align(min, max, UPSAMPLE);
        Histogram added = Histogram.of(data, values.count(), alignment.min(), alignment.max(), bins);
        histogram = alignment.min() == histogram.min() && alignment.max() == histogram.max()
                ? added.plus(histogram)
                : histogram.spreadOver(added, alignment);
    }

    @Override
    public void merge(Observer other) {
        ObserverCodec.requireAlike(this, other);
        Histogram theirs = ((HistogramObserver) other).histogram;
        if (theirs == null) {
            return;
        }
        // the bins of a single point have no width to spread them by
        boolean point = histogram != null && histogram.min() == histogram.max();
        histogram = histogram == null ? theirs
                : point ? theirs.including(histogram, UPSAMPLE) : histogram.including(theirs, UPSAMPLE);
    }

    @Override
    public Observer copy() {
        // a histogram never changes
        return new HistogramObserver(options, bins, histogram);
    }

    @Override
    public boolean hasObserved() {
        return histogram != null;
    }

    @Override
    public QuantizationParameters parameters() {
        if (histogram == null) {
            LOG.log(System.Logger.Level.WARNING, "an observer that saw no data gives scale 1 and zero point 0");
            return options.unobserved();
        }
        // 256 levels even where fewer are in use, as PyTorch has it
        HistogramSearch found = new HistogramSearch(histogram, 1 << options.type().bits());
        return options.parameters(found.min(), found.max());
    }

    /** What was counted, null if nothing was. */
    Histogram histogram() {
        return histogram;
    }
}
