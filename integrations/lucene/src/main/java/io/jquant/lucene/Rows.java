// SPDX-License-Identifier: Apache-2.0
package io.jquant.lucene;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.apache.lucene.codecs.lucene95.HasIndexSlice;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MemorySegmentAccessInput;

/** Vectors that lie one behind the other in memory. */
interface Rows {
    /** All of them. */
    MemorySegment segment();

    /** How many. */
    int count();

    /**
     * The rows of some vectors, null if they are not in memory in one piece.
     *
     * @param values the vectors
     * @param stride bytes from one to the next
     */
    static Rows of(KnnVectorValues values, int stride) throws IOException {
        if (values instanceof OffHeapVectors vectors) {
            return vectors.rows();
        }
        IndexInput slice = values.size() > 0 && values instanceof HasIndexSlice file ? file.getSlice() : null;
        if (slice instanceof MemorySegmentAccessInput mapped) {
            MemorySegment segment = mapped.segmentSliceOrNull(0, (long) values.size() * stride);
            return segment == null ? null : new Mapped(segment, values.size());
        }
        return null;
    }

    /** A file's. */
    record Mapped(MemorySegment segment, int count) implements Rows {
    }
}
