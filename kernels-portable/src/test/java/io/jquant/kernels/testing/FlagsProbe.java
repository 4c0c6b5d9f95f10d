// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.spi.Tier;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that runs an operator of every family in this JVM, whatever its flags, on an engine as it is chosen here,
 * with every tier that there is, and compares with the definition.
 */
public final class FlagsProbe {
    /** What comes before the engine, tier and instruction set that are chosen where nothing is asked for. */
    public static final String CHOSEN = "chosen ";
    /** What comes before those of each tier that answered as the definition does. */
    public static final String SAME = "the same of ";

    private FlagsProbe() {
    }

    /** Arguments: the engine, and the number of rows or columns. */
    public static void main(String[] arguments) {
        EngineOptions options = EngineOptions.defaults().withEngine(arguments[0]).withThreads(2);
        List<OperatorLine> lines = OperatorTable.all(Integer.parseInt(arguments[1]));
        List<MemorySegment> expected = lines.stream().map(line -> line.expected(arguments[0])).toList();
        List<Engine> engines = new ArrayList<>();
        try (Engine chosen = Engine.open(options)) {
            System.out.println(CHOSEN + chosen.selection().chosen());
            chosen.selection().considered().stream().filter(way -> way.isEligible()
                    && way.candidate().tier() != Tier.SCALAR).map(way -> Engine.open(options
                    .withTier(way.candidate().tier()).withIsaCap(way.candidate().isa()))).forEach(engines::add);
        }
        for (Engine engine : engines) {
            String way = engine.selection().chosen().toString();
            for (int i = 0; i < lines.size(); i++) {
                OperatorLine line = lines.get(i);
                try (OperatorLine.Prepared prepared = line.open().apply(engine)) {
                    line.check(prepared, line.inputs(), line.output(), expected.get(i), way);
                }
            }
            engine.close();
            System.out.println(SAME + way);
        }
    }
}
