// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.AtomicFile;
import io.jquant.Engine;
import io.jquant.graph.Model;
import io.jquant.graph.exec.Executor;
import io.jquant.graph.onnx.OnnxReader;
import io.jquant.graph.onnx.OnnxWriter;
import io.jquant.quantization.QConfigMapping;
import io.jquant.quantization.StaticOptions;
import io.jquant.quantization.StaticQuantizer;
import io.jquant.quantization.suite.LayerSensitivity;
import io.jquant.quantization.suite.MixedPrecision;
import io.jquant.quantization.suite.NumericSuite;
import io.jquant.quantization.suite.PrecisionSearch;
import io.jquant.quantization.suite.SuiteReport;
import io.jquant.quantization.suite.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says where accuracy went, and mends it. */
@Command(name = "compare", mixinStandardHelpOptions = true,
        description = {"Compare an int8 model with its float model layer by layer: weights, each layer alone, and from "
            + "end to end.",
            "With --calibration instead of INT8: quantize each layer by itself (--sensitivity), and find the fewest "
                + "layers to keep float for a wanted quality (--target)."})
final class CompareCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FLOAT", description = "The float model, an ONNX file.")
    private Path floatModel;

    @Parameters(index = "1", arity = "0..1", paramLabel = "INT8", description = "The int8 model made of it.")
    private Path int8Model;

    @Option(names = "--calibration", paramLabel = "FILE", description = "What calibrate found for the float model.")
    private Path calibration;

    @Option(names = "--data", required = true, paramLabel = "DATA",
            description = "Samples to compare on: .npy, .npz, a CIFAR-10 .bin file, or a folder of images; some "
                    + "dozens do (--limit).")
    private Path path;

    @Option(names = "--sensitivity", description = "Quantize one layer at a time, and all but one at a time.")
    private boolean sensitivity;

    @Option(names = "--target", paramLabel = "METRIC=VALUE",
            description = "Keep the fewest layers float for this quality: agreement=0.99, sqnr=25 (dB), or rms=0.05.")
    private String target;

    @Option(names = {"-o", "--output"}, paramLabel = "OUT",
            description = "Where to write the model that --target found.")
    private Path output;

    @Option(names = "--html", paramLabel = "FILE", description = "Write the report as a page with plots.")
    private Path html;

    @Option(names = "--csv", paramLabel = "FILE", description = "Write the layers as comma-separated values.")
    private Path csv;

    @Option(names = "--json", description = "Print an object for machines.")
    private boolean json;

    @Mixin
    private DataOptions data = new DataOptions();

    @Override
    public Integer call() throws IOException {
        check();
        Model real = Calibrated.readFloat(floatModel);
        Target wanted = target == null ? null : parse(target);
        Executor executor = Executor.plan(real);
        Batches batches = data.batches(data.open(path, executor.inputs()), executor.inputs());
        StaticOptions options = StaticOptions.forEngine(Engines.select().chosen().engine());
        StaticQuantizer quantizer = calibration == null ? StaticQuantizer.prepare(real, options)
                : Calibrated.load(real, calibration, options);
        Model quantized = calibration == null ? OnnxReader.read(int8Model) : quantizer.convert();
        NumericSuite suite = suite(quantizer.prepared(), quantized);
        try (Progress progress = Progress.of("comparing layers", 0, batches.data().size())) {
            batches.each(0, (batch, done) -> {
                suite.compare(batch);
                progress.to(done);
            });
        }
        List<LayerSensitivity> costs = new ArrayList<>();
        MixedPrecision found = sensitivity || wanted != null ? search(quantizer, batches, wanted, costs) : null;
        write(new SuiteReport(title(), batches.data().size(), suite.layers(), costs, found), found);
        return found == null || found.isMet() ? 0 : Main.FAILURE;
    }

    private void check() throws IOException {
        if ((int8Model == null) == (calibration == null)) {
            throw new UsageException("must be given either INT8 or --calibration");
        }
        if ((sensitivity || target != null) && calibration == null) {
            throw new UsageException("--sensitivity and --target quantize the float model anew: --calibration must be "
                    + "given instead of INT8");
        }
        if (output != null && target == null) {
            throw new UsageException("--output = " + output + ": is for the model that --target finds");
        }
        List<Path> files = Stream.of(output, html, csv).filter(Objects::nonNull).toList();
        for (int i = 0; i < files.size(); i++) {
            Outputs.check(files.get(i));
            Outputs.mustDiffer(files.get(i), floatModel, int8Model, calibration, path);
            for (Path other : files.subList(0, i)) {
                if (Outputs.isSame(files.get(i), other)) {
                    throw new UsageException("output " + other + ": must be given for one output only");
                }
            }
        }
    }

    /** A wanted quality as the command line has it. */
    static Target parse(String text) {
        int equals = text.indexOf('=');
        try {
            return new Target(Target.Metric.valueOf(text.substring(0, Math.max(0, equals)).toUpperCase(Locale.ROOT)),
                    Double.parseDouble(text.substring(equals + 1)));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--target = " + text + ": must be agreement=0..1, sqnr=DECIBELS or rms=0..");
        }
    }

    private NumericSuite suite(Model prepared, Model quantized) throws IOException {
        try {
            return NumericSuite.of(prepared, quantized);
        } catch (IllegalArgumentException e) {
            throw new IOException(int8Model + ": cannot be compared with " + floatModel + ": " + e.getMessage(), e);
        }
    }

    private MixedPrecision search(StaticQuantizer quantizer, Batches batches, Target wanted,
            List<LayerSensitivity> costs) {
        int most = 2 * quantizer.layers().size() + (wanted == null ? 0 : quantizer.layers().size() + 1);
        try (Engine engine = Engines.open(); Progress progress = Progress.of("quantizing layers", 0, most)) {
            PrecisionSearch search = new PrecisionSearch(quantizer, QConfigMapping.none(), engine, batches,
                    progress::to);
            costs.addAll(search.sensitivity());
            return wanted == null ? null : search.find(wanted, costs);
        }
    }

    private String title() {
        return (int8Model == null ? calibration : int8Model).getFileName() + " against " + floatModel.getFileName();
    }

    private void write(SuiteReport report, MixedPrecision found) throws IOException {
        if (html != null) {
            AtomicFile.write(html, file -> file.write(report.html().getBytes(StandardCharsets.UTF_8)));
        }
        if (csv != null) {
            AtomicFile.write(csv, file -> file.write(report.csv().getBytes(StandardCharsets.UTF_8)));
        }
        if (output != null) {
            OnnxWriter.write(found.model(), output);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? Json.of(report.asMap()) + System.lineSeparator() : report.table());
        out.flush();
        if (found != null && !found.isMet()) {
            spec.commandLine().getErr().println("jquant: --target = " + target + ": was not reached");
        }
    }
}
