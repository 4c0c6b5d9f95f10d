// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench;

import com.sun.management.ThreadMXBean;
import io.jquant.bench.measure.InstructionCounter;
import io.jquant.bench.measure.Subject;
import io.jquant.bench.work.BenchCase;
import io.jquant.cli.UsageException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What a call costs once it is compiled, counted rather than timed: other work on the machine does not change it. */
final class CallCosts {
    private static final long WARM_UP = TimeUnit.MILLISECONDS.toNanos(700);
    private static final long MEASURED = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int MOST_CALLS = 1000;

    private final PrintWriter out;
    private final List<Lane> lanes;
    private final List<BenchCase> cases;

    CallCosts(PrintWriter out, List<Lane> lanes, List<BenchCase> cases) {
        this.out = out;
        this.lanes = lanes;
        this.cases = cases;
    }

    /** Prints bytes that the calling thread allocates in a call; whether all allocate nothing. */
    boolean allocations() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().threadId();
        boolean none = print(() -> threads.getThreadAllocatedBytes(thread), "B/op") < 1;
        out.println(none ? "nothing is allocated in steady state" : "something is allocated in steady state");
        out.flush();
        return none;
    }

    /**
     * Prints instructions that the calling thread executes in a call, of machine code and Java together.
     *
     * @throws UnsupportedOperationException if this machine does not count them
     */
    void instructions() {
        try (InstructionCounter counter = InstructionCounter.open(InstructionCounter.Event.INSTRUCTIONS)) {
            print(counter::count, "instructions/op");
        }
    }

    /** Prints a line for every lane and case; the largest of what was counted. That nothing ran proves nothing. */
    private double print(LongSupplier counter, String unit) {
        double most = Double.NEGATIVE_INFINITY;
        for (BenchCase each : cases) {
            for (Lane lane : lanes) {
                try (Subject subject = each.work().on(lane.engine())) {
                    double count = measure(subject, counter);
                    most = Math.max(most, count);
                    out.printf(Locale.ROOT, "%-40s %-32s %10.1f %s%n", each, lane, count, unit);
                } catch (UnsupportedOperationException e) {
                    out.println("SKIPPED  " + each + " on " + lane + ": " + e.getMessage());
                }
                out.flush();
            }
        }
        if (most < 0) {
            throw new UsageException("nothing that was asked for can run here");
        }
        return most;
    }

    private static double measure(Subject subject, LongSupplier counter) {
        long start = System.nanoTime();
        long calls = 0;
        while (System.nanoTime() - start < WARM_UP || calls < 20) {
            subject.run();
            calls++;
        }
        long count = Math.clamp(calls * MEASURED / WARM_UP, 5, MOST_CALLS);
        // asking twice: the question itself must not be what is counted
        long before = counter.getAsLong();
        long own = counter.getAsLong() - before;
        before = counter.getAsLong();
        for (long i = 0; i < count; i++) {
            subject.run();
        }
        return Math.max(0, counter.getAsLong() - before - own) / (double) count;
    }
}
