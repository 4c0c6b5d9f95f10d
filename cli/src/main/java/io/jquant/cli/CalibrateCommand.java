// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.graph.Model;
import io.jquant.graph.Tensor;
import io.jquant.graph.exec.Executor;
import io.jquant.quantization.Calibration;
import io.jquant.quantization.CalibrationJob;
import io.jquant.quantization.StaticQuantizer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Finds the ranges of a model's activations; can be stopped and gone on with, split and merged. */
@Command(name = "calibrate", mixinStandardHelpOptions = true,
        description = {"Find the ranges of a float model's activations from samples, for quantize --calibration.",
            "What was found is saved beside OUT every few seconds: after Ctrl-C or a crash the same command goes on. "
                + "Calibrations of parts of the data can be merged."})
final class CalibrateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", arity = "0..1", description = "The float model, an ONNX file.")
    private Path model;

    @Option(names = "--data", paramLabel = "DATA",
            description = "Samples like those that the model will see: .npy, .npz, a CIFAR-10 .bin file, or a folder "
                    + "of PNG and JPEG images.")
    private Path path;

    @Option(names = "--merge", arity = "2..*", paramLabel = "PART",
            description = "Make one calibration of several of the same model, instead of reading samples.")
    private List<Path> parts;

    @Option(names = {"-o", "--output"}, required = true, paramLabel = "OUT",
            description = "Where to write the calibration.")
    private Path output;

    @Option(names = "--save-every", paramLabel = "SECONDS", defaultValue = "10",
            description = "How much work may be lost when the process dies (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--restart", description = "Do not go on with an earlier run.")
    private boolean restart;

    @Mixin
    private QuantizationOptions quantization = new QuantizationOptions();

    @Mixin
    private DataOptions data = new DataOptions();

    @Override
    public Integer call() throws IOException {
        boolean merges = parts != null;
        if (merges == (model != null || path != null) || (!merges && (model == null || path == null))) {
            throw new UsageException("must be given either MODEL and --data, or --merge");
        }
        if (seconds < 0) {
            throw new UsageException("--save-every = " + seconds + ": must be 0 or more");
        }
        Outputs.check(output);
        return merges ? merge() : calibrate();
    }

    private int merge() throws IOException {
        Calibration merged = Calibration.load(parts.getFirst());
        for (Path part : parts.subList(1, parts.size())) {
            try {
                merged.merge(Calibration.load(part));
            } catch (IllegalArgumentException | UnsupportedOperationException e) {
                throw new IOException(part + ": cannot be merged: " + e.getMessage(), e);
            }
        }
        merged.save(output);
        report(merged);
        return 0;
    }

    private int calibrate() throws IOException {
        Outputs.mustDiffer(output, model, path);
        Model read = Calibrated.readFloat(model);
        Executor executor = Executor.plan(read);
        Batches batches = data.batches(data.open(path, executor.inputs()), executor.inputs());
        StaticQuantizer quantizer = StaticQuantizer.prepare(read, quantization.forStatic());
        if (restart) {
            Files.deleteIfExists(CalibrationJob.stateOf(output));
        }
        CalibrationJob job = CalibrationJob.open(quantizer, output, data.identity(path, batches.size()),
                Duration.ofSeconds(seconds));
        PrintWriter err = spec.commandLine().getErr();
        if (!job.note().isEmpty()) {
            err.println("jquant: " + job.note());
        }
        int all = batches.data().size();
        if (job.samples() > 0) {
            err.println("jquant: going on after " + job.samples() + " of " + all + " samples");
        }
        err.flush();
        try (Interruption interruption = Interruption.during();
                Progress progress = Progress.of("calibrating", job.samples(), all);
                Prefetch<Map<String, Tensor>> next = batches.prefetch(Math.toIntExact(job.samples()))) {
            while (next.hasNext() && !interruption.isAsked()) {
                job.calibrate(next.next(), (int) Math.min(batches.size(), all - job.samples()));
                progress.to(job.samples());
            }
            if (job.samples() < all) {
                job.save();
                err.println("jquant: stopped after " + job.samples() + " of " + all
                        + " samples; the same command goes on from there");
                err.flush();
                return Interruption.STATUS;
            }
            report(job.finish());
        }
        return 0;
    }

    private void report(Calibration found) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%s: %d ranges from %d batches%n", output, found.observers().size(), found.batches());
        out.flush();
    }
}
