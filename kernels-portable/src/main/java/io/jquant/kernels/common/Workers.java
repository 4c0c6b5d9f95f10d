// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Spreads the tasks of a call over threads: the caller's own, and those of an {@link Executor} or daemon threads that
 * are started when first needed. The caller takes part and never waits for a thread that has not begun, so that an
 * executor that rejects or stalls, or a system that grants no more threads, only means that the caller does the work
 * alone.
 */
final class Workers implements AutoCloseable {
    private static final int BATCHES = 16;
    private static final int SPINS = 200;

    /** Never started: stands for every thread but the caller's. */
    private static final Thread ANOTHER = new Thread("jquant");

    private final int helpers;
    private final Executor executor;
    private final ThreadFactory factory;
    private final ScratchPool pool;
    private final AtomicReferenceArray<TaskBatch> batches = new AtomicReferenceArray<>(BATCHES);
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean started;
    private volatile boolean closed;

    /** What is done for every task. */
    @FunctionalInterface
    interface Job {
        void run(int task, Scratch scratch);
    }

    /**
     * @param threads how many threads may work on one call, the caller's included
     * @param executor who runs the others; null for threads of its own
     * @param pool where threads get their scratch memory from
     */
    Workers(int threads, Executor executor, ScratchPool pool) {
        this(threads, executor, null, pool);
    }

    /** As above, with who makes threads of its own; null for daemon threads, made when first needed. */
    Workers(int threads, Executor executor, ThreadFactory factory, ScratchPool pool) {
        this.helpers = threads - 1;
        this.executor = executor;
        this.factory = factory;
        this.pool = pool;
    }

    /** {@return whether memory may be used by threads other than the caller's; none may} */
    static boolean isShareable(MemorySegment segment) {
        return segment == null || segment.isAccessibleBy(ANOTHER);
    }

    /** {@return how many threads may work on one call} */
    int count() {
        return closed ? 1 : helpers + 1;
    }

    /** Runs a job for every task, on this thread alone. */
    static void runAlone(Job job, int tasks, Scratch scratch) {
        for (int task = 0; task < tasks; task++) {
            job.run(task, scratch);
        }
    }

    /** Runs a job for every task and returns when all are done. What a task throws is thrown here. */
    void run(Job job, int tasks, Scratch scratch) {
        TaskBatch batch = tasks > 1 && helpers > 0 && !closed ? reserve() : null;
        if (batch == null) {
            runAlone(job, tasks, scratch);
            return;
        }
        int wanted = Math.min(helpers, tasks - 1);
        batch.open(job, tasks, wanted);
        try {
            call(batch, wanted);
        } finally {
            batch.finish(scratch);
        }
    }

    private TaskBatch reserve() {
        for (int i = 0; i < BATCHES; i++) {
            TaskBatch batch = batches.get(i);
            if (batch == null) {
                TaskBatch fresh = new TaskBatch(pool);
                batch = batches.compareAndSet(i, null, fresh) ? fresh : batches.get(i);
            }
            if (batch.reserve()) {
                return batch;
            }
        }
        return null;
    }

    private void call(TaskBatch batch, int wanted) {
        if (executor == null) {
            start();
            for (int i = 0; i < wanted && i < threads.size(); i++) {
                LockSupport.unpark(threads.get(i));
            }
            return;
        }
        try {
            for (int i = 0; i < wanted; i++) {
                executor.execute(batch);
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            // most likely RejectedExecutionException: then this thread does what is left
            System.getLogger(Workers.class.getName()).log(System.Logger.Level.DEBUG, "executor refuses work", e);
        }
    }

    private void start() {
        if (!started) {
            startOnce();
        }
    }

    private synchronized void startOnce() {
        if (!started && !closed) {
            ThreadFactory maker = factory == null ? Thread.ofPlatform().daemon().name("jquant-", 1).factory() : factory;
            try {
                for (int i = 0; i < helpers; i++) {
                    Thread thread = maker.newThread(this::help);
                    thread.start();
                    threads.add(thread);
                }
            } catch (OutOfMemoryError e) {
                // what a thread too many is told: those that the system granted have to do
                System.getLogger(Workers.class.getName()).log(System.Logger.Level.WARNING,
                        "jquant runs on {0} of {1} threads: {2}", threads.size() + 1, helpers + 1, e.getMessage());
            } finally {
                started = true;
            }
        }
    }

    private void help() {
        while (!closed) {
            if (!helpAny()) {
                LockSupport.park(this);
            }
        }
    }

    private boolean helpAny() {
        for (int spin = 0; spin < SPINS; spin++) {
            for (int i = 0; i < BATCHES; i++) {
                TaskBatch batch = batches.get(i);
                if (batch != null && batch.help()) {
                    return true;
                }
            }
            Thread.onSpinWait();
        }
        return false;
    }

    /** Ends the threads once they have done what they had begun. Calls go on without them. */
    @Override
    public void close() {
        List<Thread> mine;
        synchronized (this) {
            closed = true;
            mine = List.copyOf(threads);
        }
        boolean interrupted = false;
        for (Thread thread : mine) {
            LockSupport.unpark(thread);
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
