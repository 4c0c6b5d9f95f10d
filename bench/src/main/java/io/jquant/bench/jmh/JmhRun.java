// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.jmh;

import io.jquant.bench.work.BenchCase;
import java.util.List;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs lines of the table under JMH. */
public final class JmhRun {
    private JmhRun() {
    }

    /**
     * Runs them.
     *
     * @param cases the lines
     * @param arguments JMH's own, such as {@code -prof gc}
     * @throws IllegalArgumentException if JMH does not know an argument, or cannot run
     */
    public static void run(List<BenchCase> cases, List<String> arguments) {
        try {
            new Runner(new OptionsBuilder().parent(new CommandLineOptions(arguments.toArray(String[]::new)))
                    .include(OperatorBenchmark.class.getName())
                    .param("work", cases.stream().map(BenchCase::toString).toArray(String[]::new)).build()).run();
        } catch (CommandLineOptionException | RunnerException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
