// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.graph.Model;
import io.jquant.graph.lowering.LoweredModel;
import io.jquant.graph.onnx.OnnxReader;
import io.jquant.quantization.StaticOptions;
import io.jquant.quantization.suite.TensorRtCache;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes what was calibrated for TensorRT. */
@Command(name = "export-trt", mixinStandardHelpOptions = true,
        description = "Write the ranges of a calibrated model as TensorRT's calibration cache.")
final class ExportTrtCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL",
            description = "An int8 model with QuantizeLinear and DequantizeLinear, or a float one and --calibration.")
    private Path model;

    @Option(names = "--calibration", paramLabel = "FILE", description = "What calibrate found for the float model.")
    private Path calibration;

    @Option(names = {"-o", "--output"}, required = true, paramLabel = "OUT", description = "Where to write the cache.")
    private Path output;

    @Option(names = "--trt-version", paramLabel = "N", defaultValue = "8401",
            description = "TensorRT's version in the first line; another's may refuse the cache "
                    + "(default: ${DEFAULT-VALUE}).")
    private int version;

    @Override
    public Integer call() throws IOException {
        if (version < 1) {
            throw new UsageException("--trt-version = " + version + ": must be above 0, for example 8401");
        }
        Outputs.check(output);
        Outputs.mustDiffer(output, model, calibration);
        Model read = OnnxReader.read(model);
        TensorRtCache cache = TensorRtCache.of(TensorRtCache.header(version), quantized(read));
        cache.write(output);
        List<String> split = cache.unreadableByOnnxRuntime();
        if (!split.isEmpty()) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("jquant: warning: " + split.size() + " names hold a colon, where ONNX Runtime would end them ("
                    + split.getFirst() + "); TensorRT and jquant read them whole");
            err.flush();
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%s: %d tensors%n", output, cache.scales().size());
        out.flush();
        return 0;
    }

    private Model quantized(Model read) throws IOException {
        if (calibration != null) {
            return Calibrated.load(read, calibration, StaticOptions.forEngine(Engines.select().chosen().engine()))
                    .convert();
        }
        if (!LoweredModel.isQuantized(read)) {
            throw new UsageException(model + ": is a float model: --calibration must be given, or the int8 model");
        }
        return read;
    }
}
