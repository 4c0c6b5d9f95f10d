// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench;

import io.jquant.Engine;
import io.jquant.bench.measure.Statistics;
import io.jquant.bench.measure.Subject;
import io.jquant.bench.work.Operation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** From the start of a JVM to its first matrix product of 256 x 256 x 256: engine chosen, weights packed, answered. */
public final class StartUp {
    private static final int RUNS = 7;
    private static final String ANSWERED = "answered";

    private StartUp() {
    }

    /**
     * Answers once, and says so: the process that is timed.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        try (Engine engine = Engine.open(); Subject subject = Operation.LINEAR.work("256x256x256").on(engine)) {
            subject.run();
            System.out.println(ANSWERED + " " + engine.selection().chosen());
        }
    }

    /** Starts processes one after another, and prints how long each took. */
    static void measure(PrintWriter out) throws IOException {
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            times.add(time());
        }
        out.printf(Locale.ROOT, "JVM start to first 256x256x256 answered: median %.0f ms, low %.0f, high %.0f"
                + " (%d runs)%n", Statistics.median(times), Statistics.quantile(times, 0),
                Statistics.quantile(times, 1), RUNS);
        out.flush();
    }

    private static double time() throws IOException {
        List<String> command = Relaunch.command(StartUp.class);
        // a user's JVM compiles while it works
        command.remove("-XX:-BackgroundCompilation");
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith(ANSWERED)) {
                    return (System.nanoTime() - start) / 1e6;
                }
            }
        } finally {
            process.destroy();
        }
        throw new IOException("the process that was to be timed gave no answer");
    }
}
