// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.graph.lowering.ModelRunner;
import io.jquant.graph.lowering.PackedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a model consists of, and what quantizing it has changed. */
@Command(name = "inspect", mixinStandardHelpOptions = true,
        description = "Show a model's nodes with their types, scales and sizes, and what changed from another.")
final class InspectCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "The model, an ONNX file, float or int8, or a packed one.")
    private Path model;

    @Option(names = "--before", paramLabel = "MODEL",
            description = "The model that it was made of: sizes and operators of both are shown.")
    private Path earlier;

    @Option(names = "--json", description = "Print an object for machines.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Inspection now = Inspection.of(ModelRunner.read(model));
        Inspection before = earlier == null ? null : Inspection.of(ModelRunner.read(earlier));
        PackedModel.Description packed = PackedModel.isPacked(model) ? PackedModel.describe(model) : null;
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> map = new LinkedHashMap<>(now.asMap());
            map.put("fileBytes", Files.size(model));
            if (packed != null) {
                map.put("packedFor", packed.packedFor());
                map.put("packedOperators", packed.operators());
                map.put("packedBytes", packed.packedBytes());
            }
            if (before != null) {
                map.put("before", before.asMap());
                map.put("beforeFileBytes", Files.size(earlier));
            }
            out.println(Json.of(map));
        } else {
            if (packed != null) {
                out.printf("packed for %s: %d operators, %d bytes%n", packed.packedFor(), packed.operators(),
                        packed.packedBytes());
            }
            print(out, now, before);
        }
        out.flush();
        return 0;
    }

    private void print(PrintWriter out, Inspection now, Inspection before) throws IOException {
        now.metadata().forEach((key, value) -> out.println(key + ": " + value));
        Map<String, Long> bytesBefore = new HashMap<>();
        if (before != null) {
            before.nodes().forEach(row -> bytesBefore.put(row.name(), row.bytes()));
        }
        int width = Math.clamp(now.nodes().stream().mapToInt(row -> row.name().length()).max().orElse(4), 4, 44);
        out.printf("%-" + width + "s %-18s %-18s %-5s %11s %5s %9s%s  %s%n", "node", "operator", "makes", "as", "scale",
                "zero", "bytes", before == null ? "" : String.format(" %9s", "before"), "weights");
        for (Inspection.Row row : now.nodes()) {
            boolean quantized = row.quantized() != null;
            String was = before == null ? "" : String.format(" %9s", bytesBefore.getOrDefault(row.name(), 0L));
            out.printf("%-" + width + "s %-18s %-18s %-5s %11s %5s %9d%s  %s%n", row.name(), row.operator(),
                    row.type() + row.shape(), quantized ? row.quantized().type() : "-",
                    quantized ? String.format("%.5g", row.quantized().scale()) : "-",
                    quantized ? row.quantized().zeroPoint() : "-", row.bytes(), was,
                    String.join(" ", row.constants()));
        }
        out.println();
        counts(out, "operators", now.operators(), before == null ? null : before.operators());
        counts(out, "bytes of constants", now.constantBytes(), before == null ? null : before.constantBytes());
        long size = Files.size(model);
        out.print("file: " + size + " bytes");
        if (before != null) {
            out.printf(", %.1f%% of %d before", 100.0 * size / Files.size(earlier), Files.size(earlier));
        }
        out.println();
    }

    private static void counts(PrintWriter out, String what, Map<String, ? extends Number> now,
            Map<String, ? extends Number> before) {
        TreeSet<String> keys = new TreeSet<>(now.keySet());
        if (before != null) {
            keys.addAll(before.keySet());
        }
        out.printf("%-22s %9s%s%n", what, "now", before == null ? "" : String.format(" %9s", "before"));
        for (String key : keys) {
            out.printf("  %-20s %9s%s%n", key, number(now, key),
                    before == null ? "" : String.format(" %9s", number(before, key)));
        }
    }

    private static Number number(Map<String, ? extends Number> counts, String key) {
        Number found = counts.get(key);
        return found == null ? 0 : found;
    }
}
