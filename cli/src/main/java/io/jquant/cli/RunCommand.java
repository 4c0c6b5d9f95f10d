// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.Engine;
import io.jquant.graph.Tensor;
import io.jquant.graph.lowering.ModelRunner;
import io.jquant.graph.npy.NpyWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a model on given inputs. */
@Command(name = "run", mixinStandardHelpOptions = true, description = "Run a model on given inputs.")
final class RunCommand implements Callable<Integer> {
    private static final int SHOWN = 10;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "The model, an ONNX file, float or int8, or a packed one.")
    private Path model;

    @Option(names = "--input", required = true, paramLabel = "X",
            description = "Samples along the first axis: .npy, .npz (an array for each input), a CIFAR-10 .bin file, "
                    + "an image, or a folder of images.")
    private Path input;

    @Option(names = {"-o", "--output"}, paramLabel = "[NAME=]FILE.npy",
            description = "Write an output, the first where no name is given; may be repeated.")
    private List<String> outputs = new ArrayList<>();

    @Option(names = "--json", description = "Print an object for machines.")
    private boolean json;

    @Mixin
    private DataOptions data = new DataOptions();

    @Override
    public Integer call() throws IOException {
        Map<String, Tensor> results;
        try (Engine engine = Engines.open(); ModelRunner runner = ModelRunner.open(model, engine)) {
            List<String> names = runner.outputs().stream().map(output -> output.name()).toList();
            Map<String, Path> files = files(names);
            DataSet samples = data.open(input, runner.inputs());
            results = Batches.runAll(runner, data.batches(samples, runner.inputs()));
            for (Map.Entry<String, Path> file : files.entrySet()) {
                NpyWriter.write(results.get(file.getKey()), file.getValue());
            }
        }
        print(spec.commandLine().getOut(), results);
        return 0;
    }

    private Map<String, Path> files(List<String> names) throws IOException {
        Map<String, Path> files = new LinkedHashMap<>();
        for (String output : outputs) {
            int equals = output.indexOf('=');
            String name = equals < 0 ? names.getFirst() : output.substring(0, equals);
            if (!names.contains(name)) {
                throw new UsageException("--output = " + output + ": the model has no output " + name
                        + ", it has " + String.join(", ", names));
            }
            Path file = Path.of(output.substring(equals + 1));
            if (!file.toString().endsWith(".npy")) {
                throw new UsageException("--output = " + output + ": the file's name must end in .npy");
            }
            Outputs.check(file);
            Outputs.mustDiffer(file, input);
            if (files.put(name, file) != null) {
                throw new UsageException("--output = " + output + ": output " + name + " is written once");
            }
        }
        return files;
    }

    private void print(PrintWriter out, Map<String, Tensor> results) {
        if (json) {
            Map<String, Object> map = new LinkedHashMap<>();
            results.forEach((name, tensor) -> map.put(name, Map.of("type", tensor.type().toString(),
                    "shape", IntStream.range(0, tensor.rank()).mapToObj(tensor::dim).toList(),
                    "values", IntStream.range(0, tensor.count()).mapToObj(tensor::getDouble).toList())));
            out.println(Json.of(map));
        } else {
            results.forEach((name, tensor) -> out.println(name + "  " + tensor + "  " + head(tensor)));
        }
        out.flush();
    }

    private static String head(Tensor tensor) {
        return IntStream.range(0, Math.min(SHOWN, tensor.count()))
                .mapToObj(i -> tensor.type().isFloating() ? String.format("%.5g", tensor.getDouble(i))
                        : Long.toString(tensor.getLong(i)))
                .collect(Collectors.joining(" ")) + (tensor.count() > SHOWN ? " ..." : "");
    }
}
