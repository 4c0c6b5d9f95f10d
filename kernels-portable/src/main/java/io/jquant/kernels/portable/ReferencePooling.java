// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.DataType;
import io.jquant.Extent;
import io.jquant.Pooling;
import io.jquant.PoolingSpec;
import io.jquant.Window;
import io.jquant.spi.Numerics;
import io.jquant.spi.SpatialKernel;
import java.lang.foreign.MemorySegment;

/**
 * Poolings (numerics.md 2.5). A maximum is one of integers. A mean is the exact sum of {@code q - zeroPoint}, times a
 * multiplier in float: {@link #mean}.
 */
public final class ReferencePooling implements SpatialKernel {
    private final PoolingSpec spec;
    private final boolean qnnpack;
    private final Affine input;
    private final Affine output;

    /** The points of a window along one axis that lie within the input, and how many it counts with its padding. */
    private record Span(long begin, long end, long step, long counted) {
    }

    /**
     * Prepares a pooling.
     *
     * @param numerics whose formulas
     * @param spec the pooling
     */
    public ReferencePooling(Numerics numerics, PoolingSpec spec) {
        this.spec = spec;
        input = Affine.of(spec.input());
        output = Affine.of(spec.output());
        float ratio = input.scale() / output.scale();
        qnnpack = numerics == Numerics.QNNPACK && input.type() == DataType.U8 && ratio >= 0x1p-8f && ratio < 0x1p8f;
    }

    @Override
    public void run(long batch, Extent in, MemorySegment inputSegment, MemorySegment outputSegment) {
        Extent out = spec.pooling().outputExtent(in);
        long at = 0;
        for (long image = 0; image < batch; image++) {
            long begin = image * in.volume();
            for (int d = 0; d < out.depth(); d++) {
                for (int h = 0; h < out.height(); h++) {
                    for (int w = 0; w < out.width(); w++) {
                        Span[] spans = {span(in, 0, d), span(in, 1, h), span(in, 2, w)};
                        for (int c = 0; c < spec.channels(); c++) {
                            output.set(outputSegment, at++, pool(inputSegment, begin, in, spans, c));
                        }
                    }
                }
            }
        }
    }

    private Span span(Extent in, int axis, int place) {
        return switch (spec.pooling()) {
            case Pooling.Max max -> span(max.window(), in, axis, place);
            case Pooling.Average average -> span(average.window(), in, axis, place);
            case Pooling.AdaptiveAverage adaptive -> span(adaptive.output(), in, axis, place);
            case Pooling.AdaptiveMax adaptive -> span(adaptive.output(), in, axis, place);
        };
    }

    private static Span span(Window window, Extent in, int axis, int place) {
        long step = window.dilation().get(axis);
        long begin = (long) place * window.stride().get(axis) - window.padBegin().get(axis);
        long end = begin + step * (window.kernel().get(axis) - 1) + 1;
        long counted = Math.min(end, (long) in.get(axis) + window.padEnd().get(axis)) - begin;
        long first = begin < 0 ? begin + Math.ceilDiv(-begin, step) * step : begin;
        return new Span(first, Math.min(end, in.get(axis)), step, counted);
    }

    private static Span span(Extent out, Extent in, int axis, int place) {
        long begin = (long) place * in.get(axis) / out.get(axis);
        long end = Math.ceilDiv((place + 1L) * in.get(axis), (long) out.get(axis));
        return new Span(begin, end, 1, end - begin);
    }

    private int pool(MemorySegment segment, long begin, Extent in, Span[] spans, int channel) {
        boolean max = spec.pooling() instanceof Pooling.Max || spec.pooling() instanceof Pooling.AdaptiveMax;
        int largest = input.type().min();
        long sum = 0;
        for (long d = spans[0].begin; d < spans[0].end; d += spans[0].step) {
            for (long h = spans[1].begin; h < spans[1].end; h += spans[1].step) {
                for (long w = spans[2].begin; w < spans[2].end; w += spans[2].step) {
                    long pixel = begin + (d * in.height() + h) * in.width() + w;
                    int x = input.get(segment, pixel * spec.channels() + channel);
                    largest = Math.max(largest, x);
                    sum += x - input.zeroPoint();
                }
            }
        }
        return max ? largest : mean(sum, in, spans);
    }

    private int mean(long sum, Extent in, Span[] spans) {
        long divisor = 1;
        for (Span span : spans) {
            divisor *= spec.pooling() instanceof Pooling.Average average && average.countIncludePad()
                    ? span.counted
                    : span.end - span.begin;
        }
        if (spec.pooling() instanceof Pooling.Average average && average.divisorOverride() != 0) {
            divisor = average.divisorOverride();
        }
        float steps = (float) sum * multiplier(divisor, in);
        return isZeroPointFirst(divisor, in)
                ? Rounding.toInteger(steps + output.zeroPoint(), 0, output.type().min(), output.type().max())
                : output.saturate(steps);
    }

    /**
     * What the sum of a mean is multiplied by.
     *
     * @param divisor how many pixels count
     * @param in size of an image
     * @return the multiplier
     */
    public float multiplier(long divisor, Extent in) {
        // aten's scalar code hands the multiplier on as the reciprocal of a scale, which quantizing inverts again
        return isQnnpacks(divisor, in) ? input.scale() / (output.scale() * divisor)
                : 1.0f / (1.0f / (input.scale() / output.scale() / divisor));
    }

    /**
     * Whether a mean's output's zero point is added before rounding, and not after.
     *
     * @param divisor how many pixels count
     * @param in size of an image
     * @return whether it is
     */
    public boolean isZeroPointFirst(long divisor, Extent in) {
        return !isQnnpacks(divisor, in) && !isVolume(in);
    }

    private boolean isQnnpacks(long divisor, Extent in) {
        return qnnpack && divisor > 1 && divisor < 1 << 24 && isPlain(in);
    }

    /** Whether this is what PyTorch calls avg_pool3d; aten's other means add the zero point before they round. */
    private boolean isVolume(Extent in) {
        return spec.pooling() instanceof Pooling.Average average
                && (in.depth() > 1 || average.window().kernel().depth() > 1);
    }

    /**
     * Whether PyTorch calls QNNPACK and QNNPACK does what is asked: two dimensions, every window divided by the
     * kernel's size. PyTorch calls it also with padding that is not to count, or a divisor, and gets other means.
     */
    private boolean isPlain(Extent in) {
        if (in.depth() != 1) {
            return false;
        }
        if (spec.pooling() instanceof Pooling.Average average) {
            Window window = average.window();
            boolean padded = !window.padBegin().equals(Extent.ZERO) || !window.padEnd().equals(Extent.ZERO);
            return window.kernel().depth() == 1 && !average.ceiling() && average.divisorOverride() == 0
                    && (average.countIncludePad() || !padded);
        }
        Extent out = spec.pooling().outputExtent(in);
        return out.depth() == 1 && in.height() % out.height() == 0 && in.width() % out.width() == 0;
    }
}
