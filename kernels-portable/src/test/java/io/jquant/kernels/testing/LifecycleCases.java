// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.Bias;
import io.jquant.DataType;
import io.jquant.EmbeddingBagSpec;
import io.jquant.EngineOptions;
import io.jquant.Epilogue;
import io.jquant.LinearSpec;
import io.jquant.PackedEmbeddingBag;
import io.jquant.PackedLinear;
import io.jquant.QuantizationParameters;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closing, before, during and after runs, and runs at the same time. */
@Timeout(60)
public abstract class LifecycleCases extends EngineCases {
    private static final int FEATURES = 256;

    protected LifecycleCases(EngineOptions options) {
        super(options);
    }

    private PackedLinear ones() {
        QuantizationParameters one = QuantizationParameters.perTensor(DataType.S8, 1, 0);
        byte[] weights = new byte[FEATURES * FEATURES];
        Arrays.fill(weights, (byte) 1);
        return engine().linear(new LinearSpec(FEATURES, FEATURES, one, one, Epilogue.accumulators()),
                MemorySegment.ofArray(weights), Bias.none());
    }

    private static void runOnce(PackedLinear linear, int value) {
        byte[] input = new byte[FEATURES * 4];
        Arrays.fill(input, (byte) value);
        int[] output = new int[FEATURES * 4];
        linear.run(4, MemorySegment.ofArray(input), MemorySegment.ofArray(output));
        int[] expected = new int[FEATURES * 4];
        Arrays.fill(expected, FEATURES * value);
        assertEquals(-1, Arrays.mismatch(expected, output), "value " + value);
    }

    @Test
    void refusesUseAfterClose() {
        PackedLinear linear = ones();
        runOnce(linear, 1);
        linear.close();
        String message = assertThrows(IllegalStateException.class, () -> runOnce(linear, 1)).getMessage();
        assertEquals("PackedLinear is closed", message);
        linear.close();
        assertThrows(IllegalStateException.class, () -> runOnce(linear, 1));
    }

    @Test
    void outlivesItsEngine() {
        try (PackedLinear linear = ones()) {
            engine().close();
            runOnce(linear, 3);
        }
    }

    @Test
    void runsInManyThreadsAtOnce() throws Exception {
        try (PackedLinear linear = ones(); ExecutorService threads = Executors.newFixedThreadPool(4)) {
            Callable<Void> work = () -> {
                for (int value = -20; value < 20; value++) {
                    runOnce(linear, value);
                }
                return null;
            };
            for (Future<Void> done : threads.invokeAll(Collections.nCopies(4, work))) {
                done.get();
            }
        }
    }

    @Test
    void finishesRunsThatHadBegunWhenClosed() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < 20; round++) {
                PackedLinear linear = ones();
                CountDownLatch begun = new CountDownLatch(2);
                Callable<Void> untilClosed = () -> {
                    runOnce(linear, 2);
                    begun.countDown();
                    assertThrows(IllegalStateException.class, () -> {
                        while (true) {
                            runOnce(linear, 2);
                        }
                    });
                    return null;
                };
                Future<Void> first = threads.submit(untilClosed);
                Future<Void> second = threads.submit(untilClosed);
                assertTrue(begun.await(30, TimeUnit.SECONDS));
                linear.close();
                linear.close();
                first.get();
                second.get();
            }
        }
    }

    @Test
    void finishesRunsOnMemoryOffTheHeapWhenClosed() throws Exception {
        MemorySegment table = MemorySegment.ofArray(new byte[12]);
        MemorySegment indices = MemorySegment.ofArray(new long[2000]);
        MemorySegment offsets = MemorySegment.ofArray(new long[] {0, 2000});
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            for (int round = 0; round < 20; round++) {
                PackedEmbeddingBag bag = engine().embeddingBag(new EmbeddingBagSpec(8, 1, 4, false), table);
                CountDownLatch begun = new CountDownLatch(1);
                Future<?> done = threads.submit(() -> assertThrows(IllegalStateException.class, () -> {
                    while (true) {
                        bag.run(1, indices, offsets, null, MemorySegment.ofArray(new float[4]));
                        begun.countDown();
                    }
                }));
                assertTrue(begun.await(30, TimeUnit.SECONDS));
                bag.close();
                assertEquals("PackedEmbeddingBag is closed",
                        ((IllegalStateException) done.get()).getMessage());
            }
        }
    }
}
