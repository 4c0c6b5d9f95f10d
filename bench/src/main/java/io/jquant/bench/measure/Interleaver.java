// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.measure;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Lets subjects take turns, so that whatever slows the machine slows all of them. */
public final class Interleaver {
    private static final int GROUP = 4;
    private static final double TOLERANCE = 0.03;
    private static final int WINDOWS_PER_BATCH = 2;
    /** A slow call is a window: the JVM compiles what it has seen often enough, which a few such calls are not. */
    private static final int LEAST_WINDOWS = 40;
    private static final CompilationMXBean COMPILATION = ManagementFactory.getCompilationMXBean();

    private final Pace pace;

    /**
     * An interleaver.
     *
     * @param pace how long is measured
     */
    public Interleaver(Pace pace) {
        this.pace = pace;
    }

    /** A subject on its way. */
    private static final class Turn {
        final Subject subject;
        final List<Double> rounds = new ArrayList<>();
        boolean steady;
        long calls;
        long spent;

        Turn(Subject subject) {
            this.subject = subject;
        }

        /** Runs some calls; nanoseconds of one. */
        double time(long count) {
            long start = System.nanoTime();
            for (long i = 0; i < count; i++) {
                subject.run();
            }
            return Math.max(1, System.nanoTime() - start) / (double) count;
        }

        void warmUp(Pace pace) {
            List<Double> windows = new ArrayList<>();
            long start = System.nanoTime();
            double call = time(1);
            long elapsed = System.nanoTime() - start;
            long compiled = 0;
            long atRest = 0;
            // code may take the same time again and again only because its compilation has not come to an end
            while (elapsed < pace.warmUpNanos() && (!steady || windows.size() < LEAST_WINDOWS
                    || elapsed - atRest < pace.leastWarmUpNanos())) {
                call = time(count(pace.batchNanos() / WINDOWS_PER_BATCH, call));
                windows.add(call);
                steady = Statistics.areSteady(windows, GROUP, TOLERANCE);
                elapsed = System.nanoTime() - start;
                long now = compilationMillis();
                atRest = now == compiled ? atRest : elapsed;
                compiled = now;
            }
            calls = count(pace.batchNanos(), windows.isEmpty() ? call : Statistics.median(
                    windows.subList(Math.max(0, windows.size() - GROUP), windows.size())));
        }

        /** How long this JVM has compiled; 0 where it does not say. */
        private static long compilationMillis() {
            return COMPILATION == null || !COMPILATION.isCompilationTimeMonitoringSupported() ? 0
                    : COMPILATION.getTotalCompilationTime();
        }

        void round(Pace pace) {
            // a slow subject stops early: it is not what the others wait for
            if (rounds.size() >= pace.leastRounds() && spent > 2L * pace.rounds() * pace.batchNanos()) {
                return;
            }
            double call = time(calls);
            spent += (long) (call * calls);
            rounds.add(call);
        }

        private static long count(long nanos, double call) {
            return Math.max(1, (long) (nanos / call));
        }
    }

    /**
     * Warms every subject up until it is steady, then lets them take turns; the order is turned round every round.
     *
     * @param subjects the subjects
     * @return what each took, in the same order
     */
    public List<Timing> measure(List<Subject> subjects) {
        List<Turn> turns = subjects.stream().map(Turn::new).toList();
        turns.forEach(turn -> turn.warmUp(pace));
        for (int round = 0; round < pace.rounds(); round++) {
            for (Turn turn : round % 2 == 0 ? turns : turns.reversed()) {
                turn.round(pace);
            }
        }
        return turns.stream().map(turn -> new Timing(turn.rounds, turn.steady)).toList();
    }
}
