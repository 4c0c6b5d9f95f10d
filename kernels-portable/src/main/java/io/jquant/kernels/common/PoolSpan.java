// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.Extent;
import io.jquant.Pooling;
import io.jquant.Window;

/** The points of a pooling's window along one axis that lie within the input. Set again for every place. */
final class PoolSpan {
    /** The first point. */
    int first;
    /** How many points. */
    int points;
    /** From one point to the next. */
    int step;
    /** How many the window has here with its padding. */
    int counted;

    /** Sets the span of a place of the output. */
    PoolSpan set(Pooling pooling, Extent in, int axis, int place) {
        switch (pooling) {
            case Pooling.Max max -> set(max.window(), in, axis, place);
            case Pooling.Average average -> set(average.window(), in, axis, place);
            case Pooling.AdaptiveAverage adaptive -> set(adaptive.output(), in, axis, place);
            case Pooling.AdaptiveMax adaptive -> set(adaptive.output(), in, axis, place);
        }
        return this;
    }

    private void set(Window window, Extent in, int axis, int place) {
        step = window.dilation().get(axis);
        long begin = (long) place * window.stride().get(axis) - window.padBegin().get(axis);
        long end = begin + (long) step * (window.kernel().get(axis) - 1) + 1;
        counted = (int) (Math.min(end, (long) in.get(axis) + window.padEnd().get(axis)) - begin);
        long from = begin < 0 ? begin + Math.ceilDiv(-begin, (long) step) * step : begin;
        first = (int) from;
        points = (int) Math.max(0, Math.ceilDiv(Math.min(end, in.get(axis)) - from, (long) step));
    }

    private void set(Extent out, Extent in, int axis, int place) {
        step = 1;
        first = (int) ((long) place * in.get(axis) / out.get(axis));
        points = (int) Math.ceilDiv((place + 1L) * in.get(axis), (long) out.get(axis)) - first;
        counted = points;
    }
}
