// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static io.jquant.kernels.testing.BruteForce.f32;
import static io.jquant.kernels.testing.ElementForce.get;
import static io.jquant.kernels.testing.ElementForce.quantize;
import static io.jquant.kernels.testing.ElementForce.s8;
import static io.jquant.kernels.testing.ElementForce.segment;
import static io.jquant.kernels.testing.ElementForce.u8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.EngineOptions;
import io.jquant.ImmutableFloats;
import io.jquant.LayerNormSpec;
import io.jquant.QuantizationParameters;
import io.jquant.RowWise;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Layer norm over rows. */
public abstract class LayerNormCases extends EngineCases {
    protected LayerNormCases(EngineOptions options) {
        super(options);
    }

    private int[] apply(float epsilon, ImmutableFloats gamma, ImmutableFloats beta, QuantizationParameters from,
            QuantizationParameters to, int... x) {
        MemorySegment y = MemorySegment.ofArray(new byte[x.length]);
        try (RowWise norm = engine().layerNorm(new LayerNormSpec(x.length, epsilon, gamma, beta, from, to))) {
            norm.run(1, segment(x), y);
        }
        return get(to, y);
    }

    @Test
    void computedByHand() {
        // mean 20, deviation 10
        assertArrayEquals(new int[] {118, 138}, apply(0, null, null, u8(0.5, 77), u8(0.1, 128), 10, 30));
        assertArrayEquals(new int[] {-10, 10}, apply(0, null, null, s8(0.5, -77), s8(0.1, 0), 10, 30));
        assertArrayEquals(new int[] {-15, 35}, apply(0, new ImmutableFloats(2, 3), new ImmutableFloats(0.5f, 0.5f),
                s8(0.5, -77), s8(0.1, 0), 10, 30));
        // the variance 25 of the real values becomes 100
        assertArrayEquals(new int[] {-5, 5}, apply(75, null, null, s8(0.5, 0), s8(0.1, 0), 10, 30));
    }

    @Test
    void constantRowsGiveBeta() {
        assertArrayEquals(new int[] {3, 5, 3}, apply(1e-5f, null, new ImmutableFloats(0, 0.2f, 0), u8(0.5, 1),
                u8(0.1, 3), 99, 99, 99));
        // 0 / 0 is NaN, which becomes the zero point
        assertArrayEquals(new int[] {3, 3, 3}, apply(0, null, new ImmutableFloats(0, 0.2f, 0), u8(0.5, 1), u8(0.1, 3),
                99, 99, 99));
    }

    @Test
    void everySizeWritesNothingElse() {
        for (int size = 1; size <= 70; size++) {
            for (int seed = 0; seed < 12; seed++) {
                Samples samples = new Samples(seed * 100L + size);
                compare(spec(samples, size), samples.random().nextInt(4), samples, seed * 100L + size);
            }
        }
        Samples samples = new Samples(9000);
        compare(spec(samples, 9000), 2, samples, 9000);
    }

    private static LayerNormSpec spec(Samples samples, int size) {
        QuantizationParameters output = samples.perTensor();
        return new LayerNormSpec(size, samples.random().nextBoolean() ? 1e-5f : 0.1f,
                samples.random().nextBoolean() ? null : floats(samples.random(), size, 1),
                samples.random().nextBoolean() ? null : floats(samples.random(), size, 0), samples.perTensor(),
                QuantizationParameters.perTensor(output.type(), samples.random().nextBoolean() ? 0.02f : 0x1p-6f,
                        output.zeroPoint()));
    }

    private static ImmutableFloats floats(Random random, int size, float about) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = about + (float) random.nextGaussian() * 0.3f;
        }
        return new ImmutableFloats(values);
    }

    private void compare(LayerNormSpec spec, int rows, Samples samples, long seed) {
        int size = rows * spec.size();
        String message = spec.input() + " to " + spec.output() + ", size " + spec.size() + ", seed " + seed;
        MemorySegment x = samples.bytes(size);
        Guarded y = new Guarded(new Random(seed), size);
        try (RowWise norm = engine().layerNorm(spec)) {
            norm.run(rows, x, y.segment());
            MemorySegment apart = MemorySegment.ofArray(new byte[size]).copyFrom(y.segment());
            norm.run(rows, y.segment().copyFrom(x), y.segment());
            ElementForce.assertSame(apart, y.segment(), message + " in place");
        }
        y.assertUntouched(Math.max(size, 1), Math.max(size, 1), message);
        for (int row = 0; row < rows; row++) {
            long begin = (long) row * spec.size();
            check(spec, get(spec.input(), x.asSlice(begin, spec.size())),
                    get(spec.output(), y.segment().asSlice(begin, spec.size())), message);
        }
    }

    private static void check(LayerNormSpec spec, int[] x, int[] y, String message) {
        int n = spec.size();
        double scale = spec.input().scale();
        double sum = 0;
        double squares = 0;
        for (int q : x) {
            sum += q;
            squares += (double) q * q;
        }
        double mean = f32(f32(sum) / n);
        double variance = Math.max(f32(f32(f32(squares) / n) - f32(mean * mean)), 0);
        double factor = f32(scale / Math.sqrt(f32(f32(variance * scale) * scale) + spec.epsilon()));
        double exactVariance = squares / n - sum / n * (sum / n);
        for (int i = 0; i < n; i++) {
            double gamma = spec.gamma() == null ? 1 : spec.gamma().get(i);
            double beta = spec.beta() == null ? 0 : spec.beta().get(i);
            double steps = f32(x[i] - spec.input().zeroPoint() - f32(mean - spec.input().zeroPoint()));
            assertEquals(quantize(spec.output(), f32(f32(f32(steps * factor) * gamma) + beta)), y[i],
                    message + ", element " + i);
            double real = scale * (x[i] - sum / n) / Math.sqrt(exactVariance * scale * scale + spec.epsilon()) * gamma
                    + beta;
            double exact = Math.clamp(real / spec.output().scale() + spec.output().zeroPoint(),
                    (double) spec.output().type().min(), spec.output().type().max());
            // squares of up to 2^16 lose the float's bits below 2^-8, which a small variance shows
            double lost = exactVariance < 16 ? 4 : 0.1;
            assertTrue(Math.abs(exact - y[i]) <= 0.5 + lost, message + ": " + y[i] + " for " + exact);
        }
    }

    @Test
    void refusesArguments() {
        try (RowWise norm = engine().layerNorm(new LayerNormSpec(4, 1e-5f, null, null, u8(1, 0), u8(1, 0)))) {
            MemorySegment four = segment(1, 2, 3, 4);
            assertRefused("rows = -1: must be 0 or more", () -> norm.run(-1, four, four));
            MemorySegment eight = MemorySegment.ofArray(new byte[8]);
            assertRefused("output = memory that overlaps input: must be input itself",
                    () -> norm.run(1, eight.asSlice(1, 4), eight.asSlice(2, 4)));
        }
    }
}
