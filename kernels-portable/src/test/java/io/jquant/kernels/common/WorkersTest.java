// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkersTest {
    private final ScratchPool pool = new ScratchPool((shape, stage) -> {
        throw new AssertionError("no kernel is wanted");
    });

    private void runsEachTaskOnce(Workers workers, int tasks) {
        AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
        Scratch scratch = pool.borrow();
        workers.run((task, mine) -> runs.incrementAndGet(task), tasks, scratch);
        pool.giveBack(scratch);
        for (int task = 0; task < tasks; task++) {
            assertEquals(1, runs.get(task), "runs of task " + task);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void runsEachTaskOnceOnItsOwnThreads(int threads) {
        try (Workers workers = new Workers(threads, null, pool)) {
            for (int i = 0; i < 2000; i++) {
                runsEachTaskOnce(workers, i % 20);
            }
        }
    }

    @Test
    void helpersTakePart() throws InterruptedException {
        // two tasks that wait for each other need two threads
        CountDownLatch both = new CountDownLatch(2);
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        try (Workers workers = new Workers(2, null, pool)) {
            workers.run((task, scratch) -> {
                seen.add(Thread.currentThread());
                both.countDown();
                await(both);
            }, 2, pool.borrow());
        }
        assertEquals(2, seen.size());
        assertTrue(seen.contains(Thread.currentThread()));
        for (Thread thread : seen) {
            assertEquals(thread == Thread.currentThread(), thread.isAlive(), thread.getName());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void doesTheWorkOfAnExecutorThatRejects() {
        Executor rejects = task -> {
            throw new RejectedExecutionException("full");
        };
        try (Workers workers = new Workers(4, rejects, pool)) {
            runsEachTaskOnce(workers, 50);
        }
    }

    @Test
    void doesTheWorkOfAnExecutorThatStalls() {
        List<Runnable> stalled = new ArrayList<>();
        try (Workers workers = new Workers(4, stalled::add, pool)) {
            runsEachTaskOnce(workers, 50);
            assertEquals(3, stalled.size());
            // they come too late, and to a batch that may be in use again
            stalled.forEach(Runnable::run);
            runsEachTaskOnce(workers, 50);
        }
    }

    @Test
    void runsOnTheCallersThreadWhereTheExecutorDoes() {
        try (Workers workers = new Workers(4, Runnable::run, pool)) {
            runsEachTaskOnce(workers, 50);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 19})
    void throwsWhatATaskThrows(int failing) {
        IllegalStateException thrown = new IllegalStateException("task");
        try (Workers workers = new Workers(3, null, pool)) {
            for (int i = 0; i < 200; i++) {
                assertSame(thrown, assertThrows(IllegalStateException.class, () -> workers.run((task, scratch) -> {
                    if (task == failing) {
                        throw thrown;
                    }
                }, 20, pool.borrow())));
            }
            runsEachTaskOnce(workers, 20);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void doesWithTheThreadsThatTheSystemGrants(int granted) {
        AtomicInteger made = new AtomicInteger();
        try (Workers workers = new Workers(4, null, work -> made.getAndIncrement() < granted ? new Thread(work)
                : new Thread(work) {
                    @Override
                    public void start() {
                        throw new OutOfMemoryError("a test's");
                    }
                }, pool)) {
            for (int i = 0; i < 20; i++) {
                runsEachTaskOnce(workers, 20);
            }
            assertEquals(granted + 1, made.get(), "asked once more than granted, and never again");
        }
    }

    @Test
    void doesTheWorkOfAnExecutorThatGetsNoThread() {
        Executor without = task -> {
            throw new OutOfMemoryError("a test's");
        };
        try (Workers workers = new Workers(4, without, pool)) {
            runsEachTaskOnce(workers, 20);
        }
    }

    @Test
    void goesOnAloneOnceClosed() {
        Workers workers = new Workers(3, null, pool);
        runsEachTaskOnce(workers, 20);
        workers.close();
        assertEquals(1, workers.count());
        runsEachTaskOnce(workers, 20);
        assertFalse(Thread.getAllStackTraces().keySet().stream().anyMatch(
                thread -> thread.getName().startsWith("jquant-")));
    }

    @Test
    void manyCallersShareTheThreads() throws InterruptedException {
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        try (Workers workers = new Workers(3, null, pool)) {
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                callers.add(Thread.ofVirtual().uncaughtExceptionHandler((thread, e) -> failures.add(e)).start(() -> {
                    for (int j = 0; j < 100; j++) {
                        runsEachTaskOnce(workers, 10);
                    }
                }));
            }
            for (Thread caller : callers) {
                caller.join();
            }
        }
        assertEquals(List.of(), List.copyOf(failures));
    }
}
