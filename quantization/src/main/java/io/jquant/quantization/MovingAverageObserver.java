// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.QuantizationParameters;

/**
 * Moves a range a little towards that of every tensor: {@code m + c * (current - m)}, of the whole tensor or of every
 * channel. The first tensor's range is taken as it is.
 */
public final class MovingAverageObserver extends RangeObserver {
    /** PyTorch's averaging constant. */
    public static final float DEFAULT_CONSTANT = 0.01f;

    private final float constant;

    /**
     * An observer of whole tensors with the default constant.
     *
     * @param options over which integers the range is spread
     */
    public MovingAverageObserver(ObserverOptions options) {
        this(options, QuantizationParameters.NO_AXIS, DEFAULT_CONSTANT);
    }

    /**
     * An observer.
     *
     * @param options over which integers each range is spread
     * @param axis the axis of the channels, {@link QuantizationParameters#NO_AXIS} for the whole tensor
     * @param constant how far to move towards the new range, above 0, at most 1
     */
    public MovingAverageObserver(ObserverOptions options, int axis, float constant) {
        this(options, axis, constant, null);
    }

    MovingAverageObserver(ObserverOptions options, int axis, float constant, ChannelRanges ranges) {
        super(options, axis, ranges);
        if (!(constant > 0 && constant <= 1)) {
            throw new IllegalArgumentException("constant = " + constant + ": must be above 0 and at most 1");
        }
        this.constant = constant;
    }

    /** {@return how far to move towards the new range} */
    public float constant() {
        return constant;
    }

    @Override
    void update(ChannelRanges known, ChannelRanges seen) {
        known.approach(seen, constant);
    }

    @Override
    public void merge(Observer other) {
        throw new UnsupportedOperationException("a moving average depends on the order of the data");
    }

    @Override
    public Observer copy() {
        return new MovingAverageObserver(options(), axis(), constant, copyOfRanges());
    }
}
