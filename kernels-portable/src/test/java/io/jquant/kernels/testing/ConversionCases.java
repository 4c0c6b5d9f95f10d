// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static io.jquant.kernels.testing.BruteForce.f32;
import static io.jquant.kernels.testing.ElementForce.atEveryZeroPoint;
import static io.jquant.kernels.testing.ElementForce.s8;
import static io.jquant.kernels.testing.ElementForce.segment;
import static io.jquant.kernels.testing.ElementForce.u8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.Conversion;
import io.jquant.ConversionSpec;
import io.jquant.DataType;
import io.jquant.EngineOptions;
import io.jquant.QuantizationParameters;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Between real numbers and quantized ones. */
public abstract class ConversionCases extends EngineCases {
    private static final int SEEDS = 300;
    protected ConversionCases(EngineOptions options) {
        super(options);
    }

    private int[] quantize(QuantizationParameters to, float... x) {
        MemorySegment y = MemorySegment.ofArray(new byte[(int) to.type().bytes(x.length)]);
        try (Conversion conversion = engine().conversion(new ConversionSpec(null, to))) {
            conversion.run(x.length, MemorySegment.ofArray(x), y);
        }
        int[] values = new int[x.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = BruteForce.stored(to.type(), y, i).intValue();
        }
        return values;
    }

    @Test
    void quantizedByHand() {
        // ties go to even before the zero point is added
        assertArrayEquals(new int[] {5, 5, 7, 7, 9, 3, 3}, quantize(u8(0.5, 5), 0.2f, 0.25f, 0.75f, 1.0f, 2.25f, -0.75f,
                -1.25f));
        // the reciprocal is multiplied by: 127.5, where a division gives 127.499992
        assertArrayEquals(new int[] {128}, quantize(u8(0.0021485486f, 0), 0.27393994f));
        assertArrayEquals(new int[] {-128, 127, -3}, quantize(s8(1, -3), -126, 131, 0));
    }

    @Test
    void infinitiesSaturateAndNanIsTheZeroPoint() {
        float[] x = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 3e38f, -3e38f};
        for (double scale : new double[] {1e-30, 0.5, 1e30}) {
            for (QuantizationParameters to : atEveryZeroPoint(scale)) {
                int max = to.type().max();
                int min = to.type().min();
                assertArrayEquals(new int[] {max, min, to.zeroPoint(), max, min}, quantize(to, x), to.toString());
            }
        }
        for (int zeroPoint : new int[] {Integer.MIN_VALUE, -7, 0, 7, Integer.MAX_VALUE}) {
            QuantizationParameters to = QuantizationParameters.perTensor(DataType.S32, 0.5f, zeroPoint);
            assertArrayEquals(new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE, zeroPoint, Integer.MAX_VALUE,
                Integer.MIN_VALUE}, quantize(to, x), to.toString());
        }
    }

    @Test
    void dequantizedByHand() {
        MemorySegment y = MemorySegment.ofArray(new float[4]);
        try (Conversion conversion = engine().conversion(new ConversionSpec(u8(0.1, 3), null))) {
            conversion.run(4, segment(0, 3, 4, 255), y);
        }
        assertArrayEquals(new float[] {0.1f * -3, 0, 0.1f, 0.1f * 252}, y.toArray(ValueLayout.JAVA_FLOAT));
        QuantizationParameters wide = QuantizationParameters.perTensor(DataType.S32, 2, Integer.MAX_VALUE);
        try (Conversion conversion = engine().conversion(new ConversionSpec(wide, null))) {
            conversion.run(3, MemorySegment.ofArray(new int[] {Integer.MIN_VALUE, 0, Integer.MAX_VALUE - 3}), y);
        }
        assertArrayEquals(new float[] {-0x1p33f, -0x1p32f, -6}, y.asSlice(0, 12).toArray(ValueLayout.JAVA_FLOAT));
    }

    @Test
    void channelsHaveTheirOwnParameters() {
        var to = QuantizationParameters.perChannel(DataType.U8, new float[] {1, 0.5f}, new int[] {0, 100}, 1);
        MemorySegment y = MemorySegment.ofArray(new byte[8]);
        try (Conversion conversion = engine().conversion(new ConversionSpec(null, to))) {
            conversion.run(2, 2, MemorySegment.ofArray(new float[] {1, 2, 3, 4, 5, 6, -7, -8}), y);
        }
        assertArrayEquals(new int[] {1, 2, 106, 108, 5, 6, 86, 84}, ElementForce.get(u8(1, 0), y));
    }

    @Test
    void quantizingUndoesDequantizing() {
        for (QuantizationParameters from : atEveryZeroPoint(0.0471)) {
            MemorySegment y = MemorySegment.ofArray(new byte[256]);
            try (Conversion conversion = engine().conversion(new ConversionSpec(from, from))) {
                conversion.run(256, ElementForce.everyByte(), y);
            }
            ElementForce.assertSame(ElementForce.everyByte(), y, from.toString());
        }
    }

    @Test
    void everyLengthAndKind() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Samples samples = new Samples(seed);
            Random random = samples.random();
            int channels = random.nextBoolean() ? 1 : samples.upTo(5);
            int inner = seed <= 70 ? seed : random.nextInt(20);
            QuantizationParameters from = random.nextInt(3) == 0 ? null : parameters(samples, channels);
            QuantizationParameters to = from != null && random.nextInt(3) == 0 ? null : parameters(samples, channels);
            compare(new ConversionSpec(from, to), random.nextInt(4), inner, samples, seed);
        }
    }

    private static QuantizationParameters parameters(Samples samples, int channels) {
        DataType[] types = {DataType.U8, DataType.S8, DataType.S32};
        DataType type = types[samples.random().nextInt(3)];
        float[] scales = new float[channels];
        int[] zeroPoints = new int[channels];
        for (int i = 0; i < channels; i++) {
            scales[i] = samples.random().nextBoolean() ? samples.random().nextFloat(1e-3f, 1) : 0.25f;
            zeroPoints[i] = type == DataType.S32 ? samples.random().nextInt() : samples.zeroPoint(type);
        }
        return channels == 1 ? QuantizationParameters.perTensor(type, scales[0], zeroPoints[0])
                : QuantizationParameters.perChannel(type, scales, zeroPoints, 1);
    }

    private void compare(ConversionSpec spec, int outer, int inner, Samples samples, int seed) {
        int count = outer * spec.channels() * inner;
        MemorySegment x = spec.from() == null ? samples.specialFloats(count)
                : samples.bytes(spec.inputType().bytes(count));
        long bytes = spec.outputType().bytes(count);
        Guarded y = new Guarded(samples.random(), bytes);
        String message = spec + ", outer " + outer + ", inner " + inner + ", seed " + seed;
        try (Conversion conversion = engine().conversion(spec)) {
            conversion.run(outer, inner, x, y.segment());
            check(spec, inner, count, x, y.segment(), message);
            if (spec.inputType().bits() == spec.outputType().bits()) {
                conversion.run(outer, inner, y.segment().copyFrom(x), y.segment());
                check(spec, inner, count, x, y.segment(), message + ", in place");
            }
        }
        y.assertUntouched(Math.max(bytes, 1), Math.max(bytes, 1), message);
    }

    private static void check(ConversionSpec spec, int inner, int count, MemorySegment x, MemorySegment y,
            String message) {
        for (int i = 0; i < count; i++) {
            int channel = i / inner % spec.channels();
            double real = BruteForce.stored(spec.inputType(), x, i).doubleValue();
            if (spec.from() != null) {
                real = f32(spec.from().scale(channel) * f32(real - spec.from().zeroPoint(channel)));
            }
            Number actual = BruteForce.stored(spec.outputType(), y, i);
            if (spec.to() == null) {
                assertEquals((float) real, actual, message);
            } else {
                QuantizationParameters to = QuantizationParameters.perTensor(spec.outputType(),
                        spec.to().scale(channel), spec.to().zeroPoint(channel));
                assertEquals(ElementForce.quantize(to, real), actual, message + ": " + real);
            }
        }
    }

    @Test
    void refusesArguments() {
        MemorySegment four = segment(1, 2, 3, 4);
        try (Conversion conversion = engine().conversion(new ConversionSpec(null, u8(1, 0)))) {
            assertRefused("input = 4 bytes: must be at least 8 bytes",
                    () -> conversion.run(2, four, MemorySegment.ofArray(new byte[2])));
            assertRefused("count = -1: must be 0 or more",
                    () -> conversion.run(-1, four, MemorySegment.ofArray(new byte[2])));
            assertRefused("output = memory that overlaps input: must be memory of its own",
                    () -> conversion.run(1, four, four));
        }
        var channels = QuantizationParameters.symmetricPerChannel(DataType.S8, new float[] {1, 2}, 0);
        try (Conversion conversion = engine().conversion(new ConversionSpec(null, channels))) {
            assertRefused("channels = 2: must be 1; give outer and inner otherwise",
                    () -> conversion.run(1, four, MemorySegment.ofArray(new byte[2])));
        }
    }
}
