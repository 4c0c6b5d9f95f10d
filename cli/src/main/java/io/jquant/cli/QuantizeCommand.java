// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.graph.Model;
import io.jquant.graph.exec.Executor;
import io.jquant.graph.onnx.OnnxReader;
import io.jquant.graph.onnx.OnnxWriter;
import io.jquant.quantization.Quantizer;
import io.jquant.quantization.StaticOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes an int8 model of a float one. */
@Command(name = "quantize", mixinStandardHelpOptions = true,
        description = "Make an int8 model (ONNX with QuantizeLinear and DequantizeLinear) of a float one.")
final class QuantizeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "The float model, an ONNX file.")
    private Path model;

    @Option(names = "--calibrate", required = true, paramLabel = "DATA",
            description = "Samples like those that the model will see: .npy, .npz, a CIFAR-10 .bin file, or a folder "
                    + "of PNG and JPEG images.")
    private Path calibration;

    @Option(names = {"-o", "--output"}, required = true, paramLabel = "OUT",
            description = "Where to write the int8 model.")
    private Path output;

    @Mixin
    private DataOptions data = new DataOptions();

    @Override
    public Integer call() throws IOException {
        if (Files.isDirectory(output)) {
            throw new IOException(output + ": is a folder, must be a file");
        }
        if (!Files.isDirectory(output.toAbsolutePath().getParent())) {
            throw new IOException(output + ": must be in a folder that is there");
        }
        if (Files.exists(output) && Files.isSameFile(model, output)) {
            throw new UsageException("--output = " + output + ": must be another file than the model");
        }
        Model quantized = quantize(OnnxReader.read(model), calibration, data);
        OnnxWriter.write(quantized, output);
        PrintWriter out = spec.commandLine().getOut();
        long before = Files.size(model);
        long after = Files.size(output);
        out.printf("%s: %d bytes, %.1f%% of %s's %d%n", output, after, 100.0 * after / before, model, before);
        out.flush();
        return 0;
    }

    static Model quantize(Model model, Path calibration, DataOptions options) throws IOException {
        Executor executor = Executor.plan(model);
        DataSet samples = options.open(calibration, executor.inputs());
        String engine = Engines.select().chosen().engine();
        Batches batches = options.batches(samples, executor.inputs());
        try (Progress progress = Progress.of("calibrating", samples.size())) {
            return Quantizer.staticQuantize(model, batches, StaticOptions.forEngine(engine)
                    .withProgress(seen -> progress.to(Math.min(samples.size(), (long) seen * batches.size()))));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
