// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Memory that values share one after the other. Each piece is freed with the last reference to it. */
final class Scratch {
    private static final int ALIGNMENT = 64;

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
        return best >= 0 && free.get(best).byteSize() / 4 <= bytes ? free.remove(best) : fresh(bytes);
    }

    /** The same, never used before; larger than asked for, so that sizes that grow step by step seldom want another. */
    static MemorySegment fresh(long bytes) {
        return Arena.ofAuto().allocate(Math.max(bytes + bytes / 8, ALIGNMENT), ALIGNMENT);
    }

    void give(MemorySegment memory) {
        free.add(memory);
    }
}
