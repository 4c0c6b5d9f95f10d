// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.Engine;
import io.jquant.graph.lowering.ModelRunner;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says how often a model is right, and how far it is from another. */
@Command(name = "eval", mixinStandardHelpOptions = true,
        description = "Run a classifier over labelled samples, and compare it with another.")
final class EvalCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "The model, an ONNX file, float or int8, or a packed one.")
    private Path model;

    @Option(names = "--data", required = true, paramLabel = "DATA",
            description = "Samples: .npy, .npz (classes in an array named labels), a CIFAR-10 .bin file, or a folder "
                    + "with a subfolder of PNG and JPEG images for each class.")
    private Path path;

    @Option(names = "--against", paramLabel = "MODEL",
            description = "A reference, most often the float model, to compare the answers with.")
    private Path reference;

    @Option(names = "--json", description = "Print an object for machines.")
    private boolean json;

    @Mixin
    private DataOptions data = new DataOptions();

    @Override
    public Integer call() throws IOException {
        Map<String, Object> figures = new LinkedHashMap<>();
        try (Engine engine = Engines.open()) {
            figures.put("engine", engine.name());
            figures.put("tier", engine.selection().chosen().candidate().tier().spelling());
            figures.put("isa", engine.selection().chosen().candidate().isa().spelling());
            Evaluation evaluation = evaluate(model, engine);
            figures.put("samples", evaluation.logits().size());
            if (evaluation.correct() >= 0) {
                figures.put("top1", evaluation.top1());
            }
            figures.put("samplesPerSecond", evaluation.samplesPerSecond());
            if (reference != null) {
                Evaluation expected = evaluate(reference, engine);
                if (expected.logits().getFirst().length != evaluation.logits().getFirst().length) {
                    throw new IOException(reference + ": has " + expected.logits().getFirst().length
                            + " outputs a sample, " + model + " has "
                            + evaluation.logits().getFirst().length + ": they cannot be compared");
                }
                if (expected.correct() >= 0) {
                    figures.put("referenceTop1", expected.top1());
                }
                figures.put("agreement", evaluation.agreement(expected));
                figures.put("relativeRms", evaluation.relativeRms(expected));
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(figures));
        } else {
            figures.forEach((name, value) -> out.printf("%-18s %s%n", name,
                    value instanceof Double number ? String.format("%.4f", number) : value));
        }
        out.flush();
        return 0;
    }

    private Evaluation evaluate(Path file, Engine engine) throws IOException {
        try (ModelRunner runner = ModelRunner.open(file, engine)) {
            Batches batches = data.batches(data.open(path, runner.inputs()), runner.inputs());
            return Evaluation.of(runner, batches, file.getFileName().toString());
        }
    }
}
