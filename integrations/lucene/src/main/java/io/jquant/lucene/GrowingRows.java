// SPDX-License-Identifier: Apache-2.0
package io.jquant.lucene;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.AbstractList;

/** Rows in one piece of memory outside the heap, which doubles when it is full; as a list, copies of them. */
final class GrowingRows extends AbstractList<byte[]> implements Rows {
    private static final int FIRST_ROWS = 16;
    private static final int ALIGNMENT = 64;

    private final int dimension;
    private MemorySegment segment;
    private int count;

    GrowingRows(int dimension) {
        this.dimension = dimension;
        segment = allocate((long) FIRST_ROWS * dimension);
    }

    /** Freed by the garbage collector: Lucene does not say when a writer that it gives up is closed. */
    private static MemorySegment allocate(long bytes) {
        return Arena.ofAuto().allocate(bytes, ALIGNMENT);
    }

    int dimension() {
        return dimension;
    }

    @Override
    public boolean add(byte[] vector) {
        long at = (long) count * dimension;
        if (at + dimension > segment.byteSize()) {
            segment = allocate(2 * segment.byteSize()).copyFrom(segment);
        }
        MemorySegment.copy(vector, 0, segment, ValueLayout.JAVA_BYTE, at, dimension);
        count++;
        return true;
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public byte[] get(int index) {
        return segment.asSlice((long) index * dimension, dimension).toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public int size() {
        return count;
    }
}
