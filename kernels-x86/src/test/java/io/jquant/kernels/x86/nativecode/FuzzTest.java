// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.cpu.Architecture;
import io.jquant.kernels.testing.GuardPages;
import io.jquant.kernels.testing.OtherJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

    @TempDir
    private Path folder;

    @Test
    void neitherDiffersNorCrashes() throws IOException, InterruptedException {
        assumeTrue(GuardPages.AVAILABLE, "guard pages are made on Linux");
        assumeTrue(Architecture.current() == Architecture.X86_64, "the kernels are x86-64 machine code");
        String output = OtherJvm.run(folder, Duration.ofSeconds(SECONDS + START_SECONDS),
                List.of("-XX:+UseParallelGC", "-Xmx512m", "--add-modules", "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED"),
                Fuzzer.class, Long.toString(SECONDS), Long.toString(SEED));
        assertTrue(output.contains(Fuzzer.DONE), output);
    }
}
