// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.Engine;
import io.jquant.graph.Model;
import io.jquant.graph.lowering.LoweredModel;
import io.jquant.graph.lowering.PackedModel;
import io.jquant.graph.onnx.OnnxReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Packs an int8 model for the engine that runs here. */
@Command(name = "pack", mixinStandardHelpOptions = true,
        description = {"Pack an int8 model for the engine, tier and instruction set that run here.",
            "The file is mapped and run without packing its weights again, and has the ONNX model in it: elsewhere it "
                + "runs too, packing anew and saying so."})
final class PackCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "The int8 model, an ONNX file.")
    private Path model;

    @Option(names = {"-o", "--output"}, required = true, paramLabel = "OUT",
            description = "Where to write the packed model.")
    private Path output;

    @Override
    public Integer call() throws IOException {
        Outputs.check(output);
        Outputs.mustDiffer(output, model);
        Model read = OnnxReader.read(model);
        if (!LoweredModel.isQuantized(read)) {
            throw new UsageException(model + ": is a float model: quantize it first");
        }
        write(read, output);
        PackedModel.Description packed = PackedModel.describe(output);
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%s: %d bytes, %d operators packed for %s%n", output, Files.size(output), packed.operators(),
                packed.packedFor());
        out.flush();
        return 0;
    }

    /** Writes a model as it is packed for the engine that runs here. */
    static void write(Model quantized, Path output) throws IOException {
        try (Engine engine = Engines.open()) {
            PackedModel.write(quantized, engine, output);
        }
    }
}
