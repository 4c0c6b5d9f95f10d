// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.peak;

import io.jquant.bench.measure.Subject;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Subjects that run at the same time, a thread each; a call ends when all have. */
record ParallelSubject(List<Subject> parts, ExecutorService threads) implements Subject {
    static Subject of(List<Subject> parts) {
        return parts.size() == 1 ? parts.getFirst()
                : new ParallelSubject(List.copyOf(parts), Executors.newFixedThreadPool(parts.size()));
    }

    @Override
    public void run() {
        List<Future<?>> running = new ArrayList<>();
        parts.forEach(part -> running.add(threads.submit(part::run)));
        for (Future<?> one : running) {
            try {
                one.get();
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public MemorySegment output() {
        return null;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        parts.forEach(Subject::close);
    }
}
