// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.graph.Attribute;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.exec.Executor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dynamic layers as ONNX Runtime's quantize_dynamic writes them, against the same nodes run as ONNX defines them. */
class DynamicLoweringTest {
    private static final long SEED = 71;
    private static final int IN = 40;
    private static final int OUT = 24;

    private final Random random = new Random(SEED);
    private final GraphBuilder builder = new GraphBuilder();

    private void node(String opType, List<String> outputs, Map<String, Attribute> attributes, String... inputs) {
        builder.add(new Node(opType, "", outputs.getFirst(), List.of(inputs), outputs, attributes));
    }

    private Tensor reals(double range, long... sizes) {
        float[] data = new float[Tensor.count(sizes)];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) random.nextDouble(-range, range);
        }
        return Tensor.of(data, sizes);
    }

    private String weight(String name, DataType type) {
        Tensor tensor = Tensor.allocate(type, IN, OUT);
        for (int i = 0; i < tensor.count(); i++) {
            tensor.setLong(i, random.nextInt(type.min(), type.max() + 1));
        }
        return builder.addInitializer(name, tensor);
    }

    private String zeroPoints(String name, DataType type, boolean perChannel) {
        Tensor tensor = perChannel ? Tensor.allocate(type, OUT) : Tensor.allocate(type);
        for (int i = 0; i < tensor.count(); i++) {
            tensor.setLong(i, random.nextInt(3) + (type == DataType.U8 ? 127 : -1));
        }
        return builder.addInitializer(name, tensor);
    }

    private String scales(String name, boolean perChannel) {
        Tensor tensor = perChannel ? Tensor.allocate(DataType.F32, OUT) : Tensor.allocate(DataType.F32);
        for (int i = 0; i < tensor.count(); i++) {
            tensor.floats()[i] = (float) random.nextDouble(0.001, 0.01);
        }
        return builder.addInitializer(name, tensor);
    }

    /** The product of the quantized input and a weight; returns the real value's name. */
    private String product(String name, DataType type, boolean perChannel) {
        node("MatMulInteger", List.of(name + "_i"), Map.of(), "q", weight(name + "_w", type), "z",
                zeroPoints(name + "_z", type, perChannel));
        node("Cast", List.of(name + "_f"), Map.of("to", Attribute.of(1)), name + "_i");
        node("Mul", List.of(name + "_s"), Map.of(), "s", scales(name + "_ws", perChannel));
        node("Mul", List.of(name), Map.of(), name + "_f", name + "_s");
        return name;
    }

    private Model model(String... outputs) {
        builder.input(new ValueInfo("x", DataType.F32, Shape.of(2, 3, IN)));
        for (String output : outputs) {
            builder.output(new ValueInfo(output, DataType.F32, Shape.UNKNOWN));
        }
        return new Model(8, Map.of("", 13), "", "", Map.of(), builder.build());
    }

    private static double relativeError(float[] exact, float[] found) {
        assertEquals(exact.length, found.length);
        double error = 0;
        double size = 0;
        for (int i = 0; i < exact.length; i++) {
            error += Math.pow(exact[i] - found[i], 2);
            size += Math.pow(exact[i], 2);
        }
        return Math.sqrt(error / size);
    }

    @ParameterizedTest
    @CsvSource({"S8, false", "S8, true", "U8, false", "U8, true"})
    void productsOfIntegersAreDynamicLayers(DataType type, boolean perChannel) {
        node("DynamicQuantizeLinear", List.of("q", "s", "z"), Map.of(), "x");
        String bias = builder.addInitializer("b", reals(1, OUT));
        node("Add", List.of("a"), Map.of(), bias, product("p", type, perChannel));
        node("Relu", List.of("y"), Map.of(), "a");
        product("bare", type, perChannel);
        Model model = model("y", "bare");
        Map<String, Tensor> input = Map.of("x", reals(3, 2, 3, IN));
        Map<String, Tensor> exact = Executor.plan(model).run(input);
        try (Engine engine = Engine.open(); LoweredModel lowered = LoweredModel.lower(model, engine)) {
            Map<String, Tensor> found = lowered.run(input);
            // a number half way between two integers may go to the other one, as scales are computed otherwise
            exact.forEach((name, value) -> assertTrue(
                    relativeError(value.toFloats(), found.get(name).toFloats()) < 0.002, name + ", seed " + SEED));
            List<String> onEngine = lowered.explain().stream().filter(Explanation::lowered)
                    .map(e -> e.node().opType()).sorted().toList();
            assertEquals(List.of("Add", "Cast", "Cast", "MatMulInteger", "MatMulInteger", "Mul", "Mul", "Mul", "Mul",
                    "Relu"), onEngine);
        }
    }

    @Test
    void sumsThatOthersReadStayAsTheyAre() {
        node("DynamicQuantizeLinear", List.of("q", "s", "z"), Map.of(), "x");
        product("p", DataType.S8, false);
        node("Cast", List.of("sums"), Map.of("to", Attribute.of(1)), "p_i");
        Model model = model("p", "sums");
        Map<String, Tensor> input = Map.of("x", reals(3, 2, 3, IN));
        Map<String, Tensor> exact = Executor.plan(model).run(input);
        try (Engine engine = Engine.open(); LoweredModel lowered = LoweredModel.lower(model, engine)) {
            Map<String, Tensor> found = lowered.run(input);
            exact.forEach((name, value) -> assertArrayEquals(value.toFloats(), found.get(name).toFloats(), name));
            assertTrue(lowered.explain().stream().noneMatch(Explanation::lowered));
        }
    }

    @Test
    void whatHasLeftTheModelIsNotFilledAgain() {
        node("DynamicQuantizeLinear", List.of("q", "s", "z"), Map.of(), "x");
        product("p", DataType.S8, false);
        String flat = builder.addInitializer("flat", Tensor.of(new long[] {-1}, 1));
        node("Reshape", List.of("y"), Map.of(), "p", flat);
        node("Neg", List.of("n"), Map.of(), "p");
        Model model = model("y", "n");
        try (Engine engine = Engine.open(); LoweredModel lowered = LoweredModel.lower(model, engine)) {
            for (int i = 0; i < 3; i++) {
                Map<String, Tensor> first = lowered.run(Map.of("x", reals(3, 2, 3, IN)));
                float[] before = Arrays.copyOf(first.get("y").toFloats(), OUT);
                float[] negated = Arrays.copyOf(first.get("n").toFloats(), OUT);
                lowered.run(Map.of("x", reals(3, 2, 3, IN)));
                assertArrayEquals(before, Arrays.copyOf(first.get("y").toFloats(), OUT));
                assertArrayEquals(negated, Arrays.copyOf(first.get("n").toFloats(), OUT));
            }
        }
    }
}
