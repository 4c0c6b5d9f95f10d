// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScratchTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 10, 15, 16, 64, 65, 1000})
    void findsMemoryAgain(long bytes) {
        Scratch scratch = new Scratch();
        MemorySegment first = scratch.take(bytes);
        scratch.give(first);
        assertEquals(first, scratch.take(bytes));
    }
}
