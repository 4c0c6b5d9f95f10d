// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.graph.Attribute;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.OperatorException;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.exec.Executor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MatMulNBits as a product of floats, and on an engine. */
class GroupedLoweringTest {
    private static final long SEED = 41;
    private static final int N = 20;

    private final Random random = new Random(SEED);

    private Tensor reals(int count, float scale, long... shape) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian() * scale;
        }
        return Tensor.of(values, shape);
    }

    private Tensor nibbles(long... shape) {
        byte[] values = new byte[Tensor.count(shape)];
        random.nextBytes(values);
        return Tensor.of(DataType.U8, values, shape);
    }

    private Model model(int k, int groupSize, boolean zeroPoints, boolean bias, Map<String, Long> changed) {
        int groups = Math.ceilDiv(k, groupSize);
        GraphBuilder builder = new GraphBuilder();
        builder.input(new ValueInfo("x", DataType.F32, Shape.of(2, 3, k)));
        builder.output(new ValueInfo("y", DataType.F32, Shape.UNKNOWN));
        builder.putInitializer("w", nibbles(N, groups, groupSize / 2));
        builder.putInitializer("s", reals(N * groups, 0.1f, (long) N * groups));
        builder.putInitializer("z", nibbles((long) N * Math.ceilDiv(groups, 2)));
        builder.putInitializer("b", reals(N, 1, N));
        Map<String, Attribute> attributes = new HashMap<>();
        Map<String, Long> numbers = new HashMap<>(Map.of("K", (long) k, "N", (long) N, "bits", 4L, "block_size",
                (long) groupSize));
        numbers.putAll(changed);
        numbers.forEach((key, value) -> attributes.put(key, Attribute.of(value)));
        builder.add(new Node("MatMulNBits", "com.microsoft", "product", List.of("x", "w", "s", zeroPoints ? "z" : "",
                "", bias ? "b" : ""), List.of("p"), attributes));
        builder.add(new Node("Relu", List.of("p"), List.of("y"), Map.of()));
        return new Model(8, Map.of("", 13, "com.microsoft", 1), "", "", Map.of(), builder.build());
    }

    @ParameterizedTest
    @CsvSource({"64,32,false,false", "75,16,true,true", "20,32,true,false", "300,128,false,true"})
    void runsOnTheEngine(int k, int groupSize, boolean zeroPoints, boolean bias) {
        Model model = model(k, groupSize, zeroPoints, bias, Map.of("accuracy_level", 4L));
        Map<String, Tensor> inputs = Map.of("x", reals(6 * k, 1, 2, 3, k));
        float[] exact = Executor.plan(model).run(inputs).get("y").toFloats();
        try (Engine engine = Engine.open(); LoweredModel lowered = LoweredModel.lower(model, engine)) {
            assertTrue(lowered.explain().stream().allMatch(Explanation::lowered), lowered.explain().toString());
            Tensor found = lowered.run(inputs).get("y");
            assertArrayEquals(new long[] {2, 3, N}, found.shape());
            double error = 0;
            double signal = 0;
            for (int i = 0; i < exact.length; i++) {
                error += Math.pow(exact[i] - found.toFloats()[i], 2);
                signal += Math.pow(exact[i], 2);
            }
            double relative = Math.sqrt(error / signal);
            assertTrue(relative > 0 && relative < 0.02, relative + ", seed " + SEED);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void isLeftInFloatsWhereTheModelWantsThat(long accuracy) {
        Model model = model(64, 32, true, true, accuracy == 0 ? Map.of() : Map.of("accuracy_level", accuracy));
        Map<String, Tensor> inputs = Map.of("x", reals(6 * 64, 1, 2, 3, 64));
        try (Engine engine = Engine.open(); LoweredModel lowered = LoweredModel.lower(model, engine)) {
            assertTrue(lowered.explain().stream().noneMatch(Explanation::lowered), lowered.explain().toString());
            assertArrayEquals(Executor.plan(model).run(inputs).get("y").toFloats(),
                    lowered.run(inputs).get("y").toFloats(), 1e-5f);
        }
    }

    /** By hand: one group of 16, weights 1 to 16 less the zero point. */
    @Test
    void multipliesByWeightsOfFourBits() {
        GraphBuilder builder = new GraphBuilder();
        builder.input(new ValueInfo("x", DataType.F32, Shape.of(1, 3)));
        builder.output(new ValueInfo("y", DataType.F32, Shape.UNKNOWN));
        builder.putInitializer("w", Tensor.of(DataType.U8, new byte[] {0x21, (byte) 0xF9, 0, 0, 0, 0, 0, 0}, 1, 1, 8));
        builder.putInitializer("s", Tensor.of(new float[] {0.5f}, 1));
        builder.add(new Node("MatMulNBits", "com.microsoft", "", List.of("x", "w", "s"), List.of("y"), Map.of("K",
                Attribute.of(3), "N", Attribute.of(1), "bits", Attribute.of(4), "block_size", Attribute.of(16))));
        Model model = new Model(8, Map.of("", 13, "com.microsoft", 1), "", "", Map.of(), builder.build());
        assertEquals(0.5f * (1 * -7 + 10 * -6 + 100 * 1),
                Executor.plan(model).run(Map.of("x", Tensor.of(new float[] {1, 10, 100}, 1, 3))).get("y")
                        .toFloats()[0]);
    }

    @ParameterizedTest
    @CsvSource({"bits, 8, bits = 8: must be 4", "block_size, 48, block_size = 48: must be a power of two",
            "block_size, 8, block_size = 8: must be a power of two", "K, 0, K = 0: must be 1 to",
            "N, 21, must have 1344 elements", "K, 128, must have rows of K"})
    void refusesWhatDoesNotFit(String attribute, long value, String message) {
        Model model = model(100, 32, true, true, Map.of(attribute, value));
        String found = assertThrows(OperatorException.class, () -> Executor.plan(model)).getMessage();
        assertTrue(found.contains(message), found);
    }
}
