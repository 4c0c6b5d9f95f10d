// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench;

import com.sun.management.ThreadMXBean;
import io.jquant.bench.measure.Subject;
import io.jquant.bench.work.BenchCase;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Bytes that a call allocates on the heap, once it is compiled: what JMH's {@code -prof gc} calls B/op. */
final class Allocations {
    private static final long WARM_UP = TimeUnit.MILLISECONDS.toNanos(700);
    private static final long MEASURED = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int MOST_CALLS = 1000;

    private final PrintWriter out;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    Allocations(PrintWriter out) {
        this.out = out;
    }

    /** Prints a line for every lane and case; whether all allocate nothing. */
    boolean check(List<Lane> lanes, List<BenchCase> cases) {
        boolean none = true;
        for (BenchCase each : cases) {
            for (Lane lane : lanes) {
                try (Subject subject = each.work().on(lane.engine())) {
                    double bytes = measure(subject);
                    none &= bytes < 1;
                    out.printf(Locale.ROOT, "%-40s %-32s %10.1f B/op%n", each, lane, bytes);
                } catch (UnsupportedOperationException e) {
                    out.println("SKIPPED  " + each + " on " + lane + ": " + e.getMessage());
                }
                out.flush();
            }
        }
        out.println(none ? "nothing is allocated in steady state" : "something is allocated in steady state");
        out.flush();
        return none;
    }

    private double measure(Subject subject) {
        long start = System.nanoTime();
        long calls = 0;
        while (System.nanoTime() - start < WARM_UP || calls < 20) {
            subject.run();
            calls++;
        }
        long count = Math.clamp(calls * MEASURED / WARM_UP, 5, MOST_CALLS);
        // asking twice: the question itself must not be what is counted
        long thread = Thread.currentThread().threadId();
        long before = threads.getThreadAllocatedBytes(thread);
        long own = threads.getThreadAllocatedBytes(thread) - before;
        before = threads.getThreadAllocatedBytes(thread);
        for (long i = 0; i < count; i++) {
            subject.run();
        }
        long after = threads.getThreadAllocatedBytes(thread);
        return Math.max(0, after - before - own) / (double) count;
    }
}
