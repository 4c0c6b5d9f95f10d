// SPDX-License-Identifier: Apache-2.0
package io.jquant.golden.fbgemm;

import io.jquant.golden.GoldenCase;
import io.jquant.golden.GoldenFile;
import io.jquant.golden.GoldenIndex;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.pytorch.global.torch;

/** Runs the unanswered cases of make_golden.py on libtorch and writes FAMILY-ENGINE.jqg. */
public final class FbgemmGoldenMaker {
    private FbgemmGoldenMaker() {
    }

    /**
     * Answers every family.
     *
     * @param args the folder of the programs and unanswered cases; the folder to write to; optionally an engine of
     *     libtorch other than fbgemm
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] args) throws IOException {
        Path scripts = Path.of(args[0]);
        Path answers = Path.of(args[1]);
        String engine = args.length > 2 ? args[2] : "fbgemm";
        torch.set_num_threads(1);
        torch.globalContext().setQEngine(torch.QEngine.valueOf(engine.toUpperCase(Locale.ROOT)));
        Files.createDirectories(answers);
        for (Path path : GoldenIndex.files(scripts)) {
            answer(scripts, path).write(answers.resolve(
                    path.getFileName().toString().replace(".jqg", "-" + engine + ".jqg")));
        }
        GoldenIndex.write(answers);
    }

    private static GoldenFile answer(Path scripts, Path path) throws IOException {
        GoldenFile unanswered;
        try (InputStream in = Files.newInputStream(path)) {
            unanswered = GoldenFile.read(in);
        }
        Map<String, String> header = new HashMap<>();
        unanswered.header().forEach((key, value) -> {
            if (!key.startsWith("outputs.")) {
                header.put(key, value);
            }
        });
        header.put("engine", torch.toString(torch.globalContext().qEngine()).getString().toLowerCase(Locale.ROOT));
        header.put("torch", configured("TORCH_VERSION="));
        header.put("capability", configured("CPU capability usage: "));
        Map<String, TorchProgram> programs = new HashMap<>();
        List<GoldenCase> cases = new ArrayList<>();
        for (GoldenCase each : unanswered.cases()) {
            String operator = each.operator();
            try {
                TorchProgram program = programs.computeIfAbsent(operator,
                        name -> new TorchProgram(scripts.resolve(name + ".pt")));
                cases.add(program.run(each, List.of(unanswered.header().get("outputs." + operator).split(" "))));
            } catch (RuntimeException e) {
                header.put("refused." + each.name(), reason(e));
            }
        }
        return new GoldenFile(header, cases);
    }

    private static String configured(String key) {
        String config = torch.show_config().getString();
        int start = config.indexOf(key) + key.length();
        return config.substring(start).split("[,\\s]", 2)[0];
    }

    /** libtorch's message carries a TorchScript trace; the reason is its last line with "Error: ". */
    private static String reason(RuntimeException e) {
        String reason = String.valueOf(e.getMessage()).lines().filter(line -> line.contains("Error: "))
                .reduce((first, last) -> last)
                .orElseGet(() -> String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        reason = reason.substring(reason.lastIndexOf("Error: ") + (reason.contains("Error: ") ? 7 : 1));
        return reason.substring(0, Math.min(reason.length(), 200));
    }
}
