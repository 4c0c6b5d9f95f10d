// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import io.jquant.graph.npy.NpyReader;
import io.jquant.graph.npy.NpyWriter;
import io.jquant.graph.onnx.OnnxReader;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on a real model: quantized, evaluated and run on arrays, images and CIFAR-10 files. */
class RoadTest {
    private static final Path MODEL = Run.DATA.resolve("resnet8-cifar10.onnx");
    private static final Path CALIBRATION = Run.DATA.resolve("cifar10-lossless-calibration.bin");
    private static final Path TEST = Run.DATA.resolve("cifar10-lossless-test1017.bin");

    @TempDir
    private Path folder;

    @BeforeEach
    void home() {
        System.setProperty("jquant.home", Run.ROOT.toString());
    }

    @AfterEach
    void noHome() {
        System.clearProperty("jquant.home");
    }

    private static Run succeed(Object... arguments) {
        Run run = Run.of(arguments);
        assertEquals(0, run.status(), run.err());
        return run;
    }

    @Test
    void infoSaysWhatRuns() {
        assertTrue(succeed("info").out().contains("chosen    engine "));
        String json = succeed("info", "--json").out();
        for (String key : List.of("cpu", "features", "engines", "engine", "tier", "isa", "threads")) {
            assertTrue(json.contains("\"" + key + "\": "), json);
        }
    }

    @Test
    void theDemoHasEveryFigure() {
        String json = succeed("demo", "--json", "--limit", "32", "-o", folder.resolve("int8.onnx")).out();
        for (String key : List.of("engine", "tier", "isa", "floatTop1", "int8Top1", "agreement", "relativeRms",
                "floatBytes", "int8Bytes", "floatImagesPerSecond", "int8ImagesPerSecond")) {
            assertTrue(json.contains("\"" + key + "\": "), json);
        }
    }

    @Test
    void aModelIsQuantizedEvaluatedAndRun() throws IOException {
        Path int8 = folder.resolve("int8.onnx");
        succeed("quantize", MODEL, "--calibrate", CALIBRATION, "-o", int8, "--limit", "64");
        assertTrue(Files.size(int8) <= 0.35 * Files.size(MODEL), "size " + Files.size(int8));
        String json = succeed("eval", int8, "--data", TEST, "--against", MODEL, "--limit", "64", "--json").out();
        assertTrue(json.contains("\"agreement\": ") && json.contains("\"samples\": 64"), json);

        Path three = folder.resolve("three.npy");
        Path one = folder.resolve("one.npy");
        succeed("run", int8, "--input", TEST, "--limit", "3", "-o", three);
        succeed("run", int8, "--input", TEST, "--limit", "1", "-o", one);
        assertArrayEquals(new long[] {3, 10}, NpyReader.read(three).shape());
        for (int i = 0; i < 10; i++) {
            assertEquals(NpyReader.read(one).getDouble(i), NpyReader.read(three).getDouble(i), "logit " + i);
        }
    }

    @Test
    void aPackedModelIsWhatItWasPackedOf() throws IOException {
        Path int8 = folder.resolve("int8.onnx");
        Path packed = folder.resolve("packed.jqp");
        Path atOnce = folder.resolve("at-once.jqp");
        succeed("quantize", MODEL, "--calibrate", CALIBRATION, "-o", int8, "--limit", "32");
        String said = succeed("pack", int8, "-o", packed).out();
        assertTrue(said.contains(" operators packed for engine "), said);
        succeed("quantize", MODEL, "--calibrate", CALIBRATION, "-o", atOnce, "--limit", "32", "--format", "packed");
        assertArrayEquals(Files.readAllBytes(packed), Files.readAllBytes(atOnce));
        String json = succeed("eval", packed, "--data", TEST, "--against", int8, "--limit", "64", "--json").out();
        assertTrue(json.contains("\"relativeRms\": 0.0"), json);
        String nodes = succeed("inspect", int8).out();
        String inspected = succeed("inspect", packed).out();
        assertTrue(inspected.startsWith("packed for engine ")
                && inspected.contains(nodes.substring(0, nodes.indexOf("file: "))), inspected);
        assertTrue(succeed("inspect", packed, "--json").out().contains("\"packedOperators\": "));
        Path output = folder.resolve("y.npy");
        succeed("run", packed, "--input", TEST, "--limit", "1", "-o", output);
        assertArrayEquals(new long[] {1, 10}, NpyReader.read(output).shape());

        assertEquals(2, Run.of("pack", MODEL, "-o", packed).status(), "a float model");
        assertEquals(2, Run.of("quantize", packed, "--calibrate", CALIBRATION, "-o", int8).status(), "int8 already");
        byte[] bytes = Files.readAllBytes(packed);
        bytes[bytes.length / 2] ^= 1;
        Files.write(packed, bytes);
        Run damaged = Run.of("eval", packed, "--data", TEST);
        assertEquals(1, damaged.status());
        assertTrue(damaged.err().contains("packed.jqp: checksum of the contents = "), damaged.err());
    }

    @Test
    void aModelIsQuantizedAsItIsTold() throws IOException {
        Path int8 = folder.resolve("int8.onnx");
        succeed("quantize", MODEL, "--calibrate", CALIBRATION, "-o", int8, "--limit", "32", "--observer", "entropy",
                "--no-per-channel", "--keep-float", "type:Gemm", "--engine", "qnnpack", "--correct-bias");
        Model model = OnnxReader.read(int8);
        assertEquals("qnnpack", model.metadata().get("jquant.engine"));
        Node gemm = model.graph().nodes().stream().filter(n -> n.is("Gemm")).findFirst().orElseThrow();
        assertTrue(model.graph().initializers().containsKey(gemm.input(1)), "must read float weights");
    }

    @Test
    void aModelIsQuantizedWithoutData() throws IOException {
        Path models = Path.of("..", "graph", "src", "test", "resources", "models");
        Path int8 = folder.resolve("lstm.onnx");
        succeed("quantize", models.resolve("lstm-snippets.onnx"), "--dynamic", "-o", int8, "--embedding-bits", "4");
        assertTrue(Files.size(int8) <= 0.32 * Files.size(models.resolve("lstm-snippets.onnx")),
                "size " + Files.size(int8));
        List<String> types = OnnxReader.read(int8).graph().nodes().stream().map(Node::opType).toList();
        succeed("quantize", models.resolve("lstm-snippets.onnx"), "--dynamic", "-o", int8, "--weight-bits", "4",
                "--group-size", "16");
        assertTrue(OnnxReader.read(int8).graph().nodes().stream().anyMatch(n -> n.opType().equals("MatMulNBits")));
        assertTrue(types.contains("DynamicQuantizeLSTM") && types.contains("DynamicQuantizeMatMul"), types.toString());
    }

    @Test
    void imagesAndArraysOfTheSamePixelsGetTheSameAnswer() throws IOException {
        byte[] record = Files.readAllBytes(TEST);
        float[] pixels = new float[3 * 1024];
        BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 1024; i++) {
            int red = record[1 + i] & 0xff;
            int green = record[1 + 1024 + i] & 0xff;
            int blue = record[1 + 2048 + i] & 0xff;
            pixels[i] = red;
            pixels[1024 + i] = green;
            pixels[2048 + i] = blue;
            image.setRGB(i % 32, i / 32, red << 16 | green << 8 | blue);
        }
        Path classes = Files.createDirectories(folder.resolve("classes").resolve("cat"));
        ImageIO.write(image, "png", classes.resolve("a.png").toFile());
        Path array = folder.resolve("a.npy");
        NpyWriter.write(Tensor.of(pixels, 1, 3, 32, 32), array);
        float[][] answers = new float[3][];
        Object[] inputs = {TEST, array, folder.resolve("classes")};
        for (int i = 0; i < inputs.length; i++) {
            Path output = folder.resolve("y" + i + ".npy");
            succeed("run", MODEL, "--input", inputs[i], "--limit", "1", "-o", output);
            answers[i] = NpyReader.read(output).toFloats();
        }
        assertArrayEquals(answers[0], answers[1]);
        assertArrayEquals(answers[0], answers[2]);
    }
}
