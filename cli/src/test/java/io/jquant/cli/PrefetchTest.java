// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Elements that another thread makes ahead. */
@Timeout(60)
class PrefetchTest {
    private static boolean isReading() {
        return Thread.getAllStackTraces().keySet().stream().anyMatch(t -> t.getName().equals("jquant-prefetch"));
    }

    @Test
    void allElementsComeInOrder() {
        List<Integer> found = new ArrayList<>();
        try (Prefetch<Integer> elements = new Prefetch<>(IntStream.range(0, 1000).iterator())) {
            while (elements.hasNext()) {
                found.add(elements.next());
            }
            assertThrows(NoSuchElementException.class, elements::next);
        }
        assertEquals(IntStream.range(0, 1000).boxed().toList(), found);
        assertFalse(isReading());
    }

    @Test
    void aFewAreMadeAheadAndNoMore() throws InterruptedException {
        AtomicInteger made = new AtomicInteger();
        Iterator<Integer> endless = IntStream.generate(made::incrementAndGet).iterator();
        try (Prefetch<Integer> elements = new Prefetch<>(endless)) {
            assertEquals(1, elements.next());
            // one in hand, two that wait, one that does not fit
            while (made.get() < 4) {
                Thread.sleep(1);
            }
            Thread.sleep(20);
            assertEquals(4, made.get());
        }
        assertFalse(isReading());
    }

    @Test
    void whatGoesWrongComesWhereTheElementWould() {
        IllegalStateException failure = new IllegalStateException("third");
        Iterator<Integer> failing = IntStream.range(0, 5).map(i -> {
            if (i == 2) {
                throw failure;
            }
            return i;
        }).iterator();
        try (Prefetch<Integer> elements = new Prefetch<>(failing)) {
            assertEquals(0, elements.next());
            assertEquals(1, elements.next());
            assertSame(failure, assertThrows(IllegalStateException.class, elements::next));
            assertSame(failure, assertThrows(IllegalStateException.class, elements::hasNext));
        }
        Iterator<Integer> exhausted = IntStream.generate(() -> {
            throw new OutOfMemoryError("too much");
        }).iterator();
        try (Prefetch<Integer> elements = new Prefetch<>(exhausted)) {
            assertTrue(assertThrows(OutOfMemoryError.class, elements::hasNext).getMessage().contains("too much"));
        }
    }
}
