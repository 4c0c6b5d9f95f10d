// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.cpu.Architecture;
import io.jquant.kernels.testing.GuardPages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Machine code in a JVM that may crash. {@code -Djquant.fuzz.seconds=N} makes it run longer than its quarter of a
 * minute, {@code -Djquant.fuzz.seed=N} repeats a run.
 */
class FuzzTest {
    private static final long SECONDS = Long.getLong("jquant.fuzz.seconds", 15);
    private static final long SEED = Long.getLong("jquant.fuzz.seed", 20261124);
    private static final long START_SECONDS = 120;
    private static final int SHOWN = 40;

    @TempDir
    private Path folder;

    @Test
    void neitherDiffersNorCrashes() throws IOException, InterruptedException {
        assumeTrue(GuardPages.AVAILABLE, "guard pages are made on Linux");
        assumeTrue(Architecture.current() == Architecture.X86_64, "the kernels are x86-64 machine code");
        Path log = folder.resolve("fuzz.log");
        Process process = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseParallelGC", "-Xmx512m",
                "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                "-XX:ErrorFile=" + folder.resolve("crash.log"), "-cp", System.getProperty("java.class.path"),
                Fuzzer.class.getName(), Long.toString(SECONDS), Long.toString(SEED)))
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            assertTrue(process.waitFor(SECONDS + START_SECONDS, TimeUnit.SECONDS), () -> "still runs: " + tail(log));
            assertEquals(0, process.exitValue(), () -> tail(log));
            assertTrue(tail(log).contains(Fuzzer.DONE), () -> tail(log));
        } finally {
            process.destroyForcibly();
        }
    }

    private static String tail(Path log) {
        try {
            List<String> lines = Files.readString(log, StandardCharsets.UTF_8).replace('\r', '\n').lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN), lines.size()));
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }
}
