// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static io.jquant.kernels.testing.ElementForce.assertNearest;
import static io.jquant.kernels.testing.ElementForce.assertSame;
import static io.jquant.kernels.testing.ElementForce.get;
import static io.jquant.kernels.testing.ElementForce.s8;
import static io.jquant.kernels.testing.ElementForce.segment;
import static io.jquant.kernels.testing.ElementForce.u8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.EngineOptions;
import io.jquant.Extent;
import io.jquant.QuantizationParameters;
import io.jquant.ResizeSpec;
import io.jquant.ResizeSpec.Mode;
import io.jquant.Spatial;
import io.jquant.kernels.portable.ReferenceBackend;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Images at another size. */
public abstract class ResizeCases extends EngineCases {
    private static final int SEEDS = 300;

    protected ResizeCases(EngineOptions options) {
        super(options);
    }

    private int[] apply(Mode mode, boolean alignCorners, int width, QuantizationParameters p, int... x) {
        MemorySegment y = MemorySegment.ofArray(new byte[width]);
        try (Spatial spatial = engine().resize(new ResizeSpec(mode, alignCorners, Extent.of(width), 1, p))) {
            spatial.run(1, Extent.of(x.length), segment(x), y);
        }
        return get(p, y);
    }

    @Test
    void computedByHand() {
        assertArrayEquals(new int[] {7, 7, 8, 8, 9, 9}, apply(Mode.NEAREST, false, 6, u8(1, 5), 7, 8, 9));
        assertArrayEquals(new int[] {7, 9}, apply(Mode.NEAREST, false, 2, u8(1, 5), 7, 8, 9, 10));
        assertArrayEquals(new int[] {-8, -8, -8}, apply(Mode.BILINEAR, false, 3, s8(1, 5), -8));
        // places -0.25, 0.25, 0.75, 1.25
        assertArrayEquals(new int[] {0, 25, 75, 100}, apply(Mode.BILINEAR, false, 4, u8(1, 0), 0, 100));
        assertArrayEquals(new int[] {0, 50, 100}, apply(Mode.BILINEAR, true, 3, u8(1, 9), 0, 100));
        assertArrayEquals(new int[] {3}, apply(Mode.BILINEAR, true, 1, u8(1, 9), 3, 100));
        // 0.5 rounds to the even distance from the zero point
        assertArrayEquals(new int[] {0, 0, 1}, apply(Mode.BILINEAR, true, 3, u8(1, 0), 0, 1));
        assertArrayEquals(new int[] {0, 1, 1}, apply(Mode.BILINEAR, true, 3, u8(1, 1), 0, 1));
    }

    @Test
    void randomSizes() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Samples samples = new Samples(seed);
            boolean bilinear = samples.random().nextBoolean();
            Extent in = new Extent(bilinear ? 1 : samples.upTo(3), samples.upTo(8), samples.upTo(9));
            Extent out = new Extent(bilinear ? 1 : samples.upTo(4), samples.upTo(13), samples.upTo(11));
            int channels = samples.upTo(samples.random().nextBoolean() ? 4 : 70);
            compare(new ResizeSpec(bilinear ? Mode.BILINEAR : Mode.NEAREST, bilinear && samples.random().nextBoolean(),
                    out, channels, samples.perTensor()), samples.random().nextInt(3), in, seed);
        }
    }

    private void compare(ResizeSpec spec, int batch, Extent in, int seed) {
        Extent out = spec.output();
        MemorySegment x = new Samples(seed).bytes(batch * in.volume() * spec.channels());
        int size = (int) (batch * out.volume() * spec.channels());
        Guarded y = new Guarded(new Random(seed), size);
        String message = spec + " from " + in + ", seed " + seed;
        try (Spatial spatial = engine().resize(spec)) {
            assertEquals(out, spatial.outputExtent(in), message);
            spatial.run(batch, in, x, y.segment());
        }
        MemorySegment expected = MemorySegment.ofArray(new byte[size]);
        new ReferenceBackend(engine().numerics(), null).resize(spec).run(batch, in, x, expected);
        assertSame(expected, y.segment(), message);
        y.assertUntouched(Math.max(size, 1), Math.max(size, 1), message);
        QuantizationParameters p = spec.parameters();
        for (int i = 0; i < size; i++) {
            int pixel = i / spec.channels();
            int w = pixel % out.width();
            int h = pixel / out.width() % out.height();
            int d = pixel / out.width() / out.height() % out.depth();
            MemorySegment image = x.asSlice(pixel / out.volume() * in.volume() * spec.channels());
            int channel = i % spec.channels();
            int actual = get(p, y.segment(), i);
            if (spec.mode() == Mode.NEAREST) {
                double same = at(spec, image, in, d * in.depth() / out.depth(), h * in.height() / out.height(),
                        w * in.width() / out.width(), channel);
                assertEquals(same, actual, message);
            } else {
                assertNearest(p, p.scale() * (bilinear(spec, image, in, h, w, channel) - p.zeroPoint()), actual,
                        message);
            }
        }
    }

    private static double bilinear(ResizeSpec spec, MemorySegment image, Extent in, int h, int w, int channel) {
        double sum = 0;
        for (int y = 0; y < in.height(); y++) {
            for (int x = 0; x < in.width(); x++) {
                sum += weight(spec, in, 1, h, y) * weight(spec, in, 2, w, x) * at(spec, image, in, 0, y, x, channel);
            }
        }
        return sum;
    }

    /** How much of an input's point is in an output's: a tent of width 1 about the place, clamped to the outer ones. */
    private static double weight(ResizeSpec spec, Extent in, int axis, int place, int point) {
        int inputs = in.get(axis);
        int outputs = spec.output().get(axis);
        double at = spec.alignCorners()
                ? outputs == 1 ? 0 : (double) place * (inputs - 1) / (outputs - 1)
                : (place + 0.5) * inputs / outputs - 0.5;
        return Math.max(0, 1 - Math.abs(Math.clamp(at, 0, inputs - 1) - point));
    }

    private static double at(ResizeSpec spec, MemorySegment image, Extent in, int d, int h, int w, int channel) {
        long pixel = ((long) d * in.height() + h) * in.width() + w;
        return get(spec.parameters(), image, pixel * spec.channels() + channel);
    }

    @Test
    void refusesArguments() {
        try (Spatial spatial = engine().resize(new ResizeSpec(Mode.NEAREST, false, Extent.of(2, 2), 3, u8(1, 0)))) {
            MemorySegment x = MemorySegment.ofArray(new byte[27]);
            assertRefused("input = 27 bytes: must be at least 36 bytes",
                    () -> spatial.run(1, Extent.of(3, 4), x, MemorySegment.ofArray(new byte[12])));
            assertRefused("output = 11 bytes: must be at least 12 bytes",
                    () -> spatial.run(1, Extent.of(3, 3), x, MemorySegment.ofArray(new byte[11])));
            assertRefused("inputExtent = 1x0x3: must be at least 1 each",
                    () -> spatial.run(1, Extent.of(0, 3), x, MemorySegment.ofArray(new byte[12])));
        }
    }
}
