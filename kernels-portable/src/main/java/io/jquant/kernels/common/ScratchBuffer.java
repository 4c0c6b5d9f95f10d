// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/** Off-heap memory for one purpose, which grows to what is asked for and is overwritten by its next use. */
public final class ScratchBuffer {
    private static final long PAGE = 4096;

    private OffHeap memory;

    ScratchBuffer() {
    }

    /**
     * The memory, of any contents.
     *
     * @param bytes how much at least
     * @return the memory, 64-byte aligned, valid until more of it is asked for
     */
    public MemorySegment atLeast(long bytes) {
        if (memory == null || memory.segment().byteSize() < bytes) {
            grow(bytes);
        }
        return memory.segment();
    }

    private void grow(long bytes) {
        long before = memory == null ? 0 : memory.segment().byteSize();
        free();
        memory = new OffHeap(Math.ceilDiv(Math.max(bytes, before + before / 2), PAGE) * PAGE);
    }

    void free() {
        if (memory != null) {
            memory.close();
            memory = null;
        }
    }
}
