// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.QuantizationParameters;

/** Keeps the smallest and the largest number of all, of the whole tensor or of every channel. Merges exactly. */
public final class MinMaxObserver extends RangeObserver {
    /**
     * An observer of whole tensors.
     *
     * @param options over which integers the range is spread
     */
    public MinMaxObserver(ObserverOptions options) {
        this(options, QuantizationParameters.NO_AXIS);
    }

    /**
     * An observer of every channel.
     *
     * @param options over which integers each range is spread
     * @param axis the axis of the channels, {@link QuantizationParameters#NO_AXIS} for the whole tensor
     */
    public MinMaxObserver(ObserverOptions options, int axis) {
        this(options, axis, null);
    }

    MinMaxObserver(ObserverOptions options, int axis, ChannelRanges ranges) {
        super(options, axis, ranges);
    }

    @Override
    void update(ChannelRanges known, ChannelRanges seen) {
        known.include(seen);
    }

    @Override
    public void merge(Observer other) {
        ObserverCodec.requireAlike(this, other);
        mergeRanges((MinMaxObserver) other);
    }

    @Override
    public Observer copy() {
        return new MinMaxObserver(options(), axis(), copyOfRanges());
    }
}
