// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What is wrong with the arguments is said before anything is measured. */
class BenchCommandTest {
    @TempDir
    private Path folder;

    private static void assertRefused(String message, Object... arguments) {
        AtomicReference<Exception> refusal = new AtomicReference<>();
        int status = new CommandLine(new BenchCommand()).setExecutionExceptionHandler((e, command, result) -> {
            refusal.set(e);
            return 2;
        }).execute(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
        assertEquals(2, status);
        assertTrue(refusal.get().getMessage().contains(message), refusal.get()::toString);
    }

    @Test
    void placesThatCannotBeWrittenToAreRefused() {
        Path missing = folder.resolve("missing");
        for (String option : new String[] {"--json", "--report", "--table"}) {
            assertRefused("must be in a folder that is there", option, missing.resolve("out"));
            assertRefused("is a folder, must be a file", option, folder);
        }
        assertRefused("--charts = " + missing + ": must be a folder", "--charts", missing);
    }

    @Test
    void documentsThatTablesWouldDestroyAreRefused() throws IOException {
        Path document = folder.resolve("document.md");
        Files.writeString(document, "text\n<!-- bench -->\n");
        assertRefused("<!-- bench --> without the other line", "--table", document);
        Files.write(document, new byte[] {(byte) 0xFF});
        assertRefused("--table = " + document + ": must be a document", "--table", document);
    }

    @Test
    void whatIsUnknownIsRefused() {
        assertRefused("the table has no such shape", "--filter", "no such operator");
        assertRefused("--peer = nobody: must be one of", "--filter", "linear", "--peer", "nobody");
        assertRefused("nonsense", "--filter", "linear", "--tier", "nonsense");
        assertRefused("nothing that was asked for can run here", "--filter", "linear", "--engine", "nonsense",
                "--allocations");
    }

    @Test
    void whatIsForTheTableIsRefusedForAModel() {
        assertRefused("with --model give -Djquant.tier", "--model", "shaped:bert", "--tier", "vector");
        assertRefused("with --model give -Djquant.isa", "--model", "shaped:bert", "--isa", "avx2");
        assertRefused("with --model give -Djquant.engine", "--model", "shaped:bert", "--engine", "qnnpack");
        assertRefused("--json is for the table", "--model", "shaped:bert", "--json", folder.resolve("out"));
    }

    @Test
    void figuresOfBeforeMustBeSome() throws IOException {
        Path file = folder.resolve("before.json");
        assertRefused(file.toString(), "--compare", file);
        for (String text : new String[] {"", "[]", "{}", "{\"machine\": {\"cpu\": 1}}",
            "{\"machine\": {\"cpu\": \"x\"}, \"peaks\": {\"x\": \"fast\"}}"}) {
            Files.writeString(file, text);
            assertRefused("is no file that --json wrote", "--compare", file);
        }
    }
}
