// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.Engine;
import io.jquant.graph.Attribute;
import io.jquant.graph.Model;
import io.jquant.graph.Tensor;
import io.jquant.graph.exec.Executor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Lowered graphs against the same graphs run as ONNX defines them: at most one step apart, and that rarely. */
class LoweredModelTest {
    private static final long SEED = 20250701;
    private static final Engine ENGINE = Engine.open();
    private static final Map<String, Attribute> NONE = Map.of();

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    private static Arguments images(String name, Function<QdqGraph, String> body) {
        return Arguments.of(name, new long[] {6, 9, 7}, body);
    }

    private static Arguments rows(String name, Function<QdqGraph, String> body) {
        return Arguments.of(name, new long[] {5, 8}, body);
    }

    private static Map<String, Attribute> ints(String key, long... values) {
        return Map.of(key, Attribute.ofInts(values));
    }

    private static String conv(QdqGraph g, String x) {
        return g.op("Conv", ints("pads", 1, 1, 1, 1), x, g.weights(0, 4, 6, 3, 3));
    }

    static List<Arguments> images() {
        return List.of(
                images("Conv", g -> conv(g, "x_d")),
                images("Conv with stride, dilation, uneven padding, bias", g -> g.op("Conv", Map.of("strides",
                        Attribute.ofInts(2, 1), "dilations", Attribute.ofInts(1, 2), "pads",
                        Attribute.ofInts(0, 1, 2, 3)), "x_d", g.weights(0, 5, 6, 3, 2), g.real(1, -2, 3, 0, 0.5f))),
                images("Conv, SAME_UPPER", g -> g.op("Conv", Map.of("auto_pad", Attribute.of("SAME_UPPER"), "strides",
                        Attribute.ofInts(2, 2)), "x_d", g.weights(0, 4, 6, 4, 3))),
                images("Conv, SAME_LOWER", g -> g.op("Conv", Map.of("auto_pad", Attribute.of("SAME_LOWER"), "strides",
                        Attribute.ofInts(2, 2)), "x_d", g.weights(0, 4, 6, 4, 3))),
                images("Conv with groups", g -> g.op("Conv", Map.of("group", Attribute.of(3)), "x_d",
                        g.weights(0, 9, 2, 3, 3))),
                images("Conv and Relu", g -> g.quantized(g.node("Relu", NONE, g.node("Conv", NONE, "x_d",
                        g.weights(0, 4, 6, 1, 1))), 0.02f, 0)),
                images("Conv and Clip", g -> g.op("Clip", NONE, g.node("Conv", NONE, "x_d", g.weights(0, 4, 6, 3, 3)),
                        g.scalar(-1), g.scalar(1.5f))),
                images("ConvTranspose", g -> g.op("ConvTranspose", Map.of("strides", Attribute.ofInts(2, 2),
                        "output_padding", Attribute.ofInts(1, 0), "pads", Attribute.ofInts(1, 0, 0, 1)), "x_d",
                        g.weights(1, 6, 3, 3, 3), g.real(1, 2, 3))),
                images("Add of two layers", g -> g.op("Add", NONE, conv(g, "x_d"), conv(g, "x_d"))),
                images("Add of a layer and the input, Relu", g -> g.op("Relu", NONE, g.node("Add", NONE,
                        g.op("Conv", ints("pads", 1, 1, 1, 1), "x_d", g.weights(0, 6, 6, 3, 3)), "x_d"))),
                images("Mul by a constant per channel", g -> g.op("Mul", NONE, conv(g, "x_d"), g.constant(4, 1, 1))),
                images("Mul by a gate per image", g -> g.op("Mul", NONE, conv(g, "x_d"),
                        g.op("GlobalAveragePool", NONE, conv(g, "x_d")))),
                images("Sub", g -> g.op("Sub", NONE, "x_d", g.constant(6, 9, 7))),
                images("MaxPool", g -> g.op("MaxPool", Map.of("kernel_shape", Attribute.ofInts(3, 2), "strides",
                        Attribute.ofInts(2, 2), "pads", Attribute.ofInts(1, 0, 1, 0)), conv(g, "x_d"))),
                images("MaxPool to other parameters", g -> g.quantized(g.node("MaxPool", ints("kernel_shape", 2, 2),
                        conv(g, "x_d")), 0.1f, 100)),
                images("AveragePool", g -> g.quantized(g.node("AveragePool", Map.of("kernel_shape",
                        Attribute.ofInts(3, 3), "pads", Attribute.ofInts(1, 1, 1, 1)), conv(g, "x_d")), 0.03f, 111)),
                images("AveragePool over the padding too", g -> g.op("AveragePool", Map.of("kernel_shape",
                        Attribute.ofInts(3, 3), "pads", Attribute.ofInts(1, 1, 1, 1), "count_include_pad",
                        Attribute.of(1)), conv(g, "x_d"))),
                images("GlobalAveragePool, Flatten", g -> g.op("Flatten", NONE,
                        g.op("GlobalAveragePool", NONE, conv(g, "x_d")))),
                images("GlobalMaxPool", g -> g.op("GlobalMaxPool", NONE, conv(g, "x_d"))),
                images("ReduceMean", g -> g.op("ReduceMean", Map.of("keepdims", Attribute.of(0)), conv(g, "x_d"),
                        g.integers(2, -1))),
                images("Concat of channels", g -> g.op("Concat", Map.of("axis", Attribute.of(1)), conv(g, "x_d"),
                        conv(g, "x_d"), g.quantized("x", 0.07f, 90))),
                images("Concat of rows", g -> g.op("Concat", Map.of("axis", Attribute.of(-2)), conv(g, "x_d"),
                        conv(g, "x_d"))),
                images("Reshape", g -> g.op("Reshape", NONE, conv(g, "x_d"), g.integers(0, -1, 2))),
                images("Transpose to channels last", g -> g.op("Transpose", ints("perm", 0, 2, 3, 1), conv(g, "x_d"))),
                images("Transpose backwards", g -> g.op("Transpose", NONE, conv(g, "x_d"))),
                images("Softmax over channels", g -> g.quantized(g.node("Softmax", Map.of("axis", Attribute.of(1)),
                        conv(g, "x_d")), 1f / 256, 0)),
                images("Resize to the nearest", g -> g.op("Resize", Map.of("coordinate_transformation_mode",
                        Attribute.of("asymmetric"), "nearest_mode", Attribute.of("floor")), conv(g, "x_d"), "",
                        g.real(1, 1, 2, 2))),
                images("Resize between corners", g -> g.op("Resize", Map.of("mode", Attribute.of("linear"),
                        "coordinate_transformation_mode", Attribute.of("align_corners")), conv(g, "x_d"), "", "",
                        g.integers(2, 4, 12, 5))),
                images("Unsqueeze, Squeeze", g -> g.op("Squeeze", NONE, g.op("Unsqueeze", NONE, conv(g, "x_d"),
                        g.integers(2)), g.integers(2))),
                images("Requantize", g -> g.quantized(conv(g, "x_d"), 0.0811f, 77)));
    }

    static List<Arguments> rows() {
        return List.of(
                rows("Conv of one axis", g -> g.op("Conv", ints("pads", 1, 1), "x_d", g.weights(0, 3, 5, 3))),
                rows("MatMul", g -> g.op("MatMul", NONE, "x_d", g.weights(1, 8, 3))),
                rows("MatMul, Add, Relu", g -> g.op("Relu", NONE, g.node("Add", NONE, g.real(1, 0, -1),
                        g.node("MatMul", NONE, "x_d", g.weights(1, 8, 3))))),
                rows("Gemm", g -> g.op("Gemm", Map.of("transB", Attribute.of(1)), g.op("Flatten", NONE, "x_d"),
                        g.weights(0, 7, 40), g.real(1, 2, 3, 4, 5, 6, 7))),
                rows("Gemm, not transposed", g -> g.op("Gemm", NONE, g.op("Flatten", NONE, "x_d"),
                        g.weights(1, 40, 7))),
                rows("MatMul of two activations", g -> g.op("MatMul", NONE, "x_d",
                        g.op("Transpose", ints("perm", 0, 2, 1), "x_d"))),
                rows("LayerNormalization", g -> g.op("LayerNormalization", NONE, "x_d",
                        g.real(1, 2, 1, 0.5f, 1, 1, 1, 1), g.real(0, 0, 1, 0, 0, 0, 0, 0))),
                rows("Softmax", g -> g.quantized(g.node("Softmax", NONE, "x_d"), 1f / 256, 0)),
                rows("Relu", g -> g.op("Relu", NONE, "x_d")),
                rows("LeakyRelu", g -> g.op("LeakyRelu", Map.of("alpha", Attribute.of(0.2f)), "x_d")),
                rows("Elu", g -> g.op("Elu", Map.of("alpha", Attribute.of(1.5f)), "x_d")),
                rows("HardSwish", g -> g.op("HardSwish", NONE, "x_d")),
                rows("HardSigmoid", g -> g.quantized(g.node("HardSigmoid", Map.of("alpha", Attribute.of(1f / 6)),
                        "x_d"), 1f / 256, 0)),
                rows("Sigmoid", g -> g.quantized(g.node("Sigmoid", NONE, "x_d"), 1f / 256, 0)),
                rows("Tanh", g -> g.quantized(g.node("Tanh", NONE, "x_d"), 2f / 256, 128)),
                rows("Gelu", g -> g.op("Gelu", NONE, "x_d")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"images", "rows"})
    void agreesWithDefinition(String name, long[] sizes, Function<QdqGraph, String> body) {
        QdqGraph graph = new QdqGraph(SEED);
        graph.input("x", sizes);
        String output = body.apply(graph);
        Model model = graph.model(output);
        long[] shape = IntStream.range(0, sizes.length + 1).mapToLong(i -> i == 0 ? 2 : sizes[i - 1]).toArray();
        Map<String, Tensor> inputs = Map.of("x", graph.values(shape));
        try (LoweredModel lowered = LoweredModel.lower(model, ENGINE)) {
            List<Explanation> left = lowered.explain().stream().filter(e -> !e.lowered()).toList();
            assertEquals(List.of(), left, name);
            // twice: the second run is in the memory of the first
            lowered.run(inputs);
            assertNear(name, Executor.plan(model).run(inputs).get(output), lowered.run(inputs).get(output));
        }
    }

    private static void assertNear(String name, Tensor expected, Tensor actual) {
        String message = name + ", seed " + SEED;
        assertArrayEquals(expected.shape(), actual.shape(), message);
        float[] e = expected.toFloats();
        float[] a = actual.toFloats();
        int apart = 0;
        for (int i = 0; i < e.length; i++) {
            // no scale in these graphs is larger
            assertEquals(e[i], a[i], 0.1001f, message + ", element " + i);
            apart += Math.abs(e[i] - a[i]) > 1e-6f ? 1 : 0;
        }
        assertTrue(apart <= e.length / 50, message + ": " + apart + " of " + e.length + " are a step apart");
    }

    @Test
    void whatCannotBeLoweredRunsAsDefined() {
        QdqGraph graph = new QdqGraph(SEED);
        graph.input("x", 6, 9, 7);
        String erf = graph.node("Erf", NONE, graph.node("Exp", NONE, conv(graph, "x_d")));
        String output = graph.op("Conv", NONE, graph.quantized(erf), graph.weights(0, 3, 4, 1, 1));
        Model model = graph.model(output, erf);
        Map<String, Tensor> inputs = Map.of("x", graph.values(1, 6, 9, 7));
        try (LoweredModel lowered = LoweredModel.lower(model, ENGINE)) {
            List<String> left = lowered.explain().stream().filter(e -> !e.lowered()).map(e -> e.node().opType())
                    .toList();
            assertEquals(List.of("Exp", "Erf"), left);
            Map<String, Tensor> expected = Executor.plan(model).run(inputs);
            Map<String, Tensor> actual = lowered.run(inputs);
            assertEquals(expected.keySet(), actual.keySet());
            assertNear("behind", expected.get(output), actual.get(output));
            assertNear("between", expected.get(erf), actual.get(erf));
        }
    }

    @Test
    void whatTheEngineRefusesRunsAsDefined() {
        QdqGraph graph = new QdqGraph(SEED);
        graph.input("x", 34_000);
        String output = graph.quantized(graph.node("Gemm", NONE, "x_d", graph.weights(1, 34_000, 2)), 2, 128);
        Model model = graph.model(output);
        Map<String, Tensor> inputs = Map.of("x", graph.values(1, 34_000));
        try (LoweredModel lowered = LoweredModel.lower(model, ENGINE)) {
            Explanation left = lowered.explain().getFirst();
            assertTrue(!left.lowered() && left.reason().contains("inFeatures = 34000"), left.toString());
            assertArrayEquals(Executor.plan(model).run(inputs).get(output).toFloats(),
                    lowered.run(inputs).get(output).toFloats());
        }
    }

    @Test
    void manyWeightsLeaveRoomForBiases() {
        QdqGraph graph = new QdqGraph(SEED);
        graph.input("x", 2048);
        // 16 MiB of real numbers
        String first = graph.op("Gemm", Map.of("transB", Attribute.of(1)), "x_d", graph.weights(0, 2048, 2048));
        String output = graph.op("Gemm", Map.of("transB", Attribute.of(1)), first, graph.weights(0, 3, 2048),
                graph.constant(3));
        try (LoweredModel lowered = LoweredModel.lower(graph.model(output), ENGINE)) {
            assertEquals(List.of(), lowered.explain().stream().filter(e -> !e.lowered()).toList());
        }
    }

    @Test
    void everyBatchSizeRuns() {
        QdqGraph graph = new QdqGraph(SEED);
        graph.input("x", 6, 9, 7);
        String output = graph.op("Flatten", NONE, conv(graph, "x_d"));
        Model model = graph.model(output);
        try (LoweredModel lowered = LoweredModel.lower(model, ENGINE)) {
            for (int batch : new int[] {3, 0, 1, 5}) {
                Map<String, Tensor> inputs = Map.of("x", graph.values(batch, 6, 9, 7));
                Tensor actual = lowered.run(inputs).get(output);
                assertArrayEquals(new long[] {batch, 252}, actual.shape());
                if (batch > 0) {
                    assertNear("batch " + batch, Executor.plan(model).run(inputs).get(output), actual);
                }
            }
        }
    }

    /** With one row a transpose is no movement, and its value lies where what it reads does. */
    @Test
    void sizesMayChangeFromRunToRun() {
        QdqGraph graph = new QdqGraph(SEED);
        graph.input("x", 6);
        String value = "x_d";
        for (int i = 0; i < 4; i++) {
            String turned = graph.op("Transpose", ints("perm", 1, 0), graph.op("Relu", NONE, value));
            String back = graph.op("Transpose", ints("perm", 1, 0), graph.op("Add", NONE, turned, turned));
            value = graph.op("Sub", NONE, graph.op("Add", NONE, back, value), graph.op("Relu", NONE, back));
        }
        String output = value;
        Model model = graph.model(output);
        try (LoweredModel lowered = LoweredModel.lower(model, ENGINE)) {
            for (int batch : new int[] {1, 3, 1, 1, 7, 2, 1, 7, 300, 1, 5}) {
                Map<String, Tensor> inputs = Map.of("x", graph.values(batch, 6));
                try (LoweredModel fresh = LoweredModel.lower(model, ENGINE)) {
                    assertArrayEquals(fresh.run(inputs).get(output).toFloats(),
                            lowered.run(inputs).get(output).toFloats(), "batch " + batch + ", seed " + SEED);
                }
            }
        }
    }

    @Test
    void profilesEveryStep() {
        QdqGraph graph = new QdqGraph(SEED);
        graph.input("x", 6, 9, 7);
        Model model = graph.model(conv(graph, "x_d"));
        try (LoweredModel lowered = LoweredModel.lower(model, ENGINE)) {
            List<StepTime> times = lowered.profile(Map.of("x", graph.values(1, 6, 9, 7)));
            assertEquals(List.of("QuantizeLinear", "transposes", "Conv", "transposes", "DequantizeLinear"),
                    times.stream().map(t -> t.step().substring(0, (t.step() + " ").indexOf(' '))).toList());
            assertTrue(times.stream().allMatch(t -> t.nanoseconds() >= 0), times.toString());
        }
    }

    @Test
    void threadsShareOneModel() throws InterruptedException, ExecutionException {
        QdqGraph graph = new QdqGraph(SEED);
        graph.input("x", 6, 9, 7);
        String output = graph.op("Add", NONE, conv(graph, "x_d"), conv(graph, "x_d"));
        Model model = graph.model(output);
        try (LoweredModel lowered = LoweredModel.lower(model, ENGINE);
                var threads = Executors.newFixedThreadPool(4)) {
            List<Tensor> inputs = IntStream.range(0, 40).mapToObj(i -> graph.values(1 + i % 3, 6, 9, 7)).toList();
            List<float[]> expected = inputs.stream().map(x -> lowered.run(Map.of("x", x)).get(output).toFloats())
                    .toList();
            List<Future<float[]>> actual = inputs.stream()
                    .map(x -> threads.submit(() -> lowered.run(Map.of("x", x)).get(output).toFloats())).toList();
            for (int i = 0; i < inputs.size(); i++) {
                assertArrayEquals(expected.get(i), actual.get(i).get(), "run " + i + ", seed " + SEED);
            }
        }
    }

    @Test
    void refusesWhatIsWrong() {
        QdqGraph graph = new QdqGraph(SEED);
        graph.input("x", 6, 9, 7);
        Model model = graph.model(conv(graph, "x_d"));
        LoweredModel lowered = LoweredModel.lower(model, ENGINE);
        assertThrows(IllegalArgumentException.class, () -> lowered.run(Map.of()));
        assertThrows(IllegalArgumentException.class, () -> lowered.run(Map.of("x", graph.values(1, 6, 9, 8))));
        lowered.close();
        lowered.close();
        assertThrows(IllegalStateException.class, () -> lowered.run(Map.of("x", graph.values(1, 6, 9, 7))));
        assertThrows(IllegalArgumentException.class, () -> LoweredModel.lower(null, ENGINE));
    }
}
