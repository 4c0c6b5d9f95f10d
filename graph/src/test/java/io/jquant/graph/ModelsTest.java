// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.DataType;
import io.jquant.graph.exec.Executor;
import io.jquant.graph.exec.Limits;
import io.jquant.graph.exec.ShapeInference;
import io.jquant.graph.npy.NpzReader;
import io.jquant.graph.onnx.OnnxReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real networks against the outputs of the framework that exported them. */
class ModelsTest {
    static final Path MODELS = Path.of("src/test/resources/models");
    static final Path DEMO = Path.of("../demo/data");
    /** Float sums in another order: this much of the largest output. */
    private static final double TOLERANCE = 1e-5;

    static Path model(String name) {
        Path demo = DEMO.resolve(name + ".onnx");
        return Files.exists(demo) ? demo : MODELS.resolve(name + ".onnx");
    }

    private static void assertClose(Tensor expected, Tensor actual) {
        assertArrayEquals(expected.shape(), actual.shape());
        float[] wanted = expected.toFloats();
        float[] got = actual.toFloats();
        double largest = 0;
        double error = 0;
        for (int i = 0; i < wanted.length; i++) {
            largest = Math.max(largest, Math.abs(wanted[i]));
            error = Math.max(error, Math.abs((double) wanted[i] - got[i]));
        }
        assertTrue(error <= TOLERANCE * largest, "largest error " + error + " of " + largest);
    }

    @ParameterizedTest
    @CsvSource({"resnet8-cifar10,resnet8-cifar10", "mobilenetv1-vww96,mobilenetv1-vww96", "dscnn-kws,dscnn-kws",
        "autoencoder-ad,autoencoder-ad", "resnet8-cifar10-pad-op,resnet8-cifar10",
        "mobilenetv1-vww96-pad-op,mobilenetv1-vww96", "dscnn-kws-pad-op,dscnn-kws"})
    void givesTheOutputsOfItsFramework(String name, String sample) throws IOException {
        Model model = OnnxReader.read(model(name));
        Map<String, Tensor> io = NpzReader.read(MODELS.resolve(sample + "-sample-io.npz"));
        Executor executor = Executor.plan(model);
        Map<String, Tensor> outputs = executor.run(Map.of("input", io.get("input")));
        assertClose(io.get("output"), outputs.get("output"));
        assertEquals(Dim.symbol("batch"), executor.outputs().getFirst().shape().dim(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lstm-snippets", "transformer-snippets"})
    void classifiesSequences(String name) throws IOException {
        int n = 5;
        long[] tokens = NpzReader.read(MODELS.resolve("snippets-test2000.npz")).get("tokens").toLongs();
        Tensor logits = NpzReader.read(MODELS.resolve(name.replace("-snippets", "") + "-snippets-float-logits.npz"))
                .get("logits");
        Executor executor = Executor.plan(OnnxReader.read(model(name)));
        Tensor input = Tensor.of(Arrays.copyOf(tokens, n * 128), n, 128);
        Tensor expected = Tensor.of(Arrays.copyOf(logits.floats(), n * 10), n, 10);
        assertClose(expected, executor.run(Map.of("tokens", input)).get("logits"));
        assertEquals(Shape.of(List.of(Dim.symbol("batch"), Dim.of(10))), executor.outputs().getFirst().shape());
    }

    @Test
    void runsResNetOnRealImages() throws IOException {
        byte[] file = Files.readAllBytes(DEMO.resolve("cifar10-lossless-test1017.bin"));
        Tensor logits = NpzReader.read(DEMO.resolve("resnet8-float-logits-lossless-test1017.npz")).get("logits");
        int n = 40;
        float[] pixels = new float[n * 3072];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = file[i / 3072 * 3073 + 1 + i % 3072] & 0xff;
        }
        Executor executor = Executor.plan(OnnxReader.read(model("resnet8-cifar10")));
        Tensor output = executor.run(Map.of("input", Tensor.of(pixels, n, 3, 32, 32))).get("output");
        assertClose(Tensor.of(Arrays.copyOf(logits.floats(), n * 10), n, 10), output);
    }

    @Test
    void runsMnistWithInitializersAmongItsInputs() throws IOException {
        Model model = OnnxReader.read(model("mnist"));
        assertEquals(List.of("Input3"), model.graph().inputs().stream().map(ValueInfo::name).toList());
        float[] blank = new float[784];
        float[] drawn = new float[784];
        for (int row = 4; row < 24; row++) {
            drawn[row * 28 + 13] = 255;
            drawn[row * 28 + 14] = 255;
        }
        Executor executor = Executor.plan(model);
        Tensor one = executor.run(Map.of("Input3", Tensor.of(drawn, 1, 1, 28, 28))).get("Plus214_Output_0");
        int best = 0;
        for (int i = 1; i < 10; i++) {
            best = one.floats()[i] > one.floats()[best] ? i : best;
        }
        assertEquals(1, best, "a vertical stroke is a one");
        Tensor none = executor.run(Map.of("Input3", Tensor.of(blank, 1, 1, 28, 28))).get("Plus214_Output_0");
        assertArrayEquals(new long[] {1, 10}, none.shape());
    }

    @Test
    void refusesAForeignOperatorByName() {
        Path file = model("pytorch_superresolution_with_pre_post_processing_op18");
        ModelFormatException e = assertThrows(ModelFormatException.class, () -> OnnxReader.read(file));
        assertTrue(e.getMessage().contains("DecodeImage") && e.getMessage().contains("com.microsoft.extensions")
                && e.getMessage().contains("node '"), e.getMessage());
    }

    @Test
    void foldsChainsOfConstantsThatFeedPads() throws IOException {
        Model model = OnnxReader.read(model("mobilenetv1-vww96-pad-op"));
        Model folded = ShapeInference.foldConstants(model, Limits.DEFAULT);
        List<String> left = folded.graph().nodes().stream().map(Node::opType).distinct().sorted().toList();
        assertEquals(List.of("Conv", "Flatten", "Gemm", "GlobalAveragePool", "Pad", "Relu"), left);
        Tensor x = Tensor.of(new float[3 * 96 * 96], 1, 3, 96, 96);
        Random random = new Random(1);
        for (int i = 0; i < x.count(); i++) {
            x.floats()[i] = random.nextFloat();
        }
        assertArrayEquals(Executor.plan(model).run(Map.of("input", x)).get("output").toFloats(),
                Executor.plan(folded).run(Map.of("input", x)).get("output").toFloats());
    }

    @Test
    void givesNothingForABatchOfNone() throws IOException {
        Executor executor = Executor.plan(OnnxReader.read(model("resnet8-cifar10")));
        Tensor output = executor.run(Map.of("input", Tensor.allocate(DataType.F32, 0, 3, 32, 32))).get("output");
        assertArrayEquals(new long[] {0, 10}, output.shape());
    }
}
