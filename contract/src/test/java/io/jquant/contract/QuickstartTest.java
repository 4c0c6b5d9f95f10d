// SPDX-License-Identifier: Apache-2.0
package io.jquant.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example compiles as it stands, and prints what the README says. */
class QuickstartTest {
    private static final String FENCE = "```";
    private static final String MARK = "void main()";

    @TempDir
    private Path folder;

    @Test
    void theReadmesExampleRuns() throws IOException, InterruptedException {
        String readme = Files.readString(Path.of("..", "README.md"));
        int main = readme.indexOf(MARK);
        assertTrue(main > 0, "the README has an example with " + MARK);
        String code = readme.substring(readme.lastIndexOf(FENCE + "java", main) + (FENCE + "java").length(),
                readme.indexOf(FENCE, main)).strip();
        String promised = readme.substring(readme.indexOf(FENCE + "text", main) + (FENCE + "text").length()).strip();
        Path source = folder.resolve("Quickstart.java");
        Files.writeString(source, code);
        compile(source);
        String expected = promised.substring(0, promised.indexOf(FENCE)).strip();
        for (String engine : List.of("fbgemm", "qnnpack", "portable")) {
            String printed = Jvm.run("--enable-native-access=ALL-UNNAMED", "-Djquant.engine=" + engine, "-cp",
                    folder + File.pathSeparator + Jvm.joined(Jvm.libraries()), "Quickstart");
            assertTrue(printed.strip().endsWith(expected), () -> "printed " + printed + ", expected " + expected);
        }
        long statements = code.lines().filter(line -> !line.isBlank() && !line.startsWith("import")).count();
        assertTrue(statements <= 15, () -> "an example is short: " + statements + " lines");
    }

    private void compile(Path source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(problems, null, null)) {
            List<String> options = List.of("-Xlint:all", "-Xlint:-path", "--release", "25", "-d", folder.toString(),
                    "-cp", Jvm.joined(Jvm.libraries()));
            boolean compiled = compiler.getTask(null, files, problems, options, null,
                    files.getJavaFileObjects(source)).call();
            assertEquals(List.of(), problems.getDiagnostics());
            assertTrue(compiled);
        }
    }
}
