// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MatrixBatchTest {
    private static final String APART = ": must be at least one output matrix, or one row within the output's stride";

    private static MatrixBatch output(long batch, int m, int n, long outputBatch, long output) {
        return new MatrixBatch(batch, m, 1, n, 0, 1, 0, n, outputBatch, output);
    }

    static Stream<Refusal> refusals() {
        return Stream.of(
                Refusal.of("batch = -1: must be 0 or more", () -> MatrixBatch.contiguous(-1, 1, 1, 1)),
                Refusal.of("m = -1: must be 0 or more", () -> MatrixBatch.contiguous(1, -1, 1, 1)),
                Refusal.of("k = 0: must be above 0", () -> MatrixBatch.contiguous(1, 1, 0, 1)),
                Refusal.of("n = 0: must be above 0", () -> MatrixBatch.contiguous(1, 1, 1, 0)),
                Refusal.of("k = 33026: must be at most 33025, so that int32 sums are exact",
                        () -> MatrixBatch.contiguous(1, 1, 33_026, 1)),
                Refusal.of("left = 2: must be at least k, 3", () -> new MatrixBatch(1, 1, 3, 4, 0, 2, 0, 4, 4, 4)),
                Refusal.of("right = 3: must be at least n, 4", () -> new MatrixBatch(1, 1, 3, 4, 0, 3, 0, 3, 4, 4)),
                Refusal.of("output = 3: must be at least n, 4", () -> new MatrixBatch(1, 1, 3, 4, 0, 3, 0, 4, 4, 3)),
                Refusal.of("leftBatch = -1: must be 0 or more",
                        () -> new MatrixBatch(1, 1, 3, 4, -1, 3, 0, 4, 4, 4)),
                Refusal.of("rightBatch = -1: must be 0 or more",
                        () -> new MatrixBatch(1, 1, 3, 4, 0, 3, -1, 4, 4, 4)),
                Refusal.of("outputBatch = -1: must be 0 or more", () -> output(1, 1, 4, -1, 4)),
                Refusal.of("outputBatch = 0" + APART, () -> output(2, 1, 4, 0, 4)),
                Refusal.of("outputBatch = 11" + APART, () -> output(2, 3, 4, 11, 4)),
                Refusal.of("outputBatch = 3" + APART, () -> output(2, 3, 4, 3, 100)),
                Refusal.of("outputBatch = 4" + APART, () -> output(3, 3, 4, 4, 11)),
                Refusal.of("output = 2147483646 * 9223372036854775807: must be below 2^63",
                        () -> output(2, Integer.MAX_VALUE, 1, 5, Long.MAX_VALUE)));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refuses(Refusal refusal) {
        refusal.check();
    }

    @Test
    void operandsThatAreEmptyTakeNoMemory() {
        MatrixBatch none = MatrixBatch.contiguous(0, 5, 6, 7);
        assertEquals(0, none.leftElements());
        assertEquals(0, none.rightElements());
        assertEquals(0, none.outputElements());
        MatrixBatch noRows = MatrixBatch.contiguous(4, 0, 6, 7);
        assertEquals(0, noRows.leftElements());
        assertEquals(4 * 6 * 7, noRows.rightElements());
        assertEquals(0, noRows.outputElements());
    }

    @Test
    void whatDoesNotFitALongIsRefusedWhenItIsUsed() {
        MatrixBatch shape = new MatrixBatch(3, 1, 1, 1, Long.MAX_VALUE, 1, Long.MAX_VALUE / 2, 1, Long.MAX_VALUE, 1);
        assertEquals("left = 2 * 9223372036854775807: must be below 2^63",
                assertThrows(IllegalArgumentException.class, shape::leftElements).getMessage());
        assertEquals(Long.MAX_VALUE, shape.rightElements());
        assertThrows(IllegalArgumentException.class, shape::outputElements);
    }

    @Test
    void elementsReachToTheLastAndOutputsNeverOverlap() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int accepted = 0;
        for (int round = 0; round < 20_000; round++) {
            int batch = random.nextInt(5);
            int m = random.nextInt(5);
            int n = 1 + random.nextInt(4);
            int outputBatch = random.nextInt(30);
            int output = n + random.nextInt(20);
            String what = batch + " of " + m + "x" + n + " at " + outputBatch + ", " + output + ", seed " + seed;
            Set<Long> elements = new HashSet<>();
            long last = -1;
            for (int i = 0; i < batch * m * n; i++) {
                long at = (long) (i / (m * n)) * outputBatch + (long) (i / n % m) * output + i % n;
                elements.add(at);
                last = Math.max(last, at);
            }
            MatrixBatch shape;
            try {
                shape = output(batch, m, n, outputBatch, output);
            } catch (IllegalArgumentException e) {
                continue;
            }
            accepted++;
            assertEquals(batch * m * n, elements.size(), what);
            assertEquals(last + 1, shape.outputElements(), what);
        }
        assertTrue(accepted > 5_000, "accepted " + accepted + ", seed " + seed);
    }

    @Test
    void headsOfAttentionMayTakeTurns() {
        MatrixBatch heads = new MatrixBatch(8, 10, 64, 32, 64, 512, 32, 256, 32, 256);
        assertEquals(7 * 64 + 9 * 512 + 64, heads.leftElements());
        assertEquals(7 * 32 + 63 * 256 + 32, heads.rightElements());
        assertEquals(7 * 32 + 9 * 256 + 32, heads.outputElements());
    }
}
