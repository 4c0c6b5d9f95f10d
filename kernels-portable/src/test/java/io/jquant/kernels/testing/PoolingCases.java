// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static io.jquant.kernels.testing.BruteForce.f32;
import static io.jquant.kernels.testing.ElementForce.assertNearest;
import static io.jquant.kernels.testing.ElementForce.get;
import static io.jquant.kernels.testing.ElementForce.s8;
import static io.jquant.kernels.testing.ElementForce.saturate;
import static io.jquant.kernels.testing.ElementForce.segment;
import static io.jquant.kernels.testing.ElementForce.u8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.DataType;
import io.jquant.EngineOptions;
import io.jquant.Extent;
import io.jquant.Pooling;
import io.jquant.PoolingSpec;
import io.jquant.QuantizationParameters;
import io.jquant.Spatial;
import io.jquant.Window;
import io.jquant.spi.Numerics;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Maxima and means under windows. */
public abstract class PoolingCases extends EngineCases {
    private static final int SEEDS = 250;

    protected PoolingCases(EngineOptions options) {
        super(options);
    }

    private int[] apply(Pooling pooling, QuantizationParameters from, QuantizationParameters to, Extent extent,
            int... x) {
        MemorySegment y = MemorySegment.ofArray(new byte[(int) pooling.outputExtent(extent).volume()]);
        try (Spatial spatial = engine().pooling(new PoolingSpec(pooling, 1, from, to))) {
            spatial.run(1, extent, segment(x), y);
        }
        return get(to, y);
    }

    @Test
    void computedByHand() {
        Window window = Window.of(Extent.of(2)).withStride(Extent.of(2)).withPadding(new Extent(0, 0, 1));
        Extent four = Extent.of(4);
        // windows: padding and 10, 20 and 30, 41 and padding; the zero point is 4
        QuantizationParameters p = u8(0.5, 4);
        assertArrayEquals(new int[] {10, 30, 41}, apply(new Pooling.Max(window, false), p, p, four, 10, 20, 30, 41));
        assertArrayEquals(new int[] {10, 25, 41},
                apply(new Pooling.Average(window, false, false, 0), p, p, four, 10, 20, 30, 41));
        // 6 / 2, 42 / 2, 37 / 2 to even, from the zero point
        assertArrayEquals(new int[] {7, 25, 22},
                apply(new Pooling.Average(window, false, true, 0), p, p, four, 10, 20, 30, 41));
        assertArrayEquals(new int[] {6, 18, 16},
                apply(new Pooling.Average(window, false, false, 3), p, p, four, 10, 20, 30, 41));
        assertArrayEquals(new int[] {15, 36},
                apply(new Pooling.AdaptiveAverage(Extent.of(2)), p, p, four, 10, 20, 30, 41));
        // windows of the sixths: 0, 0 to 1, 1, 2, 2 to 3, 3
        assertArrayEquals(new int[] {10, 20, 20, 30, 41, 41},
                apply(new Pooling.AdaptiveMax(Extent.of(6)), p, p, four, 10, 20, 30, 41));
    }

    @Test
    void ceilingHangsOverTheEndButStartsWithin() {
        Window window = Window.of(Extent.of(2)).withStride(Extent.of(2));
        QuantizationParameters p = s8(1, 0);
        assertArrayEquals(new int[] {2}, apply(new Pooling.Max(window, false), p, p, Extent.of(3), 1, 2, -3));
        assertArrayEquals(new int[] {2, -3}, apply(new Pooling.Max(window, true), p, p, Extent.of(3), 1, 2, -3));
        // the part that hangs over the padded end never counts
        assertArrayEquals(new int[] {2, -3},
                apply(new Pooling.Average(window, true, true, 0), p, p, Extent.of(3), 1, 2, -3));
    }

    @Test
    void windowsOfPaddingOnlyGiveTheSmallestValue() {
        Window window = Window.of(Extent.of(2)).withDilation(Extent.of(5)).withPadding(new Extent(0, 0, 5));
        assertArrayEquals(new int[] {7, 8, 9, -128, -128, 7, 8, 9},
                apply(new Pooling.Max(window, false), s8(1, 3), s8(1, 3), Extent.of(3), 7, 8, 9));
        Window far = Window.of(Extent.ONE).withDilation(new Extent(1, 1, Integer.MAX_VALUE));
        assertArrayEquals(new int[] {7, 8, 9},
                apply(new Pooling.Max(far, false), s8(1, 3), s8(1, 3), Extent.of(3), 7, 8, 9));
    }

    @Test
    void meansSaturate() {
        Pooling mean = new Pooling.AdaptiveAverage(Extent.ONE);
        assertArrayEquals(new int[] {255}, apply(mean, u8(1, 0), u8(0.25, 0), Extent.of(2), 255, 255));
        assertArrayEquals(new int[] {0}, apply(mean, u8(1, 255), u8(0.25, 255), Extent.of(2), 0, 0));
        assertArrayEquals(new int[] {127}, apply(mean, s8(1, -128), s8(1e-30, 0), Extent.of(2), 127, 127));
        assertArrayEquals(new int[] {5}, apply(mean, s8(1e-30, -128), s8(1e30, 5), Extent.of(2), 127, 127));
    }

    @Test
    void everyNumberOfChannelsAtEveryZeroPoint() {
        for (int channels = 1; channels <= 70; channels++) {
            for (boolean signed : new boolean[] {false, true}) {
                int zeroPoint = ElementForce.U8_ZERO_POINTS[channels % 5];
                QuantizationParameters p = signed ? s8(0.5, zeroPoint - 128) : u8(0.5, zeroPoint);
                Window window = Window.of(Extent.of(2, 2)).withPadding(Extent.padding(0, 1));
                compare(new PoolingSpec(new Pooling.Average(window, false, true, 0), channels, p, p), 1,
                        Extent.of(2, 3), channels);
                compare(new PoolingSpec(new Pooling.Max(window, false), channels, p, p), 1, Extent.of(2, 3), channels);
            }
        }
    }

    @Test
    void meansHalfWayBetweenIntegersShowTheMultipliersLastBit() {
        Pooling mean = new Pooling.AdaptiveAverage(Extent.ONE);
        int channels = 120;
        for (int pixels = 2; pixels <= 98; pixels += 2) {
            for (double scale : new double[] {0.043, 0.1, 1}) {
                for (double ratio : new double[] {1, 3, 1.0 / 3, 0.7}) {
                    PoolingSpec spec = new PoolingSpec(mean, channels, u8(scale * ratio, 0), u8(scale, 0));
                    int[] x = new int[pixels * channels];
                    for (int i = 0; i < x.length; i++) {
                        x[i] = i % channels + (i / channels < pixels / 2 ? 1 : 0);
                    }
                    MemorySegment y = MemorySegment.ofArray(new byte[channels]);
                    try (Spatial spatial = engine().pooling(spec)) {
                        spatial.run(1, Extent.of(pixels), segment(x), y);
                    }
                    for (int c = 0; c < channels; c++) {
                        List<Integer> values = new ArrayList<>();
                        for (int i = c; i < x.length; i += channels) {
                            values.add(x[i]);
                        }
                        check(spec, Extent.of(pixels), values, pixels, get(spec.output(), y, c),
                                () -> spec.toString());
                    }
                }
            }
        }
    }

    @Test
    void randomWindows() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Samples samples = new Samples(seed);
            boolean deep = samples.random().nextInt(3) == 0;
            Extent extent = new Extent(deep ? samples.upTo(5) : 1, samples.upTo(8), samples.upTo(8));
            QuantizationParameters input = samples.perTensor();
            DataType type = input.type();
            Pooling pooling = pooling(samples, extent);
            boolean max = pooling instanceof Pooling.Max || pooling instanceof Pooling.AdaptiveMax;
            QuantizationParameters output = max || samples.random().nextBoolean() ? input
                    : QuantizationParameters.perTensor(type, input.scale() * samples.random().nextFloat(0.3f, 2f),
                            samples.zeroPoint(type));
            PoolingSpec spec = new PoolingSpec(pooling, samples.upTo(samples.random().nextBoolean() ? 4 : 70), input,
                    output);
            compare(spec, samples.random().nextInt(3), extent, seed);
        }
    }

    private static Pooling pooling(Samples samples, Extent in) {
        Random random = samples.random();
        Extent out = new Extent(samples.upTo(in.depth()), samples.upTo(in.height() + 1), samples.upTo(in.width() + 1));
        int kind = random.nextInt(6);
        if (kind < 2) {
            return kind == 0 ? new Pooling.AdaptiveAverage(out) : new Pooling.AdaptiveMax(out);
        }
        boolean max = kind == 2;
        Extent kernel = new Extent(samples.upTo(Math.min(3, in.depth())), samples.upTo(Math.min(3, in.height())),
                samples.upTo(Math.min(4, in.width())));
        Extent stride = new Extent(samples.upTo(2), samples.upTo(3), samples.upTo(3));
        boolean dilated = max && in.height() >= 2 * kernel.height() - 1 && in.width() >= 2 * kernel.width() - 1;
        Window window = Window.of(kernel).withStride(stride)
                .withDilation(dilated ? new Extent(1, 2, 2) : Extent.ONE)
                .withPadding(padding(random, kernel), padding(random, kernel));
        return max ? new Pooling.Max(window, random.nextBoolean())
                : new Pooling.Average(window, random.nextBoolean(), random.nextBoolean(),
                        random.nextInt(4) == 0 ? samples.upTo(9) : 0);
    }

    private static Extent padding(Random random, Extent kernel) {
        return random.nextInt(3) == 0 ? Extent.ZERO : new Extent(random.nextInt(kernel.depth()),
                random.nextInt(kernel.height()), random.nextInt(kernel.width()));
    }

    private void compare(PoolingSpec spec, int batch, Extent in, long seed) {
        Samples samples = new Samples(seed);
        Extent out = spec.pooling().outputExtent(in);
        long pixels = in.volume();
        MemorySegment x = samples.bytes(batch * pixels * spec.channels());
        int size = (int) (batch * out.volume() * spec.channels());
        Guarded y = new Guarded(new Random(seed), size);
        String message = spec + " over " + in + ", seed " + seed;
        try (Spatial spatial = engine().pooling(spec)) {
            assertEquals(out, spatial.outputExtent(in), message);
            spatial.run(batch, in, x, y.segment());
        }
        for (int i = 0; i < size; i++) {
            int channel = i % spec.channels();
            int pixel = i / spec.channels();
            int w = pixel % out.width();
            int h = pixel / out.width() % out.height();
            int d = pixel / out.width() / out.height() % out.depth();
            long image = pixel / out.volume() * pixels;
            int[][] points = {points(spec, in, 0, d), points(spec, in, 1, h), points(spec, in, 2, w)};
            List<Integer> values = new ArrayList<>();
            for (int a : points[0]) {
                for (int b : points[1]) {
                    for (int c : points[2]) {
                        if (a >= 0 && b >= 0 && c >= 0 && a < in.depth() && b < in.height() && c < in.width()) {
                            long at = image + ((long) a * in.height() + b) * in.width() + c;
                            values.add(get(spec.input(), x, at * spec.channels() + channel));
                        }
                    }
                }
            }
            int place = i;
            check(spec, in, values, (long) points[0].length * points[1].length * points[2].length,
                    get(spec.output(), y.segment(), i), () -> message + ", element " + place);
        }
        y.assertUntouched(Math.max(size, 1), Math.max(size, 1), message);
    }

    /** The places of a window along an axis, with those in the padding, without those beyond it. */
    private static int[] points(PoolingSpec spec, Extent in, int axis, int place) {
        List<Integer> points = new ArrayList<>();
        int size = in.get(axis);
        if (spec.pooling() instanceof Pooling.Max || spec.pooling() instanceof Pooling.Average) {
            Window window = spec.pooling() instanceof Pooling.Max max ? max.window()
                    : ((Pooling.Average) spec.pooling()).window();
            for (int k = 0; k < window.kernel().get(axis); k++) {
                int point = place * window.stride().get(axis) - window.padBegin().get(axis)
                        + k * window.dilation().get(axis);
                if (point < size + window.padEnd().get(axis)) {
                    points.add(point);
                }
            }
        } else {
            int out = spec.pooling().outputExtent(in).get(axis);
            for (int point = 0; point < size; point++) {
                // the window [place / out, (place + 1) / out) of the whole meets [point / size, (point + 1) / size)
                if ((point + 1) * out > place * size && point * out < (place + 1) * size) {
                    points.add(point);
                }
            }
        }
        return points.stream().mapToInt(Integer::intValue).toArray();
    }

    private void check(PoolingSpec spec, Extent in, List<Integer> values, long padded, int actual,
            Supplier<String> message) {
        if (spec.pooling() instanceof Pooling.Max || spec.pooling() instanceof Pooling.AdaptiveMax) {
            assertEquals(values.stream().max(Integer::compare).orElse(spec.input().type().min()), actual, message);
            return;
        }
        long sum = values.stream().mapToLong(value -> value - spec.input().zeroPoint()).sum();
        long divisor = values.size();
        boolean uniform = in.depth() == 1;
        if (spec.pooling() instanceof Pooling.Average average) {
            Window unpadded = average.window().withPadding(Extent.ZERO);
            divisor = average.countIncludePad() ? padded : divisor;
            divisor = average.divisorOverride() > 0 ? average.divisorOverride() : divisor;
            uniform &= !average.ceiling() && average.divisorOverride() == 0
                    && (average.countIncludePad() || average.window().equals(unpadded));
        } else {
            Extent out = spec.pooling().outputExtent(in);
            uniform &= in.height() % out.height() == 0 && in.width() % out.width() == 0;
        }
        double from = spec.input().scale();
        double to = spec.output().scale();
        boolean qnnpack = engine().numerics() == Numerics.QNNPACK && spec.input().type() == DataType.U8 && uniform
                && divisor > 1;
        double multiplier = qnnpack ? f32(from / f32(to * divisor))
                : f32(1 / f32(1 / f32(f32(from / to) / divisor)));
        boolean volume = spec.pooling() instanceof Pooling.Average average
                && (in.depth() > 1 || average.window().kernel().depth() > 1);
        int zeroPoint = spec.output().zeroPoint();
        // aten's means but avg_pool3d add the zero point before they round
        double steps = qnnpack || volume ? f32(sum * multiplier)
                : Math.rint(f32(f32(sum * multiplier) + zeroPoint)) - zeroPoint;
        assertEquals(saturate(spec.output(), steps), actual, message);
        assertNearest(spec.output(), from * sum / divisor, actual, message.get());
    }

    @Test
    void refusesArguments() {
        PoolingSpec spec = new PoolingSpec(new Pooling.Max(Window.of(Extent.of(2, 2)), false), 3, u8(1, 0), u8(1, 0));
        try (Spatial spatial = engine().pooling(spec)) {
            MemorySegment x = MemorySegment.ofArray(new byte[27]);
            MemorySegment y = MemorySegment.ofArray(new byte[12]);
            assertRefused("batch = -1: must be 0 or more", () -> spatial.run(-1, Extent.of(3, 3), x, y));
            assertRefused("input = 27 bytes: must be at least 36 bytes",
                    () -> spatial.run(1, Extent.of(3, 4), x, y));
            assertRefused("output = 12 bytes: must be at least 36 bytes", () -> spatial.run(1, Extent.of(2, 13),
                    MemorySegment.ofArray(new byte[78]), y));
            assertRefused("input extent = 1x1x3: must be at least the window's reach, 2",
                    () -> spatial.run(1, Extent.of(1, 3), x, y));
            assertRefused("output = memory that overlaps input: must be memory of its own",
                    () -> spatial.run(1, Extent.of(3, 3), x, x.asSlice(0, 12)));
        }
    }
}
