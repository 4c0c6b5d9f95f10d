// SPDX-License-Identifier: Apache-2.0
package io.jquant.lucene;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.apache.lucene.index.ByteVectorValues;

/** The byte vectors of a segment that is being written. */
final class OffHeapVectors extends ByteVectorValues {
    private final GrowingRows rows;
    private final byte[] value;

    OffHeapVectors(GrowingRows rows) {
        this.rows = rows;
        value = new byte[rows.dimension()];
    }

    Rows rows() {
        return rows;
    }

    @Override
    public byte[] vectorValue(int ord) {
        MemorySegment.copy(rows.segment(), ValueLayout.JAVA_BYTE, (long) ord * value.length, value, 0, value.length);
        return value;
    }

    @Override
    public OffHeapVectors copy() {
        return new OffHeapVectors(rows);
    }

    @Override
    public int dimension() {
        return value.length;
    }

    @Override
    public int size() {
        return rows.count();
    }

    @Override
    public DocIndexIterator iterator() {
        return createDenseIterator();
    }
}
