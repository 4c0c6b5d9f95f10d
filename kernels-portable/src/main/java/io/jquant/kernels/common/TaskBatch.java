// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The tasks of one call, which helpers may enter while it is open. Used again for later calls: a helper that comes late
 * finds it closed, or helps with the call that has it now.
 */
final class TaskBatch implements Runnable {
    private static final int CLOSED = Integer.MIN_VALUE;
    private static final int SPINS = 1000;

    private final ScratchPool pool;
    private final AtomicBoolean reserved = new AtomicBoolean();
    /** Helpers inside, or CLOSED. Writing it publishes what is below, entering reads it. */
    private final AtomicInteger inside = new AtomicInteger(CLOSED);
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private Workers.Job job;
    private int tasks;
    private int mostHelpers;
    private volatile Thread waiting;

    TaskBatch(ScratchPool pool) {
        this.pool = pool;
    }

    boolean reserve() {
        return !reserved.get() && reserved.compareAndSet(false, true);
    }

    void open(Workers.Job newJob, int newTasks, int helpers) {
        job = newJob;
        tasks = newTasks;
        mostHelpers = helpers;
        next.set(0);
        failure.set(null);
        inside.set(0);
    }

    /** Works on the tasks, waits for those inside, closes; throws what a task threw. */
    void finish(Scratch scratch) {
        work(scratch);
        waitForHelpers();
        Throwable thrown = failure.get();
        job = null;
        reserved.set(false);
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private void waitForHelpers() {
        int spins = 0;
        while (!inside.compareAndSet(0, CLOSED)) {
            if (++spins < SPINS) {
                Thread.onSpinWait();
            } else {
                waiting = Thread.currentThread();
                if (inside.get() > 0) {
                    LockSupport.park(this);
                }
                waiting = null;
            }
        }
    }

    private void work(Scratch scratch) {
        try {
            for (int task = next.getAndIncrement(); task < tasks; task = next.getAndIncrement()) {
                job.run(task, scratch);
            }
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
            next.set(tasks);
        }
    }

    /** {@return whether there was something to do} */
    boolean help() {
        int before = inside.get();
        if (before < 0 || next.get() >= tasks || before >= mostHelpers || !inside.compareAndSet(before, before + 1)) {
            return false;
        }
        try {
            Scratch scratch = pool.borrow();
            try {
                work(scratch);
            } finally {
                pool.giveBack(scratch);
            }
        } finally {
            if (inside.decrementAndGet() == 0) {
                LockSupport.unpark(waiting);
            }
        }
        return true;
    }

    @Override
    public void run() {
        help();
    }
}
