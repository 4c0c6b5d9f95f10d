// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A piece of memory outside the heap, 64-byte aligned, that all threads may use and that its owner frees. */
final class OffHeap implements AutoCloseable {
    private static final int ALIGNMENT = 64;

    private final Arena arena;
    private final MemorySegment segment;

    @SuppressWarnings("MustBeClosed") // close does it
    OffHeap(long bytes) {
        arena = Arena.ofShared();
        segment = arena.allocate(bytes, ALIGNMENT);
    }

    MemorySegment segment() {
        return segment;
    }

    @Override
    public void close() {
        arena.close();
    }
}
