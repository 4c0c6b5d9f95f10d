// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.DataType;
import io.jquant.VectorScoringSpec;
import io.jquant.VectorScoringSpec.Metric;
import io.jquant.spi.VectorScoringKernel;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How scores are cut into calls of machine code; what the code does is tested elsewhere. */
class NativeScoringTest {
    private static final int DIMENSION = 64;
    private static final long ORDINALS = 1L << 40;
    private static final long RESULTS = 1L << 42;

    /** Counts the scores of calls that follow each other; fails where one more is wanted. */
    private static final class Counter implements Machine {
        private final long most;
        private long done;

        Counter(long most) {
            this.most = most;
        }

        @Override
        public void run(MemorySegment code, MemorySegment input, MemorySegment output, MemorySegment third,
                MemorySegment arguments) {
            throw new AssertionError("no kernel of products is wanted");
        }

        @Override
        public long score(MemorySegment code, MemorySegment query, MemorySegment rows, MemorySegment ordinals,
                MemorySegment results, long count, long rowCount, long toNorms) {
            assertEquals(ORDINALS + 4 * done, ordinals.address());
            assertEquals(RESULTS + 4 * done, results.address());
            assertTrue(count >= 0 && count * DIMENSION <= 1 << 20, () -> count + " at a time");
            done += count;
            return done > most ? 1 : 0;
        }
    }

    @BeforeEach
    void assumeExecutable() {
        assumeTrue(NativeCall.whyNot().isEmpty(), NativeCall::whyNot);
    }

    @SuppressWarnings("restricted") // memory that is never there, nor looked at
    private static boolean run(Counter counter, int count) {
        VectorScoringKernel kernel = NativeScoring.of(
                new VectorScoringSpec(DIMENSION, DIMENSION, DataType.S8, Metric.PRODUCT), false, counter);
        return kernel.run(MemorySegment.NULL, MemorySegment.NULL, 1, MemorySegment.ofAddress(ORDINALS)
                .reinterpret(4L * count), count, MemorySegment.ofAddress(RESULTS).reinterpret(4L * count));
    }

    @Test
    void asManyScoresAsAnIntCounts() {
        for (int count : new int[] {0, 1, 16384, 16385, Integer.MAX_VALUE}) {
            Counter counter = new Counter(Long.MAX_VALUE);
            assertTrue(run(counter, count));
            assertEquals(count, counter.done);
        }
    }

    @Test
    void nothingFollowsACallThatFails() {
        Counter counter = new Counter(20000);
        assertFalse(run(counter, 100000));
        assertEquals(2 * 16384, counter.done);
    }
}
