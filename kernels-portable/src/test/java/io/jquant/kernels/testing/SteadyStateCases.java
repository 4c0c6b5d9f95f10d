// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.EngineOptions;
import io.jquant.spi.Tier;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Operators run again and again. */
public abstract class SteadyStateCases extends EngineCases {
    private static final int ROWS = 8;
    private static final int TRIES = 4;
    /** What no kernel is made for, so that the definition runs, which may allocate. */
    private static final Set<String> DEFINITIONS = Set.of("transposed depthwise");

    private final int threads;

    protected SteadyStateCases(EngineOptions options) {
        super(options);
        threads = options.threads();
    }

    private Tier tier() {
        return engine().selection().chosen().candidate().tier();
    }

    /** Every packed operator, once compiled, leaves nothing to the garbage collector. */
    @Test
    void packedOperatorsAllocateNothing() {
        assumeTrue(tier() != Tier.SCALAR, "the definitions may allocate");
        assumeTrue(threads == 1, "one thread does so few rows");
        List<String> garbage = new ArrayList<>();
        for (OperatorLine line : OperatorTable.packed(ROWS)) {
            if (DEFINITIONS.contains(line.name())) {
                continue;
            }
            try (OperatorLine.Prepared prepared = line.open().apply(engine())) {
                List<MemorySegment> inputs = line.inputs();
                MemorySegment output = line.output();
                OperatorLine.Run run = prepared.run();
                long least = Long.MAX_VALUE;
                // a busy machine's compilers need their time
                for (int i = 0; i < TRIES && least > 0; i++) {
                    least = KernelSuite.leastAllocated(() -> run.run(inputs, output));
                }
                if (least > 0) {
                    garbage.add(line.name() + ": " + least + " bytes a call");
                }
            }
        }
        assertEquals(List.of(), garbage);
    }

    /** The same bits as the definition's, with this many threads and on this tier. */
    @Test
    void everyOperatorIsItsDefinition() {
        assumeTrue(tier() != Tier.SCALAR, "it is the definition");
        for (OperatorLine line : OperatorTable.all(97)) {
            try (OperatorLine.Prepared prepared = line.open().apply(engine())) {
                line.check(prepared, line.inputs(), line.output(), line.expected(engine().name()),
                        engine().toString());
            }
        }
    }
}
