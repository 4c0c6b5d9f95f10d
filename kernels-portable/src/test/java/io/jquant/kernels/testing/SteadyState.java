// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.cpu.Isa;
import io.jquant.spi.Candidate;
import io.jquant.spi.Tier;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A program that runs every packed operator in turn, as a model does, until each leaves nothing to the garbage
 * collector. A program, since the compiler forgets nothing: where thousands of other operators ran before, it no
 * longer sees which objects do not leave a call.
 */
public final class SteadyState {
    private static final String DONE = "operators without garbage: ";
    /** It is done after 4 to 11 seconds of a core, which other work may share. */
    private static final Duration LIMIT = Duration.ofMinutes(2);
    /**
     * The last: code of the second level, which a busy machine runs for long, counts calls of a method but not those
     * that it makes, and so the compiler would take these for rare and not inline them.
     */
    private static final List<String> FLAGS = List.of("-XX:+UseParallelGC", "-Xmx512m", "--add-modules",
            "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-XX:Tier3DelayOn=1000");

    private static final int ROWS = 8;
    /** What no kernel is made for, so that the definition runs, which may allocate. */
    private static final Set<String> DEFINITIONS = Set.of("transposed depthwise");

    private SteadyState() {
    }

    /** An operator that has not yet run without garbage. */
    private record Warming(String name, OperatorLine.Prepared prepared, Runnable run) {
        static Warming of(OperatorLine line, Engine engine) {
            OperatorLine.Prepared prepared = line.open().apply(engine);
            OperatorLine.Run run = prepared.run();
            var inputs = line.inputs();
            var output = line.output();
            return new Warming(line.name(), prepared, () -> run.run(inputs, output));
        }
    }

    /**
     * Runs the program; garbage is a failure.
     *
     * @param folder where a crash is reported to
     */
    static void inItsOwnJvm(Path folder, String engine, Candidate way) throws IOException, InterruptedException {
        String output = OtherJvm.run(folder, LIMIT.plusMinutes(1), FLAGS, SteadyState.class, engine,
                way.tier().spelling(), way.isa().spelling());
        assertTrue(output.contains(DONE), output);
    }

    /** Arguments: the engine, the tier and the instruction set. */
    public static void main(String[] arguments) {
        EngineOptions options = EngineOptions.defaults().withEngine(arguments[0]).withThreads(1)
                .withTier(Tier.parse(arguments[1])).withIsaCap(Isa.parse(arguments[2]));
        try (Engine engine = Engine.open(options)) {
            List<Warming> all = OperatorTable.packed(ROWS).stream()
                    .filter(line -> !DEFINITIONS.contains(line.name())).map(line -> Warming.of(line, engine)).toList();
            assertEquals(List.of(), garbage(all), () -> "garbage of " + engine);
            all.forEach(operator -> operator.prepared().close());
            System.out.println(DONE + all.size());
        }
    }

    private static List<String> garbage(List<Warming> all) {
        long end = System.nanoTime() + LIMIT.toNanos();
        List<String> garbage = new ArrayList<>();
        List<Warming> left = all;
        do {
            List<Warming> still = new ArrayList<>();
            garbage.clear();
            for (Warming operator : left) {
                long bytes = Garbage.ofCall(operator.run());
                if (bytes > 0) {
                    still.add(operator);
                    garbage.add(operator.name() + ": " + bytes + " bytes a call");
                }
            }
            left = still;
        } while (!left.isEmpty() && System.nanoTime() < end);
        return garbage;
    }
}
