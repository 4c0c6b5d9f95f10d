// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.graph.Model;
import io.jquant.graph.Tensor;
import io.jquant.graph.exec.Executor;
import io.jquant.graph.onnx.OnnxWriter;
import io.jquant.quantization.QOperatorFormat;
import io.jquant.quantization.Quantizer;
import io.jquant.quantization.StaticOptions;
import io.jquant.quantization.StaticQuantizer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes an int8 model of a float one. */
@Command(name = "quantize", mixinStandardHelpOptions = true,
        description = {"Make an int8 model of a float one.", "With calibration data (static): ONNX with QuantizeLinear "
                + "and DequantizeLinear, integers from input to output. Without (--dynamic): weights in 8 or 4 "
                + "bits, activations quantized as they come, for linear and recurrent layers."})
final class QuantizeCommand implements Callable<Integer> {
    /** Options that say how activations are quantized when there is no data. */
    private static final List<String> DYNAMIC_ONLY = List.of("--per-row", "--embedding-bits", "--weight-bits",
            "--group-size");
    /** Options that say what is done with data. */
    private static final List<String> STATIC_ONLY = List.of("--observer", "--reduce-range", "--equalize",
            "--correct-bias");
    /** Options that were a matter for the command calibrate. */
    private static final List<String> CALIBRATING_ONLY = List.of("--observer", "--reduce-range", "--correct-bias");

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

    @Option(names = "--dynamic", description = "Quantize activations as they come; no data is needed.")
    private boolean dynamic;

    @Option(names = "--static", description = "Quantize activations with parameters found from --calibrate (default).")
    private boolean fixed;

    @Option(names = "--per-row", description = "With --dynamic, in jquant: quantize every row by itself.")
    private boolean perRow;

    @Option(names = "--embedding-bits", paramLabel = "BITS", defaultValue = "8",
            description = "With --dynamic: 8 or 4 bits for tables of embeddings, 32 to keep them float (default: "
                    + "${DEFAULT-VALUE}).")
    private int embeddingBits;

    @Option(names = "--weight-bits", paramLabel = "BITS", defaultValue = "8",
            description = "With --dynamic: 8 bits for weights of linear layers, or 4 with a scale for every group of "
                    + "them (default: ${DEFAULT-VALUE}).")
    private int weightBits;

    @Option(names = "--group-size", paramLabel = "N", defaultValue = "32",
            description = "With --weight-bits 4: weights of a group, 16, 32, 64, 128 or 256 (default: "
                    + "${DEFAULT-VALUE}).")
    private int groupSize;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "qdq",
            description = "qdq (QuantizeLinear and DequantizeLinear), qoperator (QLinearConv ...; of a static model),"
                    + " or packed (jquant's own, for the engine that runs here, see pack); default: ${DEFAULT-VALUE}.")
    private String format;

    @Mixin
    private QuantizationOptions quantization = new QuantizationOptions();

    @Option(names = {"-o", "--output"}, required = true, paramLabel = "OUT",
            description = "Where to write the int8 model.")
    private Path output;

    @Mixin
    private DataOptions data = new DataOptions();

    @Override
    public Integer call() throws IOException {
        checkUsage();
        Outputs.check(output);
        Outputs.mustDiffer(output, model, calibration, found);
        Model real = Calibrated.readFloat(model);
        Model quantized = dynamic ? dynamic(real)
                : found != null ? Calibrated.load(real, found, quantization.forStatic()).convert()
                        : quantize(real, calibration, data, quantization.forStatic());
        switch (format) {
            case "qoperator" -> OnnxWriter.write(QOperatorFormat.of(quantized), output);
            case "packed" -> PackCommand.write(quantized, output);
            default -> OnnxWriter.write(quantized, output);
        }
        PrintWriter out = spec.commandLine().getOut();
        long before = Files.size(model);
        long after = Files.size(output);
        out.printf("%s: %d bytes, %.1f%% of %s's %d%n", output, after, 100.0 * after / before, model, before);
        out.flush();
        return 0;
    }

    private void checkUsage() {
        int ways = (dynamic ? 1 : 0) + (calibration == null ? 0 : 1) + (found == null ? 0 : 1);
        if (ways != 1 || (dynamic && fixed)) {
            throw new UsageException("must be given one of --calibrate, --calibration and --dynamic");
        }
        if (!List.of("qdq", "packed").contains(format) && (dynamic || !format.equals("qoperator"))) {
            throw new UsageException("--format = " + format + ": must be qdq, packed, or qoperator without --dynamic");
        }
        if (dynamic) {
            refuse(STATIC_ONLY, "must be given with --calibrate, not with --dynamic, which reads no data");
        } else {
            refuse(DYNAMIC_ONLY, "must be given with --dynamic");
        }
        if (found != null) {
            refuse(CALIBRATING_ONLY, "must be given with --calibrate, or to the command calibrate; the ranges in "
                    + found + " are found already");
        }
        if (weightBits != 8 && weightBits != 4) {
            throw new UsageException("--weight-bits = " + weightBits + ": must be 8 or 4");
        }
        if (weightBits == 8) {
            refuse(List.of("--group-size"), "must be given with --weight-bits 4");
        }
    }

    /** Refuses options that would be ignored. */
    private void refuse(List<String> options, String why) {
        for (String option : options) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new UsageException(option + ": " + why);
            }
        }
    }

    private Model dynamic(Model real) {
        try {
            return Quantizer.dynamicQuantize(real,
                    quantization.forDynamic().withPerRow(perRow).withEmbeddingBits(embeddingBits)
                            .withGroupSize(weightBits == 4 ? groupSize : 0));
        } catch (IllegalArgumentException e) {
            throw new UsageException(model + ": " + e.getMessage());
        }
    }

    /** Quantizes with a progress bar. */
    static Model quantize(Model model, Path calibration, DataOptions data, StaticOptions options)
            throws IOException {
        Executor executor = Executor.plan(model);
        DataSet samples = data.open(calibration, executor.inputs());
        Batches batches = data.batches(samples, executor.inputs());
        try (Progress progress = Progress.of("calibrating", 0, samples.size())) {
            StaticQuantizer quantizer = StaticQuantizer.prepare(model, options);
            List<Map<String, Tensor>> first = new ArrayList<>();
            batches.each(0, (batch, done) -> {
                quantizer.calibrate(batch);
                if (options.biasCorrected() && first.size() * batches.size() < StaticQuantizer.CORRECTION_SAMPLES) {
                    first.add(batch);
                }
                progress.to(done);
            });
            Model quantized = quantizer.convert();
            return options.biasCorrected() ? quantizer.correctBias(quantized, first) : quantized;
        }
    }
}
