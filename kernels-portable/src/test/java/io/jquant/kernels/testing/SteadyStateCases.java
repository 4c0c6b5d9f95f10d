// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.EngineOptions;
import io.jquant.spi.Candidate;
import io.jquant.spi.Tier;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operators run again and again. */
public abstract class SteadyStateCases extends EngineCases {
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
        SteadyState.inItsOwnJvm(folder, engine().name(), candidate());
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
