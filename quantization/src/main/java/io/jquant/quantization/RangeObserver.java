// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.QuantizationParameters;
import io.jquant.graph.Tensor;

/** An observer whose parameters follow from the ends of a range, of the whole tensor or of every channel. */
public abstract sealed class RangeObserver implements Observer permits MinMaxObserver, MovingAverageObserver {
    private static final System.Logger LOG = System.getLogger(RangeObserver.class.getName());

    private final ObserverOptions options;
    private final int axis;
    private ChannelRanges ranges;

    RangeObserver(ObserverOptions options, int axis, ChannelRanges ranges) {
        if (options == null) {
            throw new IllegalArgumentException("options = null: must be given");
        }
        if (axis < QuantizationParameters.NO_AXIS) {
            throw new IllegalArgumentException("axis = " + axis + ": must be 0 or more, or NO_AXIS");
        }
        this.options = options;
        this.axis = axis;
        this.ranges = ranges;
    }

    /** {@return over which integers the range is spread} */
    public final ObserverOptions options() {
        return options;
    }

    /** {@return the axis of the channels, {@link QuantizationParameters#NO_AXIS} for the whole tensor} */
    public final int axis() {
        return axis;
    }

    /** What was seen, null if nothing was. */
    final ChannelRanges ranges() {
        return ranges;
    }

    final ChannelRanges copyOfRanges() {
        return ranges == null ? null : ranges.copy();
    }

    @Override
    public final void observe(Tensor values) {
        ChannelRanges seen = ChannelRanges.of(values, axis);
        if (seen.isEmpty()) {
            return;
        }
        if (ranges == null) {
            ranges = seen;
            return;
        }
        if (ranges.channels() != seen.channels()) {
            throw new IllegalArgumentException("values = " + values + ": must have " + ranges.channels()
                    + " channels on axis " + axis + ", as those before");
        }
        update(ranges, seen);
    }

    /** Changes the ranges to take new ones into account. */
    abstract void update(ChannelRanges known, ChannelRanges seen);

    /** Takes over the ranges of another observer of the same kind and options. */
    final void mergeRanges(RangeObserver other) {
        if (other.ranges == null) {
            return;
        }
        if (ranges == null) {
            ranges = other.ranges.copy();
        } else if (ranges.channels() != other.ranges.channels()) {
            throw new IllegalArgumentException("other = " + other.ranges.channels() + " channels: must be "
                    + ranges.channels());
        } else {
            ranges.include(other.ranges);
        }
    }

    @Override
    public final boolean hasObserved() {
        return ranges != null;
    }

    @Override
    public final QuantizationParameters parameters() {
        if (ranges == null) {
            LOG.log(System.Logger.Level.WARNING, "an observer that saw no data gives scale 1 and zero point 0");
            return options.unobserved();
        }
        return ranges.parameters(options, axis);
    }

    /**
     * The lower end of a channel's range.
     *
     * @param channel the channel, 0 for the whole tensor
     * @return the lower end; infinite if the channel has shown no number
     */
    public final float min(int channel) {
        return ranges == null ? Float.POSITIVE_INFINITY : ranges.min(check(channel));
    }

    /**
     * The upper end of a channel's range.
     *
     * @param channel the channel, 0 for the whole tensor
     * @return the upper end; negatively infinite if the channel has shown no number
     */
    public final float max(int channel) {
        return ranges == null ? Float.NEGATIVE_INFINITY : ranges.max(check(channel));
    }

    private int check(int channel) {
        if (channel < 0 || channel >= ranges.channels()) {
            throw new IllegalArgumentException("channel = " + channel + ": must be 0 or more and below "
                    + ranges.channels());
        }
        return channel;
    }
}
