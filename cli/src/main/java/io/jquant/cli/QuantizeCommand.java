// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.graph.Model;
import io.jquant.graph.exec.Executor;
import io.jquant.graph.onnx.OnnxReader;
import io.jquant.graph.onnx.OnnxWriter;
import io.jquant.quantization.StaticOptions;
import io.jquant.quantization.StaticQuantizer;
import java.io.IOException;
import java.io.PrintWriter;
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

    @Option(names = "--calibrate", paramLabel = "DATA",
            description = "Samples like those that the model will see: .npy, .npz, a CIFAR-10 .bin file, or a folder "
                    + "of PNG and JPEG images.")
    private Path calibration;

    @Option(names = "--calibration", paramLabel = "FILE",
            description = "What the command calibrate found, instead of --calibrate.")
    private Path found;

    @Option(names = {"-o", "--output"}, required = true, paramLabel = "OUT",
            description = "Where to write the int8 model.")
    private Path output;

    @Mixin
    private DataOptions data = new DataOptions();

    @Override
    public Integer call() throws IOException {
        if ((calibration == null) == (found == null)) {
            throw new UsageException("must be given either --calibrate or --calibration");
        }
        Outputs.check(output);
        Outputs.mustDiffer(output, model);
        Model read = OnnxReader.read(model);
        Model quantized = found == null ? quantize(read, calibration, data)
                : Calibrated.load(read, found, StaticOptions.forEngine(Engines.select().chosen().engine())).convert();
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
        try (Progress progress = Progress.of("calibrating", 0, samples.size())) {
            StaticQuantizer quantizer = StaticQuantizer.prepare(model, StaticOptions.forEngine(engine));
            batches.each(0, (batch, done) -> {
                quantizer.calibrate(batch);
                progress.to(done);
            });
            return quantizer.convert();
        }
    }
}
