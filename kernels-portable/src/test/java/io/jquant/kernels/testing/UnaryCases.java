// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static io.jquant.kernels.testing.ElementForce.assertNearest;
import static io.jquant.kernels.testing.ElementForce.assertSame;
import static io.jquant.kernels.testing.ElementForce.atEveryZeroPoint;
import static io.jquant.kernels.testing.ElementForce.everyByte;
import static io.jquant.kernels.testing.ElementForce.get;
import static io.jquant.kernels.testing.ElementForce.s8;
import static io.jquant.kernels.testing.ElementForce.segment;
import static io.jquant.kernels.testing.ElementForce.u8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.jquant.Activation;
import io.jquant.EngineOptions;
import io.jquant.QuantizationParameters;
import io.jquant.Unary;
import io.jquant.UnaryFunction;
import io.jquant.UnarySpec;
import io.jquant.kernels.portable.ReferenceBackend;
import io.jquant.spi.Numerics;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Functions of every element. */
public abstract class UnaryCases extends EngineCases {
    private static final List<UnaryFunction> FUNCTIONS = List.of(new UnaryFunction.Clamp(Activation.NONE),
            new UnaryFunction.Clamp(Activation.RELU), new UnaryFunction.Clamp(Activation.RELU6),
            new UnaryFunction.Clamp(new Activation(-0.7f, 1.3f)), new UnaryFunction.LeakyRelu(0.1f),
            new UnaryFunction.LeakyRelu(-1.5f), new UnaryFunction.Elu(1, 1, 1),
            new UnaryFunction.Elu(1.7f, 1.05f, 0.8f), new UnaryFunction.HardSwish(), new UnaryFunction.HardSigmoid(),
            new UnaryFunction.Sigmoid(), new UnaryFunction.Tanh(), new UnaryFunction.Gelu());

    protected UnaryCases(EngineOptions options) {
        super(options);
    }

    private int[] apply(UnaryFunction function, QuantizationParameters from, QuantizationParameters to, int... x) {
        MemorySegment output = MemorySegment.ofArray(new byte[x.length]);
        run(new UnarySpec(function, from, to), x.length, segment(x), output);
        return get(to, output);
    }

    private void run(UnarySpec spec, long count, MemorySegment input, MemorySegment output) {
        try (Unary unary = engine().unary(spec)) {
            unary.run(count, input, output);
        }
    }

    @Test
    void computedByHand() {
        UnaryFunction relu = new UnaryFunction.Clamp(Activation.RELU);
        assertArrayEquals(new int[] {128, 128, 128, 129, 255}, apply(relu, u8(0.1, 128), u8(0.1, 128), 0, 127, 128,
                129, 255));
        UnaryFunction relu6 = new UnaryFunction.Clamp(Activation.RELU6);
        assertArrayEquals(new int[] {-3, -3, 8, 9, 9}, apply(relu6, s8(0.5, -3), s8(0.5, -3), -128, -3, 8, 9, 10));
        // steps of the output are -2.5, -1.5, -0.5, 0, 1, 2
        assertArrayEquals(new int[] {8, 8, 10, 10, 11, 12},
                apply(new UnaryFunction.LeakyRelu(0.5f), u8(0.25, 9), u8(0.25, 10), 4, 6, 8, 9, 10, 11));
        assertArrayEquals(new int[] {0, 128, 255},
                apply(new UnaryFunction.HardSigmoid(), u8(1, 100), u8(1.0 / 256, 0), 97, 100, 103));
        // tanh(1) is 97.48 steps, tanh(-1) as many below
        assertArrayEquals(new int[] {0, 31, 128, 225, 255},
                apply(new UnaryFunction.Tanh(), u8(1, 100), u8(1.0 / 128, 128), 0, 99, 100, 101, 120));
        assertArrayEquals(new int[] {128, 255, 0},
                apply(new UnaryFunction.Sigmoid(), u8(1, 100), u8(1.0 / 256, 0), 100, 120, 0));
    }

    @Test
    void zeroPointIsAddedBeforeRoundingOnlyInQnnpacksHardSwish() {
        // hardswish(3) is 3, one and a half steps of the output
        int tie = engine().numerics() == Numerics.QNNPACK ? 2 : 3;
        assertArrayEquals(new int[] {tie}, apply(new UnaryFunction.HardSwish(), u8(1, 0), u8(2, 1), 3));
        assertArrayEquals(new int[] {3}, apply(new UnaryFunction.HardSwish(), s8(1, 0), s8(2, 1), 3));
    }

    @Test
    void everyByteGivesTheNearestInteger() {
        for (QuantizationParameters from : atEveryZeroPoint(0.0371)) {
            for (QuantizationParameters to : atEveryZeroPoint(0.0173)) {
                FUNCTIONS.forEach(function -> compare(new UnarySpec(function, from, to)));
            }
        }
    }

    @Test
    void fixedOutputsOfQnnpackGiveTheNearestInteger() {
        for (QuantizationParameters from : atEveryZeroPoint(0.0437)) {
            compare(new UnarySpec(new UnaryFunction.Sigmoid(), from, u8(0x1p-8, 0)));
            compare(new UnarySpec(new UnaryFunction.HardSigmoid(), from, u8(0x1p-8, 0)));
            compare(new UnarySpec(new UnaryFunction.Tanh(), from, u8(0x1p-7, 128)));
        }
    }

    @Test
    void scalesThatMakeTies() {
        for (QuantizationParameters from : atEveryZeroPoint(0x1p-4)) {
            for (QuantizationParameters to : atEveryZeroPoint(0x1p-3)) {
                FUNCTIONS.forEach(function -> compare(new UnarySpec(function, from, to)));
            }
        }
    }

    @Test
    void extremeScalesSaturate() {
        for (double scale : new double[] {0x1p-126, 1e-30, 1e30, 0x1p125}) {
            for (QuantizationParameters from : atEveryZeroPoint(scale)) {
                for (UnaryFunction function : FUNCTIONS) {
                    compareBits(new UnarySpec(function, from, from));
                    compareBits(new UnarySpec(function, from, u8(1, 127)));
                }
            }
        }
        assertArrayEquals(new int[] {0, 127, 255}, apply(new UnaryFunction.Clamp(Activation.NONE), u8(1e30, 9),
                u8(1e-5, 127), 8, 9, 10));
    }

    private void compare(UnarySpec spec) {
        MemorySegment output = compareBits(spec);
        for (int i = 0; i < 256; i++) {
            double x = spec.input().scale() * (double) (get(spec.input(), everyByte(), i) - spec.input().zeroPoint());
            int at = i;
            assertNearest(spec.output(), real(spec.function(), x), get(spec.output(), output, at),
                    spec + " of byte " + i);
        }
    }

    /** Every tier gives the definition's bits. */
    private MemorySegment compareBits(UnarySpec spec) {
        MemorySegment expected = MemorySegment.ofArray(new byte[256]);
        new ReferenceBackend(engine().numerics(), null).unary(spec).run(256, everyByte(), expected);
        MemorySegment output = MemorySegment.ofArray(new byte[256]);
        run(spec, 256, everyByte(), output);
        assertSame(expected, output, spec.toString());
        return output;
    }

    private static double real(UnaryFunction function, double x) {
        return switch (function) {
            case UnaryFunction.Clamp clamp -> Math.clamp(x, (double) clamp.bounds().min(), clamp.bounds().max());
            case UnaryFunction.LeakyRelu leaky -> x < 0 ? leaky.slope() * x : x;
            case UnaryFunction.Elu elu -> elu.scale() * (x > 0 ? x : elu.alpha() * Math.expm1(elu.inputScale() * x));
            case UnaryFunction.HardSwish hardSwish -> x * Math.clamp(x / 6 + 0.5, 0.0, 1.0);
            case UnaryFunction.HardSigmoid hardSigmoid -> Math.clamp(x / 6 + 0.5, 0.0, 1.0);
            case UnaryFunction.Sigmoid sigmoid -> 0.5 + 0.5 * Math.tanh(x / 2);
            case UnaryFunction.Tanh tanh -> 2 / (1 + Math.exp(-2 * x)) - 1;
            case UnaryFunction.Gelu gelu -> x * normalDistribution(x);
        };
    }

    /** Simpson's rule over the density. */
    private static double normalDistribution(double x) {
        int parts = 64;
        double step = x / parts;
        double sum = 1 + Math.exp(-x * x / 2);
        for (int i = 1; i < parts; i++) {
            double t = i * step;
            sum += (i % 2 == 0 ? 2 : 4) * Math.exp(-t * t / 2);
        }
        return 0.5 + sum * step / 3 / Math.sqrt(2 * Math.PI);
    }

    @Test
    void everyLengthWritesNothingElse() {
        UnarySpec spec = new UnarySpec(new UnaryFunction.Gelu(), u8(0.05, 128), s8(0.03, -1));
        for (int count = 0; count <= 70; count++) {
            Samples samples = new Samples(count);
            MemorySegment input = samples.bytes(count);
            MemorySegment expected = MemorySegment.ofArray(new byte[count]);
            new ReferenceBackend(engine().numerics(), null).unary(spec).run(count, input, expected);
            Guarded output = new Guarded(new Random(count), count);
            run(spec, count, input, output.segment());
            assertSame(expected, output.segment(), "count " + count);
            output.assertUntouched(Math.max(count, 1), Math.max(count, 1), "count " + count);
            run(spec, count, output.segment().copyFrom(input), output.segment());
            assertSame(expected, output.segment(), "in place, count " + count);
            output.assertUntouched(Math.max(count, 1), Math.max(count, 1), "in place, count " + count);
        }
    }

    @Test
    void refusesArguments() {
        try (Unary unary = engine().unary(new UnarySpec(new UnaryFunction.Tanh(), u8(1, 0), u8(1, 0)))) {
            MemorySegment four = segment(1, 2, 3, 4);
            assertRefused("count = -1: must be 0 or more", () -> unary.run(-1, four, four));
            assertRefused("input = 4 bytes: must be at least 5 bytes",
                    () -> unary.run(5, four, segment(1, 2, 3, 4, 5)));
            assertRefused("output = 4 bytes: must be at least 5 bytes",
                    () -> unary.run(5, segment(1, 2, 3, 4, 5), four));
            assertRefused("output = read-only memory: must be writable",
                    () -> unary.run(4, segment(1, 2, 3, 4), four.asReadOnly()));
            assertRefused("output = memory that overlaps input: must be input itself",
                    () -> unary.run(3, four, four.asSlice(1)));
            assertRefused("input = null: must be given", () -> unary.run(1, null, four));
        }
    }
}
