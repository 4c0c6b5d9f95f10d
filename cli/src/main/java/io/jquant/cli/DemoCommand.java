// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.Engine;
import io.jquant.graph.Model;
import io.jquant.graph.lowering.ModelRunner;
import io.jquant.graph.onnx.OnnxReader;
import io.jquant.graph.onnx.OnnxWriter;
import io.jquant.quantization.StaticOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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
        if (output != null) {
            Outputs.check(output);
        }
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
                    QuantizeCommand.quantize(model, folder.resolve("cifar10-lossless-calibration.bin"), data,
                            StaticOptions.forEngine(Engines.select().chosen().engine())), int8File);
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
        DemoFigures figures = DemoFigures.of(engine, real, int8, Files.size(floatFile), Files.size(int8File));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(figures.asMap()));
        } else {
            figures.print(out);
            out.printf("int8 model: %s%n", int8File);
        }
        out.flush();
    }
}
