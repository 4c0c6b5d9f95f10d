// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A piece of memory outside the heap, 64-byte aligned, that all threads may use and that its owner frees. */
final class OffHeap implements AutoCloseable {
    static final int ALIGNMENT = 64;

    private final MemorySegment segment;
    private final Arena arena;
    private final Runnable release;

    @SuppressWarnings("MustBeClosed") // close does it
    OffHeap(long bytes) {
        arena = Arena.ofShared();
        segment = arena.allocate(bytes, ALIGNMENT);
        release = null;
    }

    /** Somebody else's memory, and how to give it back. */
    OffHeap(MemorySegment memory, Runnable release) {
        this.segment = memory;
        this.arena = null;
        this.release = release;
    }

    MemorySegment segment() {
        return segment;
    }

    @Override
    public void close() {
        if (arena != null) {
            arena.close();
        } else {
            release.run();
        }
    }
}
