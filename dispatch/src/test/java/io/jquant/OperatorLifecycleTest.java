// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.spi.Numerics;
import io.jquant.spi.UnaryKernel;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closing an operator frees its kernel once, after the last run, and never under one. */
@Timeout(60)
class OperatorLifecycleTest {
    private static final MemorySegment EMPTY = MemorySegment.ofArray(new byte[0]);

    /** A kernel that says when it is run and waits until it may go on. */
    private static final class Gate implements UnaryKernel {
        private final CountDownLatch entered;
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final AtomicInteger closes = new AtomicInteger();

        Gate(int runs) {
            entered = new CountDownLatch(runs);
        }

        @Override
        public void run(long count, MemorySegment input, MemorySegment output) {
            entered.countDown();
            try {
                assertTrue(goOn.await(30, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            assertEquals(0, closes.get(), "freed under a run");
        }

        @Override
        public void close() {
            closes.incrementAndGet();
        }
    }

    private static void assertClosed(Unary operator) {
        assertEquals("Unary is closed",
                assertThrows(IllegalStateException.class, () -> operator.run(0, EMPTY, EMPTY)).getMessage());
    }

    @Test
    void closingFreesAtOnceWhereNothingRuns() {
        Gate kernel = new Gate(1);
        Unary operator = new Unary(kernel);
        operator.close();
        assertEquals(1, kernel.closes.get());
        assertClosed(operator);
        operator.close();
        assertClosed(operator);
        assertEquals(1, kernel.closes.get());
    }

    @Test
    void closingWhileRunsAreInProgressFreesAfterTheLast() throws Exception {
        Gate kernel = new Gate(3);
        Unary operator = new Unary(kernel);
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<?>> runs = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                runs.add(threads.submit(() -> operator.run(0, EMPTY, EMPTY)));
            }
            assertTrue(kernel.entered.await(30, TimeUnit.SECONDS));
            operator.close();
            assertEquals(0, kernel.closes.get());
            assertClosed(operator);
            operator.close();
            assertEquals(0, kernel.closes.get());
            kernel.goOn.countDown();
            for (Future<?> run : runs) {
                run.get();
            }
        }
        assertEquals(1, kernel.closes.get());
        assertClosed(operator);
        assertEquals(1, kernel.closes.get());
    }

    @Test
    void aRunThatFailsLeaves() {
        AtomicInteger closes = new AtomicInteger();
        Unary operator = new Unary(new UnaryKernel() {
            @Override
            public void run(long count, MemorySegment input, MemorySegment output) {
                throw new ArithmeticException("of the kernel");
            }

            @Override
            public void close() {
                closes.incrementAndGet();
            }
        });
        assertThrows(ArithmeticException.class, () -> operator.run(0, EMPTY, EMPTY));
        operator.close();
        assertEquals(1, closes.get());
    }

    @Test
    void closingFromWithinARunFreesAfterIt() {
        AtomicInteger closes = new AtomicInteger();
        Unary[] self = new Unary[1];
        self[0] = new Unary(new UnaryKernel() {
            @Override
            public void run(long count, MemorySegment input, MemorySegment output) {
                self[0].close();
                assertEquals(0, closes.get());
            }

            @Override
            public void close() {
                closes.incrementAndGet();
            }
        });
        self[0].run(0, EMPTY, EMPTY);
        assertEquals(1, closes.get());
    }

    @Test
    void manyThreadsRunAndCloseAtOnce() throws Exception {
        int threads = 8;
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int round = 0; round < 2_000; round++) {
                AtomicInteger closes = new AtomicInteger();
                AtomicInteger freedUnderRun = new AtomicInteger();
                Unary operator = new Unary(new UnaryKernel() {
                    @Override
                    public void run(long count, MemorySegment input, MemorySegment output) {
                        freedUnderRun.addAndGet(closes.get());
                        Thread.onSpinWait();
                        freedUnderRun.addAndGet(closes.get());
                    }

                    @Override
                    public void close() {
                        closes.incrementAndGet();
                    }
                });
                race(pool, threads, operator, round);
                assertEquals(0, freedUnderRun.get(), "round " + round);
                assertEquals(1, closes.get(), "round " + round);
            }
        }
    }

    /** Lets two threads close after some runs, and the others run until they are refused. */
    private static void race(ExecutorService pool, int threads, Unary operator, int round) throws Exception {
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int runs = thread < 2 ? round % 50 : Integer.MAX_VALUE;
            tasks.add(() -> {
                start.await();
                int done = 0;
                try {
                    while (done < runs) {
                        operator.run(0, EMPTY, EMPTY);
                        done++;
                    }
                } catch (IllegalStateException e) {
                    assertEquals("Unary is closed", e.getMessage());
                }
                operator.close();
                return done;
            });
        }
        for (Future<Integer> task : pool.invokeAll(tasks)) {
            task.get();
        }
    }

    @Test
    void anEngineClosesItsBackendOnceAndRefusesToPrepareMore() {
        StubBackend backend = new StubBackend(Numerics.QNNPACK);
        Engine engine = StubBackend.engine(backend);
        Unary operator = engine.unary(new UnarySpec(new UnaryFunction.Tanh(), Specs.U8, Specs.U8));
        engine.close();
        engine.close();
        assertEquals(1, backend.closes());
        operator.run(0, EMPTY, EMPTY);
        assertEquals(1, backend.runs());
        assertEquals(Numerics.QNNPACK, engine.numerics());
        assertEquals("stub", engine.name());
        assertEquals("engine stub is closed", assertThrows(IllegalStateException.class,
                () -> engine.matmul(new MatmulSpec(Specs.U8, Specs.U8, Specs.TO_F32))).getMessage());
        assertThrows(IllegalStateException.class,
                () -> engine.chooseParameters(0, 1, ParameterChoice.affine(DataType.U8)));
    }
}
