// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.Engine;
import io.jquant.EngineSelection.Considered;
import io.jquant.graph.Model;
import io.jquant.graph.onnx.OnnxReader;
import io.jquant.graph.onnx.OnnxWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The whole road on a real model: ResNet-8 on CIFAR-10, calibrated, quantized, run, compared. */
@Command(name = "demo", mixinStandardHelpOptions = true,
        description = "Quantize a real model (ResNet-8) with real images (CIFAR-10), run both, and compare them.")
final class DemoCommand implements Callable<Integer> {
    private static final String HOME = "jquant.home";

    @Spec
    private CommandSpec spec;

    @Option(names = {"-o", "--output"}, paramLabel = "OUT",
            description = "Where to write the int8 model (default: resnet8-int8.onnx in the folder cli/target).")
    private Path output;

    @Option(names = "--json", description = "Print an object for machines.")
    private boolean json;

    @Mixin
    private DataOptions data = new DataOptions();

    @Override
    public Integer call() throws IOException {
        Path home = Path.of(System.getProperty(HOME, "."));
        Path folder = home.resolve("demo").resolve("data");
        Path floatFile = folder.resolve("resnet8-cifar10.onnx");
        if (!Files.isRegularFile(floatFile)) {
            throw new IOException(floatFile + ": no such file: the demo runs through ./jquant in a clone, or with -D"
                    + HOME + "= naming one");
        }
        Path int8File = output == null ? home.resolve("cli").resolve("target").resolve("resnet8-int8.onnx") : output;
        try (Engine engine = Engines.open()) {
            Model model = OnnxReader.read(floatFile);
            OnnxWriter.write(
                    QuantizeCommand.quantize(model, folder.resolve("cifar10-lossless-calibration.bin"), data), int8File);
            Path images = folder.resolve("cifar10-lossless-test1017.bin");
            Evaluation real = evaluate(ModelRunner.of(model, engine), images, "float");
            Evaluation int8 = evaluate(ModelRunner.open(int8File, engine), images, "int8");
            report(engine, floatFile, int8File, real, int8);
        }
        return 0;
    }

    private Evaluation evaluate(ModelRunner model, Path images, String task) throws IOException {
        try (model) {
            return Evaluation.of(model, data.batches(data.open(images, model.inputs()), model.inputs()), task);
        }
    }

    private void report(Engine engine, Path floatFile, Path int8File, Evaluation real, Evaluation int8)
            throws IOException {
        Considered chosen = engine.selection().chosen();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("engine", chosen.engine());
        figures.put("tier", chosen.candidate().tier().spelling());
        figures.put("isa", chosen.candidate().isa().spelling());
        figures.put("threads", engine.selection().options().threads());
        figures.put("images", real.logits().length);
        figures.put("floatTop1", real.top1());
        figures.put("int8Top1", int8.top1());
        figures.put("agreement", int8.agreement(real));
        figures.put("relativeRms", int8.relativeRms(real));
        figures.put("floatBytes", Files.size(floatFile));
        figures.put("int8Bytes", Files.size(int8File));
        figures.put("floatImagesPerSecond", real.samplesPerSecond());
        figures.put("int8ImagesPerSecond", int8.samplesPerSecond());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(figures));
        } else {
            print(out, figures, int8File);
        }
        out.flush();
    }

    private static void print(PrintWriter out, Map<String, Object> figures, Path int8File) {
        out.printf("ResNet-8 on %d CIFAR-10 images, calibrated with 512 others%n", figures.get("images"));
        out.printf("engine %s, tier %s, isa %s, threads %d%n%n", figures.get("engine"), figures.get("tier"),
                figures.get("isa"), figures.get("threads"));
        out.printf("%-18s %12s %12s%n", "", "float", "int8");
        out.printf("%-18s %11.1f%% %11.1f%%%n", "top-1", figures.get("floatTop1"), figures.get("int8Top1"));
        out.printf("%-18s %12d %12d  (%.1f%%)%n", "file, bytes", figures.get("floatBytes"), figures.get("int8Bytes"),
                100.0 * (Long) figures.get("int8Bytes") / (Long) figures.get("floatBytes"));
        out.printf("%-18s %12.0f %12.0f%n%n", "images per second", figures.get("floatImagesPerSecond"),
                figures.get("int8ImagesPerSecond"));
        out.printf("int8 agrees with float on %.1f%% of the images; relative RMS error of its logits %.4f%n",
                figures.get("agreement"), figures.get("relativeRms"));
        out.printf("int8 model: %s%n", int8File);
    }
}
