// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static io.jquant.kernels.testing.BruteForce.f32;
import static io.jquant.kernels.testing.ElementForce.atEveryZeroPoint;
import static io.jquant.kernels.testing.ElementForce.dequantize;
import static io.jquant.kernels.testing.ElementForce.get;
import static io.jquant.kernels.testing.ElementForce.quantize;
import static io.jquant.kernels.testing.ElementForce.s8;
import static io.jquant.kernels.testing.ElementForce.saturate;
import static io.jquant.kernels.testing.ElementForce.segment;
import static io.jquant.kernels.testing.ElementForce.u8;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.Activation;
import io.jquant.Binary;
import io.jquant.BinarySpec;
import io.jquant.BinarySpec.Function;
import io.jquant.DataType;
import io.jquant.EngineOptions;
import io.jquant.QuantizationParameters;
import io.jquant.spi.Numerics;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sums, differences and products. */
public abstract class BinaryCases extends EngineCases {
    private static final List<Function> FUNCTIONS = List.of(Function.values());
    private static final Activation BOUNDS = new Activation(-0.4f, 1.9f);

    protected BinaryCases(EngineOptions options) {
        super(options);
    }

    private int[] apply(Function function, Activation activation, QuantizationParameters left,
            QuantizationParameters right, QuantizationParameters output, int[] a, int[] b) {
        MemorySegment y = MemorySegment.ofArray(new byte[a.length]);
        try (Binary binary = engine().binary(new BinarySpec(function, activation, left, right, output))) {
            binary.run(a.length, segment(a), segment(b), y);
        }
        return get(output, y);
    }

    @Test
    void halvesRoundAwayFromZeroInFixedPointAndToEvenInFloat() {
        int[] a = {5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
        int[] ten = new int[11];
        Arrays.fill(ten, 20);
        int[] away = {7, 8, 8, 9, 9, 10, 11, 11, 12, 12, 13};
        int[] even = {8, 8, 8, 9, 10, 10, 10, 11, 12, 12, 12};
        boolean fixedPoint = engine().numerics() == Numerics.QNNPACK;
        for (Function function : new Function[] {Function.ADD, Function.SUBTRACT}) {
            assertArrayEquals(fixedPoint ? away : even, apply(function, Activation.NONE, u8(0.5, 10), u8(0.5, 20),
                    u8(1, 10), a, ten), function.toString());
            assertArrayEquals(even, apply(function, Activation.NONE, s8(0.5, 10), u8(0.5, 20), u8(1, 10), a, ten),
                    function.toString());
        }
        assertArrayEquals(even, apply(Function.MULTIPLY, Activation.NONE, u8(0.5, 10), u8(1, 19), u8(1, 10), a, ten));
    }

    @Test
    void boundsAreQuantized() {
        int[] a = {0, 100, 130, 255};
        int[] zero = {128, 128, 128, 128};
        for (Function function : new Function[] {Function.ADD, Function.SUBTRACT}) {
            assertArrayEquals(new int[] {7, 7, 9, 67},
                    apply(function, Activation.RELU6, u8(0.1, 128), u8(0.1, 128), u8(0.1, 7), a, zero));
        }
        int[] one = {1, 1, 1, 1};
        assertArrayEquals(new int[] {7, 7, 9, 67},
                apply(Function.MULTIPLY, Activation.RELU6, u8(0.1, 128), u8(1, 0), u8(0.1, 7), a, one));
    }

    @Test
    void everyPairAtEveryZeroPoint() {
        for (Function function : Function.values()) {
            for (int zeroPoint : ElementForce.U8_ZERO_POINTS) {
                double room = function == Function.MULTIPLY ? 2.1 : 0.0771;
                compareEveryPair(new BinarySpec(function, Activation.NONE, u8(0.0517, zeroPoint),
                        u8(0.0313, 255 - zeroPoint), u8(room, zeroPoint)));
            }
            for (QuantizationParameters output : atEveryZeroPoint(function == Function.MULTIPLY ? 0x1p-2 : 0x1p-3)) {
                compareEveryPair(new BinarySpec(function, BOUNDS, u8(0x1p-4, 128), u8(0x1p-4, 127), output));
                compareEveryPair(new BinarySpec(function, BOUNDS, s8(0x1p-4, -1), u8(0x1p-4, 127), output));
            }
        }
    }

    @Test
    void scalesFarApartAreAddedInFloat() {
        // the ratios are just within and just outside what QNNPACK's fixed point holds
        for (double ratio : new double[] {0x1p-15, 0x1.fffffep-15, 0x1p-14, 1, 0x1.fffffep7, 0x1p8, 0x1p9}) {
            compareEveryPair(new BinarySpec(Function.ADD, Activation.NONE, u8(ratio, 3), u8(0x1p-3, 77), u8(1, 128)));
            compareEveryPair(new BinarySpec(Function.SUBTRACT, Activation.NONE, u8(0.3, 9), u8(ratio, 255), u8(1, 1)));
        }
        // each operand is a float, not so the sum of two
        compareEveryPair(new BinarySpec(Function.ADD, Activation.NONE, u8(1.2e36, 0), u8(1.2e36, 0), u8(5e36, 0)));
        compareEveryPair(new BinarySpec(Function.MULTIPLY, Activation.NONE, u8(1e30, 3), u8(1e30, 3), u8(1e-3, 5)));
        compareEveryPair(new BinarySpec(Function.SUBTRACT, Activation.NONE, u8(3e38, 3), u8(3e38, 3), u8(1, 5)));
    }

    private void compareEveryPair(BinarySpec spec) {
        MemorySegment a = MemorySegment.ofArray(new byte[65536]);
        MemorySegment b = MemorySegment.ofArray(new byte[65536]);
        MemorySegment y = MemorySegment.ofArray(new byte[65536]);
        for (int i = 0; i < 65536; i++) {
            a.set(JAVA_BYTE, i, (byte) (i >> 8));
            b.set(JAVA_BYTE, i, (byte) i);
        }
        try (Binary binary = engine().binary(spec)) {
            binary.run(65536, a, b, y);
        }
        for (int i = 0; i < 65536; i++) {
            compare(spec, false, get(spec.left(), a, i), get(spec.right(), b, i), get(spec.output(), y, i), "pair");
        }
    }

    private void compare(BinarySpec spec, boolean broadcast, int a, int b, int actual, String message) {
        int expected = Math.clamp(expected(spec, broadcast, a, b), spec.activation().quantizedMin(spec.output()),
                spec.activation().quantizedMax(spec.output()));
        if (expected != actual) {
            assertEquals(expected, actual, message + ": " + a + " and " + b + " of " + spec);
        }
    }

    private int expected(BinarySpec spec, boolean broadcast, int a, int b) {
        QuantizationParameters output = spec.output();
        double left = f32((double) spec.left().scale() / output.scale());
        double right = f32((double) spec.right().scale() / output.scale());
        double da = a - spec.left().zeroPoint();
        double db = b - spec.right().zeroPoint();
        if (spec.function() == Function.MULTIPLY) {
            double multiplier = f32(f32((double) spec.left().scale() * spec.right().scale())
                    * f32(1.0 / output.scale()));
            return saturate(output, f32(da * db * multiplier));
        }
        int sign = spec.function() == Function.ADD ? 1 : -1;
        boolean bytes = spec.left().type() == DataType.U8 && spec.right().type() == DataType.U8
                && output.type() == DataType.U8;
        boolean near = Math.min(left, right) >= Math.pow(2, -14) && Math.max(left, right) < 256;
        if (engine().numerics() == Numerics.QNNPACK && bytes && near && !broadcast) {
            double one = Math.pow(2, 21 - Math.getExponent(Math.max(left, right)));
            double steps = (Math.rint(left * one) * da + sign * Math.rint(right * one) * db) / one;
            double away = Math.signum(steps) * Math.floor(Math.abs(steps) + 0.5);
            return (int) Math.clamp(away + output.zeroPoint(), 0.0, 255.0);
        }
        return quantize(output, f32(dequantize(spec.left(), a) + sign * dequantize(spec.right(), b)));
    }

    @Test
    void everyLengthWritesNothingElse() {
        for (int count = 0; count <= 70; count++) {
            Samples samples = new Samples(count);
            BinarySpec spec = spec(samples);
            MemorySegment a = samples.bytes(count);
            MemorySegment b = samples.bytes(count);
            int all = Math.max(count, 1);
            for (int place = 0; place < 3; place++) {
                String message = "count " + count + ", place " + place;
                Guarded y = new Guarded(new Random(count), count);
                MemorySegment left = place == 1 ? y.segment().copyFrom(a) : a;
                MemorySegment right = place == 2 ? y.segment().copyFrom(b) : b;
                try (Binary binary = engine().binary(spec)) {
                    binary.run(count, left, right, y.segment());
                }
                for (int i = 0; i < count; i++) {
                    compare(spec, false, get(spec.left(), a, i), get(spec.right(), b, i),
                            get(spec.output(), y.segment(), i), message);
                }
                y.assertUntouched(all, all, message);
            }
        }
    }

    private static BinarySpec spec(Samples samples) {
        QuantizationParameters left = samples.perTensor();
        QuantizationParameters right = samples.perTensor();
        Function function = FUNCTIONS.get(samples.random().nextInt(FUNCTIONS.size()));
        Activation activation = samples.random().nextBoolean() ? Activation.NONE : BOUNDS;
        DataType type = samples.type();
        float scale = function == Function.MULTIPLY ? left.scale() * right.scale() * 99 : left.scale() + right.scale();
        return new BinarySpec(function, activation, left, right,
                QuantizationParameters.perTensor(type, scale * 0.9f, samples.zeroPoint(type)));
    }

    @Test
    void shapesAreRepeated() {
        int[][][] shapes = {{{}, {}}, {{}, {3}}, {{1}, {}}, {{0}, {1}}, {{0}, {}}, {{2, 0, 3}, {2, 1, 1}}, {{1}, {1}},
            {{5}, {5}}, {{1, 5}, {5}}, {{2, 3, 5}, {5}}, {{2, 3, 5}, {3, 5}}, {{2, 3, 5}, {3, 1}},
            {{2, 3, 5}, {2, 1, 5}},
            {{4, 1}, {1, 7}}, {{3, 1, 6}, {1, 5, 6}}, {{2, 1, 3, 1, 2}, {4, 1, 5, 1}}, {{1, 5, 4, 3}, {1, 5, 1, 1}},
            {{2, 3, 4}, {2, 3, 4}}, {{1, 1}, {1, 1}}, {{2, 1, 5}, {1, 1, 5}}};
        for (int[][] pair : shapes) {
            for (int seed = 0; seed < 6; seed++) {
                compareShapes(pair[0], pair[1], seed);
                compareShapes(pair[1], pair[0], seed);
            }
        }
    }

    @Test
    void repeatedOperandsAreAddedInFloat() {
        MemorySegment y = MemorySegment.ofArray(new byte[2]);
        try (Binary binary = engine().binary(
                new BinarySpec(Function.ADD, Activation.NONE, u8(0.5, 0), u8(0.5, 0), u8(1, 0)))) {
            binary.run(new int[] {2, 1}, segment(1, 5), new int[] {1}, segment(0), y);
            assertArrayEquals(new int[] {0, 2}, get(u8(1, 0), y));
            binary.run(new int[] {2, 1}, segment(1, 5), new int[] {2, 1}, segment(0, 0), y);
            assertArrayEquals(engine().numerics() == Numerics.QNNPACK ? new int[] {1, 3} : new int[] {0, 2},
                    get(u8(1, 0), y));
        }
    }

    private void compareShapes(int[] leftShape, int[] rightShape, int seed) {
        Samples samples = new Samples(seed);
        BinarySpec spec = spec(samples);
        int rank = Math.max(leftShape.length, rightShape.length);
        int[] shape = new int[rank];
        for (int i = 0; i < rank; i++) {
            int l = axis(leftShape, i - rank + leftShape.length);
            shape[i] = l == 1 ? axis(rightShape, i - rank + rightShape.length) : l;
        }
        int size = product(shape);
        MemorySegment a = samples.bytes(product(leftShape));
        MemorySegment b = samples.bytes(product(rightShape));
        Guarded y = new Guarded(new Random(seed), size);
        try (Binary binary = engine().binary(spec)) {
            binary.run(leftShape, a, rightShape, b, y.segment());
        }
        String message = Arrays.toString(leftShape) + " and " + Arrays.toString(rightShape) + ", seed " + seed;
        for (int i = 0; i < size; i++) {
            compare(spec, !Arrays.equals(leftShape, rightShape), get(spec.left(), a, source(i, shape, leftShape)),
                    get(spec.right(), b, source(i, shape, rightShape)), get(spec.output(), y.segment(), i), message);
        }
        y.assertUntouched(Math.max(size, 1), Math.max(size, 1), message);
    }

    private static int axis(int[] shape, int index) {
        return index < 0 ? 1 : shape[index];
    }

    private static int product(int[] shape) {
        return Arrays.stream(shape).reduce(1, (x, y) -> x * y);
    }

    /** The element of an operand that goes with an element of the output. */
    private static int source(int index, int[] shape, int[] operand) {
        int rest = index;
        int source = 0;
        int stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            int size = axis(operand, i - shape.length + operand.length);
            source += size == 1 ? 0 : rest % shape[i] * stride;
            stride *= size;
            rest /= shape[i];
        }
        return source;
    }

    @Test
    void refusesArguments() {
        try (Binary binary = engine().binary(
                new BinarySpec(Function.ADD, Activation.NONE, u8(1, 0), u8(1, 0), u8(1, 0)))) {
            MemorySegment four = segment(1, 2, 3, 4);
            assertRefused("count = -1: must be 0 or more", () -> binary.run(-1, four, four, four));
            assertRefused("right = 4 bytes: must be at least 5 bytes",
                    () -> binary.run(5, segment(1, 2, 3, 4, 5), four, segment(1, 2, 3, 4, 5)));
            assertRefused("output = memory that overlaps left: must be left itself",
                    () -> binary.run(3, four, segment(1, 2, 3), four.asSlice(1)));
            assertRefused("right shape = [3]: must be the left's or 1 on every axis; the left is [2]",
                    () -> binary.run(new int[] {2}, four, new int[] {3}, four, segment(1, 2, 3)));
            assertRefused("left shape[0] = -2: must be 0 or more",
                    () -> binary.run(new int[] {-2}, four, new int[] {3}, four, segment(1, 2, 3)));
        }
    }
}
