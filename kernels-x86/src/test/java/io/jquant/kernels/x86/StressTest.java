// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.kernels.testing.OtherJvm;
import io.jquant.kernels.testing.Stress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Operators shared by everybody, under collectors that move what is on the heap. {@code -Djquant.stress.seconds=N}
 * makes it run longer than some seconds for each, {@code -Djquant.stress.seed=N} draws other operators.
 */
class StressTest {
    private static final long SECONDS = Long.getLong("jquant.stress.seconds", 6);
    private static final long SEED = Long.getLong("jquant.stress.seed", 20261129);
    private static final long START_SECONDS = 120;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseZGC", "-XX:+UseG1GC"})
    void everyAnswerIsRight(String collector) throws IOException, InterruptedException {
        String output = OtherJvm.run(folder, Duration.ofSeconds(SECONDS + START_SECONDS),
                List.of(collector, "-Xmx512m", "--add-modules", "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED"),
                Stress.class, "fbgemm", Long.toString(SECONDS), Long.toString(SEED));
        assertTrue(output.contains(Stress.DONE), output);
        System.out.print(collector + ": " + output);
    }
}
