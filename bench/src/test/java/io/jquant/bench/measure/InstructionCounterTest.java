// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.measure;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.jquant.bench.measure.InstructionCounter.Event;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class InstructionCounterTest {
    @Test
    void countsPagesThatTheThreadTouchesFirst() {
        try (InstructionCounter counter = open(Event.PAGE_FAULTS); Arena arena = Arena.ofConfined()) {
            long before = counter.count();
            // zeroes are written to it
            arena.allocate(64 << 20);
            long after = counter.count();
            assertTrue(after > before, () -> before + ", then " + after);
        }
    }

    @Test
    void countsMoreInstructionsOfMoreWork() {
        try (InstructionCounter counter = open(Event.INSTRUCTIONS)) {
            long start = counter.count();
            work(1_000);
            long little = counter.count() - start;
            work(10_000_000);
            long much = counter.count() - start - little;
            assertTrue(much > little, () -> little + " and " + much + " instructions");
        }
    }

    private static void work(int steps) {
        double sum = 0;
        for (int i = 0; i <= steps; i++) {
            sum += Math.sqrt(i);
        }
        assertTrue(sum > 0);
    }

    private static InstructionCounter open(Event event) {
        try {
            return InstructionCounter.open(event);
        } catch (UnsupportedOperationException e) {
            return abort(e.getMessage());
        }
    }
}
