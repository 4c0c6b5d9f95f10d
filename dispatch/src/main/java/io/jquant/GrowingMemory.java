// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Bytes outside the heap, filled from a stream; never much more memory than bytes that have come. */
final class GrowingMemory implements AutoCloseable {
    private Arena arena;
    private MemorySegment memory;
    private long length;

    // closed by close()
    @SuppressWarnings("MustBeClosedChecker")
    GrowingMemory(long capacity) {
        // shared: an engine may pack with several threads
        arena = Arena.ofShared();
        try {
            memory = arena.allocate(capacity, 64);
        } catch (OutOfMemoryError e) {
            arena.close();
            throw e;
        }
    }

    /** Reads up to {@code bytes} bytes and returns how many there were. */
    long fill(InputStream in, long bytes) throws IOException {
        byte[] chunk = new byte[(int) Math.min(OperatorWriter.CHUNK, bytes)];
        while (length < bytes) {
            int read = in.readNBytes(chunk, 0, (int) Math.min(chunk.length, bytes - length));
            if (read == 0) {
                break;
            }
            reserve(length + read, bytes);
            MemorySegment.copy(MemorySegment.ofArray(chunk), 0, memory, length, read);
            length += read;
        }
        return length;
    }

    private void reserve(long needed, long most) {
        if (needed <= memory.byteSize()) {
            return;
        }
        GrowingMemory larger = new GrowingMemory(Math.min(most, Math.max(needed, 2 * memory.byteSize())));
        MemorySegment.copy(memory, 0, larger.memory, 0, length);
        arena.close();
        arena = larger.arena;
        memory = larger.memory;
    }

    MemorySegment contents() {
        return memory.asSlice(0, length).asReadOnly();
    }

    @Override
    public void close() {
        arena.close();
    }
}
