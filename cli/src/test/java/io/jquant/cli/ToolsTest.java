// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Model;
import io.jquant.graph.lowering.LoweredModel;
import io.jquant.graph.onnx.OnnxReader;
import io.jquant.graph.onnx.OnnxWriter;
import io.jquant.quantization.suite.TensorRtCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** calibrate, compare, export-trt and inspect on a real model. */
class ToolsTest {
    private static final Path MODEL = Run.DATA.resolve("resnet8-cifar10.onnx");
    private static final Path CALIBRATION = Run.DATA.resolve("cifar10-lossless-calibration.bin");
    private static final Path TEST = Run.DATA.resolve("cifar10-lossless-test1017.bin");

    @TempDir
    private Path folder;

    private static Run succeed(Object... arguments) {
        Run run = Run.of(arguments);
        assertEquals(0, run.status(), run.err());
        return run;
    }

    private static void assertFails(int status, String message, Object... arguments) {
        Run run = Run.of(arguments);
        assertEquals(status, run.status(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().startsWith("jquant: ") && run.err().contains(message), run.err());
    }

    private Path calibrated() {
        Path file = folder.resolve("found.jqc");
        succeed("calibrate", MODEL, "--data", CALIBRATION, "--limit", "16", "--batch", "8", "-o", file);
        return file;
    }

    @Test
    void calibrationThenQuantizationIsQuantizationInOne() throws IOException {
        Path one = folder.resolve("one.onnx");
        Path two = folder.resolve("two.onnx");
        succeed("quantize", MODEL, "--calibrate", CALIBRATION, "--limit", "16", "--batch", "8", "-o", one);
        succeed("quantize", MODEL, "--calibration", calibrated(), "-o", two);
        assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(two));
        assertFails(2, "must be given one of --calibrate, --calibration and --dynamic", "quantize", MODEL, "-o", one);
    }

    @Test
    void partsAreMerged() throws IOException {
        Path all = folder.resolve("all.jqc");
        assertTrue(succeed("calibrate", "--merge", calibrated(), folder.resolve("found.jqc"), "-o", all).out()
                .contains("15 ranges from 4 batches"));
        assertFails(1, "found.jqc.not: no such file", "calibrate", "--merge", all,
                folder.resolve("found.jqc.not"), "-o", all);
        assertFails(1, "is no calibration of jquant's", "calibrate", "--merge", all, MODEL, "-o", all);
        assertFails(2, "must be given either MODEL and --data, or --merge", "calibrate", MODEL, "-o", all);
        assertFails(2, "--save-every = -1", "calibrate", MODEL, "--data", TEST, "--save-every", "-1", "-o", all);
    }

    @Test
    void layersAreComparedAndTheReportIsWrittenInEveryForm() throws IOException {
        Path calibration = calibrated();
        Path int8 = folder.resolve("int8.onnx");
        Path html = folder.resolve("report.html");
        Path csv = folder.resolve("report.csv");
        succeed("quantize", MODEL, "--calibration", calibration, "-o", int8);
        String table = succeed("compare", MODEL, int8, "--data", TEST, "--limit", "4", "--html", html, "--csv", csv)
                .out();
        assertTrue(table.contains("/b1/conv2/Conv_output_0") && table.contains("Add + Relu"), table);
        assertEquals(16, Files.readString(csv).lines().count());
        assertTrue(Files.readString(html).contains("int8.onnx against resnet8-cifar10.onnx"));
        String json = succeed("compare", MODEL, "--calibration", calibration, "--data", TEST, "--limit", "2",
                "--target", "sqnr=15", "-o", folder.resolve("mixed.onnx"), "--json").out();
        assertTrue(json.contains("\"met\": true") && json.contains("\"sensitivity\": [\n    {"), json);
        assertTrue(LoweredModel.isQuantized(OnnxReader.read(folder.resolve("mixed.onnx"))));
        assertFails(2, "is an int8 model already", "compare", int8, MODEL, "--data", TEST);
        assertFails(2, "is an int8 model already", "calibrate", int8, "--data", TEST, "-o", csv);
        assertFails(2, "is an int8 model already", "quantize", int8, "--calibrate", TEST, "-o", csv);
        assertFails(2, "--target = best: must be", "compare", MODEL, "--calibration", calibration, "--data", TEST,
                "--target", "best");
        assertFails(2, "must be given either INT8 or --calibration", "compare", MODEL, "--data", TEST);
        assertFails(2, "--calibration must be given instead of INT8", "compare", MODEL, int8, "--data", TEST,
                "--sensitivity");
    }

    @Test
    void aCacheForTensorRtHasTheModelsNames() throws IOException {
        Model model = OnnxReader.read(MODEL);
        GraphBuilder graph = new GraphBuilder(model.graph());
        var relu = graph.producer("/b1/relu/Relu_output_0");
        graph.replace(relu, relu.withOutputs(List.of("relu out:0")));
        graph.replaceUses("/b1/relu/Relu_output_0", "relu out:0");
        Path renamed = folder.resolve("renamed.onnx");
        OnnxWriter.write(model.withGraph(graph.build()), renamed);
        Path calibration = folder.resolve("renamed.jqc");
        succeed("calibrate", renamed, "--data", CALIBRATION, "--limit", "4", "-o", calibration);
        Path cache = folder.resolve("cache");
        Run run = succeed("export-trt", renamed, "--calibration", calibration, "-o", cache, "--trt-version", "101401");
        assertTrue(run.err().contains("warning: 1 names hold a colon, where ONNX Runtime would end them (relu out:0)"),
                run.err());
        TensorRtCache read = TensorRtCache.read(cache);
        assertEquals("TRT-101401-EntropyCalibration2", read.header());
        assertTrue(read.scales().get("relu out:0") > 0 && read.scales().containsKey("input"), read.toString());
        assertFails(2, "is a float model: --calibration must be given", "export-trt", MODEL, "-o", cache);
        assertFails(1, "is not for this model", "export-trt", MODEL, "--calibration", calibration, "-o", cache);
        assertFails(2, "--trt-version = 0", "export-trt", MODEL, "-o", cache, "--trt-version", "0");
        assertEquals(read, TensorRtCache.read(cache));
    }

    @Test
    void aModelIsInspectedBeforeAndAfter() {
        Path int8 = folder.resolve("int8.onnx");
        succeed("quantize", MODEL, "--calibration", calibrated(), "-o", int8);
        String table = succeed("inspect", int8, "--before", MODEL).out();
        assertTrue(table.contains("S8[64, 64, 3, 3]") && table.contains("QuantizeLinear") && table.contains("before"),
                table);
        String json = succeed("inspect", int8, "--before", MODEL, "--json").out();
        for (String part : List.of("\"quantizedTo\": \"U8\"", "\"scale\": ", "\"fileBytes\": ", "\"before\": {",
                "\"S8\": 77706")) {
            assertTrue(json.contains(part), json);
        }
        assertFalse(succeed("inspect", MODEL).out().contains("QuantizeLinear"));
    }
}
