// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static io.jquant.kernels.testing.ElementForce.assertNearest;
import static io.jquant.kernels.testing.ElementForce.assertSame;
import static io.jquant.kernels.testing.ElementForce.get;
import static io.jquant.kernels.testing.ElementForce.s8;
import static io.jquant.kernels.testing.ElementForce.segment;
import static io.jquant.kernels.testing.ElementForce.u8;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.jquant.EngineOptions;
import io.jquant.QuantizationParameters;
import io.jquant.RowWise;
import io.jquant.SoftmaxSpec;
import io.jquant.kernels.portable.ReferenceBackend;
import io.jquant.spi.Numerics;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Softmax over rows. */
public abstract class SoftmaxCases extends EngineCases {
    private static final QuantizationParameters FIXED = u8(0x1p-8, 0);

    protected SoftmaxCases(EngineOptions options) {
        super(options);
    }

    private int[] apply(QuantizationParameters from, QuantizationParameters to, int... x) {
        MemorySegment y = MemorySegment.ofArray(new byte[x.length]);
        try (RowWise softmax = engine().softmax(new SoftmaxSpec(x.length, from, to))) {
            softmax.run(1, segment(x), y);
        }
        return get(to, y);
    }

    @Test
    void computedByHand() {
        for (int zeroPoint : ElementForce.U8_ZERO_POINTS) {
            QuantizationParameters from = u8(0.1, zeroPoint);
            assertArrayEquals(new int[] {255}, apply(from, FIXED, 77));
            assertArrayEquals(new int[] {128, 128}, apply(from, FIXED, 0, 0));
            assertArrayEquals(new int[] {85, 85, 85}, apply(from, FIXED, 255, 255, 255));
            assertArrayEquals(new int[] {-64, -64, -64, -64}, apply(from, s8(0x1p-8, -128), 5, 5, 5, 5));
        }
        // 1 / (1 + e) is 68.85 parts of 256
        assertArrayEquals(new int[] {187, 69}, apply(u8(1, 3), FIXED, 9, 8));
        assertArrayEquals(new int[] {69, 187}, apply(s8(1, 3), FIXED, -9, -8));
        assertArrayEquals(new int[] {255, 0}, apply(u8(1e30, 3), FIXED, 255, 0));
    }

    @Test
    void tiesGoUpInQnnpackAndToEvenInFloat() {
        // a row of 512 has 0.5 of 256 parts each
        int[] zeros = new int[512];
        int half = engine().numerics() == Numerics.QNNPACK ? 1 : 0;
        int[] expected = new int[512];
        Arrays.fill(expected, half);
        assertArrayEquals(expected, apply(u8(1, 0), FIXED, zeros));
        assertArrayEquals(new int[512], apply(s8(1, 0), FIXED, zeros));
    }

    @Test
    void everySizeWritesNothingElse() {
        for (int size = 1; size <= 70; size++) {
            for (int rows = 0; rows < 10; rows += 1 + rows / 4) {
                for (var to : new QuantizationParameters[] {FIXED, u8(0.0061, 17), s8(0x1p-8, -128)}) {
                    Samples samples = new Samples(size);
                    compare(new SoftmaxSpec(size, samples.perTensor(), to), rows, samples, size);
                }
            }
        }
    }

    /** In place, of scales at both ends of a float's. */
    @Test
    void everyScaleInPlace() {
        float[] scales = {1e-38f, 0x1p-8f, 0.0123f, 1, 3e37f};
        for (int seed = 0; seed < 300; seed++) {
            Samples samples = new Samples(seed);
            Random random = samples.random();
            QuantizationParameters from = withScale(samples.perTensor(), scales[random.nextInt(scales.length)]);
            QuantizationParameters to = withScale(samples.perTensor(), scales[random.nextInt(scales.length)]);
            SoftmaxSpec spec = new SoftmaxSpec(1 + random.nextInt(300), from, to);
            MemorySegment x = samples.bytes(5L * spec.size());
            byte[] expected = new byte[5 * spec.size()];
            new ReferenceBackend(engine().numerics(), null).softmax(spec).run(5, x, MemorySegment.ofArray(expected));
            try (RowWise softmax = engine().softmax(spec)) {
                softmax.run(5, x, x);
            }
            assertArrayEquals(expected, x.toArray(JAVA_BYTE), spec + ", seed " + seed);
        }
    }

    private static QuantizationParameters withScale(QuantizationParameters given, float scale) {
        return QuantizationParameters.perTensor(given.type(), scale, given.zeroPoint());
    }

    @Test
    void longRows() {
        for (int size : new int[] {513, 1000, 70_000}) {
            Samples samples = new Samples(size);
            compare(new SoftmaxSpec(size, u8(0.04, 128), FIXED), 1, samples, size);
            compare(new SoftmaxSpec(size, s8(0.04, 0), s8(1e-4, -128)), 1, samples, size);
        }
    }

    private void compare(SoftmaxSpec spec, int rows, Samples samples, long seed) {
        int size = rows * spec.size();
        String message = spec + " of " + rows + " rows, seed " + seed;
        MemorySegment x = samples.bytes(size);
        MemorySegment expected = MemorySegment.ofArray(new byte[size]);
        new ReferenceBackend(engine().numerics(), null).softmax(spec).run(rows, x, expected);
        Guarded y = new Guarded(new Random(seed), size);
        try (RowWise softmax = engine().softmax(spec)) {
            softmax.run(rows, x, y.segment());
            assertSame(expected, y.segment(), message);
            softmax.run(rows, y.segment().copyFrom(x), y.segment());
        }
        assertSame(expected, y.segment(), message + " in place");
        y.assertUntouched(Math.max(size, 1), Math.max(size, 1), message);
        double scale = spec.input().scale();
        for (int row = 0; row < rows; row++) {
            MemorySegment of = x.asSlice((long) row * spec.size(), spec.size());
            for (int i = 0; i < Math.min(spec.size(), 80); i++) {
                double sum = 0;
                int at = get(spec.input(), of, i);
                for (int other : get(spec.input(), of)) {
                    sum += Math.exp(scale * (other - at));
                }
                assertNearest(spec.output(), 1 / sum, get(spec.output(), y.segment(), (long) row * spec.size() + i),
                        message);
            }
        }
    }

    @Test
    void refusesArguments() {
        try (RowWise softmax = engine().softmax(new SoftmaxSpec(4, u8(1, 0), FIXED))) {
            MemorySegment four = segment(1, 2, 3, 4);
            assertRefused("rows = -1: must be 0 or more", () -> softmax.run(-1, four, four));
            assertRefused("input = 4 bytes: must be at least 8 bytes",
                    () -> softmax.run(2, four, MemorySegment.ofArray(new byte[8])));
        }
    }
}
