// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.jquant.Engine;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import io.jquant.graph.lowering.Explanation;
import io.jquant.graph.lowering.LoweredModel;
import io.jquant.graph.npy.NpzReader;
import io.jquant.graph.onnx.OnnxReader;
import io.jquant.graph.onnx.OnnxWriter;
import io.jquant.quantization.Cifar.Comparison;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real model on real images: calibrated on 512, measured on 1,017 others. */
class Resnet8Test {
    private static final int CLASSES = 10;
    private static Model model;
    private static List<Map<String, Tensor>> images;
    private static float[] exact;

    @TempDir
    Path folder;

    @BeforeAll
    static void readModelAndImages() throws IOException {
        model = Cifar.resnet8();
        images = Cifar.test();
        exact = NpzReader.read(Cifar.DATA.resolve("resnet8-float-logits-lossless-test1017.npz")).get("logits")
                .toFloats();
    }

    private static Model quantize(QConfig config, boolean sharedAverages) throws IOException {
        return Quantizer.staticQuantize(model, Cifar.calibration(),
                StaticOptions.forEngine("fbgemm").with(config).withSharedAverages(sharedAverages));
    }

    private static float[] run(Model quantized) {
        try (Engine engine = Engine.open(); LoweredModel lowered = LoweredModel.lower(quantized, engine)) {
            assertEquals(List.of(), lowered.explain().stream().filter(e -> !e.lowered()).map(Explanation::toString)
                    .toList());
            return Cifar.logits(images, lowered::run);
        }
    }

    private static float[] runWithOnnxRuntime(Path file) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (var options = OnnxRuntime.exactOptions();
                OrtSession session = environment.createSession(file.toString(), options)) {
            return Cifar.logits(images, batch -> {
                Tensor input = batch.get("input");
                try (OnnxTensor x = OnnxTensor.createTensor(environment, FloatBuffer.wrap(input.floats()),
                        input.shape()); OrtSession.Result result = session.run(Map.of("input", x))) {
                    float[] logits = new float[input.dim(0) * CLASSES];
                    ((OnnxTensor) result.get(0)).getFloatBuffer().get(logits);
                    return Map.of("output", Tensor.of(logits, input.dim(0), CLASSES));
                } catch (OrtException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    @Test
    void defaultsAreAsGoodInOnnxRuntimeAndFromAFile() throws IOException, OrtException {
        Model quantized = quantize(QConfigs.defaults(), false);
        Path file = folder.resolve("int8.onnx");
        OnnxWriter.write(quantized, file);
        assertTrue(Files.size(file) <= 0.35 * Files.size(Cifar.DATA.resolve("resnet8-cifar10.onnx")),
                "bytes = " + Files.size(file));
        float[] ours = run(OnnxReader.read(file));
        Comparison found = Comparison.of(exact, ours, CLASSES);
        assertTrue(found.agreement() >= 0.975 && found.relativeRms() <= 0.039, found.toString());
        Comparison peer = Comparison.of(runWithOnnxRuntime(file), ours, CLASSES);
        assertTrue(peer.agreement() >= 0.995 && peer.relativeRms() <= 0.005, peer.toString());
    }

    @Test
    void operatorsOnIntegersGiveTheSame() throws IOException, OrtException {
        Model quantized = quantize(QConfigs.defaults(), false);
        Model integral = QOperatorFormat.of(quantized);
        List<String> types = integral.graph().nodes().stream().map(Node::opType).distinct().toList();
        assertTrue(types.containsAll(List.of("QLinearConv", "QLinearAdd", "QGemm")) && !types.contains("Conv"),
                types.toString());
        assertArrayEquals(run(quantized), run(integral));
        Path file = folder.resolve("qoperator.onnx");
        OnnxWriter.write(integral, file);
        Comparison peer = Comparison.of(runWithOnnxRuntime(file), run(OnnxReader.read(file)), CLASSES);
        assertTrue(peer.agreement() >= 0.995 && peer.relativeRms() <= 0.005, peer.toString());
    }

    @Test
    void minMaxIsAsGood() throws IOException, OrtException {
        Path file = folder.resolve("int8.onnx");
        OnnxWriter.write(quantize(QConfigs.minMax(), false), file);
        Comparison found = Comparison.of(exact, runWithOnnxRuntime(file), CLASSES);
        assertTrue(found.agreement() >= 0.975 && found.relativeRms() <= 0.039, found.toString());
    }

    @Test
    void pytorchsSchemeIsAsPytorchFound() throws IOException, OrtException {
        Path file = folder.resolve("int8.onnx");
        OnnxWriter.write(quantize(QConfigs.pytorch("qnnpack"), true), file);
        // PyTorch: 97.3 % and 0.043
        Comparison found = Comparison.of(exact, runWithOnnxRuntime(file), CLASSES);
        assertTrue(found.agreement() >= 0.97 && found.relativeRms() <= 0.044, found.toString());
    }
}
