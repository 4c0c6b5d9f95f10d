// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory of one run, which the values in between share one after the other and later runs use again. Freed with
 * the last reference to it.
 */
final class Scratch {
    private static final int ALIGNMENT = 64;

    private final Arena arena = Arena.ofAuto();
    private final List<MemorySegment> free = new ArrayList<>();

    /** Memory of at least this size, its contents not set. */
    MemorySegment take(long wanted) {
        // a value of a few bytes must find again what it was given
        long bytes = Math.max(wanted, ALIGNMENT);
        int best = -1;
        for (int i = 0; i < free.size(); i++) {
            long size = free.get(i).byteSize();
            if (size >= bytes && (best < 0 || size < free.get(best).byteSize())) {
                best = i;
            }
        }
        // memory more than four times too large waits for a larger value
        if (best >= 0 && free.get(best).byteSize() / 4 <= bytes) {
            return free.remove(best);
        }
        return arena.allocate(bytes, ALIGNMENT);
    }

    void give(MemorySegment memory) {
        free.add(memory);
    }
}
