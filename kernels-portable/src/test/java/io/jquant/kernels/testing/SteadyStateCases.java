// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.EngineOptions;
import io.jquant.spi.Candidate;
import io.jquant.spi.Tier;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operators run again and again. */
public abstract class SteadyStateCases extends EngineCases {
    private static final Duration LIMIT = Duration.ofSeconds(SteadyState.LIMIT_SECONDS + 60);
    private static final List<String> FLAGS = List.of("-XX:+UseParallelGC", "-Xmx512m", "--add-modules",
            "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED");

    @TempDir
    private Path folder;

    private final int threads;

    protected SteadyStateCases(EngineOptions options) {
        super(options);
        threads = options.threads();
    }

    private Candidate candidate() {
        return engine().selection().chosen().candidate();
    }

    /** Every packed operator, once compiled, leaves nothing to the garbage collector. */
    @Test
    void packedOperatorsAllocateNothing() throws IOException, InterruptedException {
        assumeTrue(candidate().tier() != Tier.SCALAR, "the definitions may allocate");
        assumeTrue(threads == 1, "one thread does so few rows");
        String output = OtherJvm.run(folder, LIMIT, FLAGS, SteadyState.class, engine().name(),
                candidate().tier().spelling(), candidate().isa().spelling());
        assertTrue(output.contains(SteadyState.DONE), output);
    }

    /** The same bits as the definition's, with this many threads and on this tier. */
    @Test
    void everyOperatorIsItsDefinition() {
        assumeTrue(candidate().tier() != Tier.SCALAR, "it is the definition");
        for (OperatorLine line : OperatorTable.all(97)) {
            try (OperatorLine.Prepared prepared = line.open().apply(engine())) {
                line.check(prepared, line.inputs(), line.output(), line.expected(engine().name()),
                        engine().toString());
            }
        }
    }
}
