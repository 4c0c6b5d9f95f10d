// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
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
import io.jquant.graph.lowering.Explanation;
import io.jquant.graph.lowering.LoweredModel;
import io.jquant.graph.onnx.OnnxReader;
import io.jquant.graph.onnx.OnnxWriter;
import io.jquant.quantization.Cifar.Comparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What dynamic quantization makes of layers and of real models; it must run alike here and in ONNX Runtime. */
class DynamicQuantizerTest {
    private static final long SEED = 23;
    private static final int SEQUENCES = Integer.getInteger("jquant.test.cases", 50);

    private final Random random = new Random(SEED);
    private final GraphBuilder builder = new GraphBuilder();

    @TempDir
    Path folder;

    private Tensor values(long... sizes) {
        float[] data = new float[Tensor.count(sizes)];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) random.nextGaussian();
        }
        return Tensor.of(data, sizes);
    }

    private String constant(String name, long... sizes) {
        return builder.addInitializer(name, values(sizes));
    }

    private void node(String opType, List<String> outputs, Map<String, Attribute> attributes, String... inputs) {
        builder.add(new Node(opType, "", outputs.getFirst(), List.of(inputs), outputs, attributes));
    }

    private Model model(Shape input, String... outputs) {
        builder.input(new ValueInfo("x", DataType.F32, input));
        for (String output : outputs) {
            builder.output(new ValueInfo(output, DataType.F32, Shape.UNKNOWN));
        }
        return new Model(8, Map.of("", 13), "", "", Map.of(), builder.build());
    }

    /** Runs the model as it is defined, on an engine and in ONNX Runtime, and compares each with the float model. */
    private Model check(Model model, Map<String, Tensor> batch, double most, DynamicOptions options)
            throws IOException, OrtException {
        Model quantized = Quantizer.dynamicQuantize(model, options);
        Map<String, Tensor> exact = Executor.plan(model).run(batch);
        near("as defined", exact, Executor.plan(quantized).run(batch), most);
        try (Engine engine = Engine.open(); LoweredModel lowered = LoweredModel.lower(quantized, engine)) {
            near("on the engine", exact, lowered.run(batch), most);
            assertTrue(lowered.explain().stream().filter(Explanation::lowered).anyMatch(e -> !e.node().is("Gather")),
                    lowered.explain().toString());
        }
        try (OnnxRuntime runtime = new OnnxRuntime(quantized, folder)) {
            near("in ONNX Runtime", exact, runtime.run(batch), most);
        }
        return quantized;
    }

    private static void near(String where, Map<String, Tensor> exact, Map<String, Tensor> found, double most) {
        exact.forEach((name, value) -> {
            double error = Comparison.of(value.toFloats(), found.get(name).toFloats(), value.count()).relativeRms();
            assertTrue(error > 0 && error <= most, where + ", " + name + ": " + error + ", seed " + SEED);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void productsTakeTheirBias(boolean perRow) throws IOException, OrtException {
        node("MatMul", List.of("m"), Map.of(), "x", constant("w", 40, 24));
        node("Add", List.of("a"), Map.of(), constant("b", 24), "m");
        node("Relu", List.of("r"), Map.of(), "a");
        node("Reshape", List.of("s"), Map.of(), "r", builder.addInitializer("to", Tensor.of(new long[] {6, 24}, 2)));
        node("Gemm", List.of("y"), Map.of("alpha", Attribute.of(0.5f)), "s", constant("w2", 24, 10),
                constant("b2", 10));
        Model quantized = check(model(Shape.of(2, 3, 40), "y"), Map.of("x", values(2, 3, 40)), 0.02,
                DynamicOptions.forEngine("fbgemm").withPerRow(perRow));
        assertEquals(List.of("DynamicQuantizeMatMul", "Relu", "Reshape", "DynamicQuantizeMatMul"),
                quantized.graph().nodes().stream().map(Node::opType).toList());
    }

    @ParameterizedTest
    @CsvSource({"16, 0.13", "32, 0.15", "64, 0.17", "128, 0.2"})
    void productsWithWeightsOfFourBits(int groupSize, double most) throws IOException, OrtException {
        node("MatMul", List.of("m"), Map.of(), "x", constant("w", 200, 96));
        node("Add", List.of("a"), Map.of(), constant("b", 96), "m");
        node("Relu", List.of("r"), Map.of(), "a");
        node("Gemm", List.of("y"), Map.of("transB", Attribute.of(1)), "r", constant("w2", 33, 96));
        Model quantized = check(model(Shape.of(6, 200), "y"), Map.of("x", values(6, 200)), most,
                DynamicOptions.forEngine("fbgemm").withGroupSize(groupSize));
        assertEquals(groupSize <= 96 ? List.of("MatMulNBits", "Relu", "MatMulNBits")
                : List.of("MatMulNBits", "Relu", "DynamicQuantizeMatMul"),
                quantized.graph().nodes().stream().map(Node::opType).toList());
    }

    /** Without an accuracy level the input stays float, here as in ONNX Runtime: errors of int8 are far larger. */
    @ParameterizedTest
    @ValueSource(ints = {16, 32, 128})
    void multipliesFloatsWhereNoAccuracyLevelIsGiven(int groupSize) throws IOException, OrtException {
        node("MatMul", List.of("y"), Map.of(), "x", constant("w", 512, 64));
        Model int8 = Quantizer.dynamicQuantize(model(Shape.of(5, 512), "y"),
                DynamicOptions.forEngine("fbgemm").withGroupSize(groupSize));
        GraphBuilder graph = new GraphBuilder(int8.graph());
        Node product = int8.graph().nodes().getFirst();
        Map<String, Attribute> attributes = new HashMap<>(product.attributes());
        attributes.remove("accuracy_level");
        graph.replace(product, new Node(product.opType(), product.domain(), product.name(), product.inputs(),
                product.outputs(), attributes));
        Model model = int8.withGraph(graph.build());
        Map<String, Tensor> batch = Map.of("x", values(5, 512));
        try (Engine engine = Engine.open(); LoweredModel lowered = LoweredModel.lower(model, engine);
                OnnxRuntime runtime = new OnnxRuntime(model, folder)) {
            double error = Comparison.of(runtime.run(batch).get("y").toFloats(), lowered.run(batch).get("y").toFloats(),
                    64).relativeRms();
            assertTrue(error < 1e-6, "groups of " + groupSize + ": " + error + ", seed " + SEED);
        }
    }

    /** The same sums but for their order, which every runtime chooses. */
    @ParameterizedTest
    @ValueSource(ints = {16, 32, 128})
    void isNearOnnxRuntimeOnTheSameModel(int groupSize) throws IOException, OrtException {
        node("MatMul", List.of("y"), Map.of(), "x", constant("w", 512, 64));
        Model quantized = Quantizer.dynamicQuantize(model(Shape.of(5, 512), "y"),
                DynamicOptions.forEngine("fbgemm").withGroupSize(groupSize));
        Map<String, Tensor> batch = Map.of("x", values(5, 512));
        try (Engine engine = Engine.open(); LoweredModel lowered = LoweredModel.lower(quantized, engine);
                OnnxRuntime runtime = new OnnxRuntime(quantized, folder)) {
            float[] ours = lowered.run(batch).get("y").toFloats();
            double integers = Comparison.of(runtime.run(batch).get("y").toFloats(), ours, 64).relativeRms();
            double reals = Comparison.of(Executor.plan(quantized).run(batch).get("y").toFloats(), ours, 64)
                    .relativeRms();
            System.out.printf("groups of %d: relative error against ONNX Runtime %.2g, against floats %.2g%n",
                    groupSize, integers, reals);
            assertTrue(integers < 1e-5 && reals > 1e-4 && reals < 0.01, integers + ", " + reals + ", seed " + SEED);
        }
    }

    @ParameterizedTest
    @CsvSource({"forward, 1", "reverse, 1", "bidirectional, 2"})
    void lstmsRunOnCells(String direction, int directions) throws IOException, OrtException {
        node("LSTM", List.of("y", "h", "c"), Map.of("hidden_size", Attribute.of(8), "direction",
                Attribute.of(direction)), "x", scaled("w", directions, 32, 12), scaled("r", directions, 32, 8),
                constant("b", directions, 64), "", constant("h0", directions, 3, 8), constant("c0", directions, 3, 8));
        check(model(Shape.of(7, 3, 12), "y", "h", "c"), Map.of("x", values(7, 3, 12)), 0.03,
                DynamicOptions.forEngine("fbgemm"));
    }

    @Test
    void grusRunOnCells() throws IOException, OrtException {
        node("GRU", List.of("y", "h"), Map.of("hidden_size", Attribute.of(8), "linear_before_reset", Attribute.of(1)),
                "x", scaled("w", 1, 24, 12), scaled("r", 1, 24, 8), constant("b", 1, 48));
        check(model(Shape.of(7, 3, 12), "y", "h"), Map.of("x", values(7, 3, 12)), 0.03,
                DynamicOptions.forEngine("fbgemm"));
    }

    private String scaled(String name, long... sizes) {
        Tensor weights = values(sizes);
        for (int i = 0; i < weights.count(); i++) {
            weights.floats()[i] *= 0.3f;
        }
        return builder.addInitializer(name, weights);
    }

    @ParameterizedTest
    @CsvSource({"8, 16, 0.02", "4, 16, 0.12", "4, 15, 0.12"})
    void tablesAreReadAsIntegers(int bits, int width, double most) throws IOException, OrtException {
        node("Gather", List.of("g"), Map.of(), constant("table", 50, width), "i");
        node("MatMul", List.of("y"), Map.of(), "g", constant("w", width, 5));
        builder.input(new ValueInfo("i", DataType.S64, Shape.of(2, 3)));
        node("Add", List.of("z"), Map.of(), "x", "y");
        Model model = model(Shape.of(1, 1, 5), "z");
        check(model, Map.of("i", Tensor.of(new long[] {3, 49, 0, 7, 7, 21}, 2, 3), "x", values(1, 1, 5)), most,
                DynamicOptions.forEngine("fbgemm").withEmbeddingBits(bits));
    }

    @Test
    void nodesCanBeKeptFloat() {
        node("MatMul", List.of("m"), Map.of(), "x", constant("w", 4, 4));
        node("MatMul", List.of("y"), Map.of(), "m", constant("w2", 4, 4));
        Model quantized = Quantizer.dynamicQuantize(model(Shape.of(2, 4), "y"), DynamicOptions.forEngine("fbgemm")
                .withOverrides(QConfigMapping.none().withName("m", null)));
        assertEquals(List.of("MatMul", "DynamicQuantizeMatMul"),
                quantized.graph().nodes().stream().map(Node::opType).toList());
    }

    @Test
    void wrongArgumentsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Quantizer.dynamicQuantize(null));
        assertThrows(IllegalArgumentException.class, () -> DynamicOptions.forEngine(""));
        assertThrows(IllegalArgumentException.class, () -> DynamicOptions.forEngine("fbgemm").withEmbeddingBits(5));
        assertThrows(IllegalArgumentException.class, () -> DynamicOptions.forEngine("fbgemm").withGroupSize(48));
        node("Exp", List.of("y"), Map.of(), "x");
        Model model = model(Shape.of(2), "y");
        assertThrows(IllegalArgumentException.class, () -> Quantizer.dynamicQuantize(model));
    }

    @ParameterizedTest
    @CsvSource("32, 25")
    void classifiersKeepTheirAnswersWithWeightsOfFourBits(int groupSize, double leastSqnr)
            throws IOException, OrtException {
        Model quantized = Quantizer.dynamicQuantize(Sequences.model("transformer"),
                DynamicOptions.forEngine("fbgemm").withGroupSize(groupSize));
        List<Map<String, Tensor>> batches = Sequences.batches(SEQUENCES, 1);
        float[] exact = Sequences.logits("transformer", SEQUENCES);
        try (Engine engine = Engine.open(); LoweredModel lowered = LoweredModel.lower(quantized, engine);
                OnnxRuntime runtime = new OnnxRuntime(quantized, folder)) {
            float[] ours = Cifar.logits(batches, lowered::run);
            Comparison found = Comparison.of(exact, ours, Sequences.CLASSES);
            Comparison peer = Comparison.of(Cifar.logits(batches, runtime::run), ours, Sequences.CLASSES);
            double sqnr = -20 * Math.log10(found.relativeRms());
            System.out.printf("transformer, 4 bits in groups of %d: SQNR %.1f dB, %s, against ONNX Runtime %s%n",
                    groupSize, sqnr, found, peer);
            assertTrue(sqnr >= leastSqnr && found.agreement() >= 0.96, found.toString());
            assertTrue(peer.agreement() >= 0.98, peer.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({"lstm, 0.010, 0.32", "transformer, 0.006, 0.32"})
    void classifiersKeepTheirAnswers(String name, double most, double size) throws IOException, OrtException {
        Model quantized = Quantizer.dynamicQuantize(Sequences.model(name));
        Path file = folder.resolve("int8.onnx");
        OnnxWriter.write(quantized, file);
        double ratio = (double) Files.size(file) / Files.size(Sequences.DATA.resolve(name + "-snippets.onnx"));
        assertTrue(ratio <= size, "ratio = " + ratio);
        List<Map<String, Tensor>> batches = Sequences.batches(SEQUENCES, 1);
        float[] exact = Sequences.logits(name, SEQUENCES);
        try (Engine engine = Engine.open();
                LoweredModel lowered = LoweredModel.lower(OnnxReader.read(file), engine);
                OnnxRuntime runtime = new OnnxRuntime(quantized, folder)) {
            float[] ours = Cifar.logits(batches, lowered::run);
            Comparison found = Comparison.of(exact, ours, Sequences.CLASSES);
            Comparison peer = Comparison.of(Cifar.logits(batches, runtime::run), ours, Sequences.CLASSES);
            System.out.printf("%s: size %.3f, against float %s, against ONNX Runtime %s%n", name, ratio, found, peer);
            double least = SEQUENCES < 1000 ? 0.97 : 0.995;
            assertTrue(found.agreement() >= least && found.relativeRms() <= most, found.toString());
            assertTrue(peer.agreement() >= least, peer.toString());
        }
    }
}
