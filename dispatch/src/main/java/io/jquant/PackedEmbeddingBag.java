// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.spi.EmbeddingBagKernel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Sums of rows of a packed table: {@link EmbeddingBagSpec}. */
public final class PackedEmbeddingBag extends Operator<EmbeddingBagKernel> {
    private final EmbeddingBagSpec spec;

    PackedEmbeddingBag(EmbeddingBagSpec spec, EmbeddingBagKernel kernel) {
        super(kernel);
        this.spec = spec;
    }

    /** {@return what was prepared} */
    public EmbeddingBagSpec spec() {
        return spec;
    }

    /**
     * Sums rows into bags; an empty bag is 0.
     *
     * @param bags bags, 0 or more
     * @param indices rows of the table, s64, each 0 or more and below the table's rows
     * @param offsets where each bag begins among the indices, s64, {@code bags + 1} of them, not descending, the
     *        last the number of indices
     * @param weights factors of the rows, f32, as many as indices; null for 1
     * @param output f32 {@code [bags][dimension]}, memory of its own
     * @throws IllegalArgumentException if an index or offset is out of range, a segment is too small, or the output
     *         is read-only or overlapping
     * @throws IllegalStateException if the operator is closed
     */
    public void run(long bags, MemorySegment indices, MemorySegment offsets, MemorySegment weights,
            MemorySegment output) {
        Require.readable("offsets", offsets, Require.product("offsets", Math.addExact(bags, 1), Long.BYTES));
        long count = checkOffsets(bags, offsets, Require.notNull("indices", indices).byteSize() / Long.BYTES);
        for (long i = 0; i < count; i++) {
            long index = indices.get(ValueLayout.JAVA_LONG_UNALIGNED, i * Long.BYTES);
            if (index < 0 || index >= spec.rows()) {
                throw new IllegalArgumentException(
                        "indices[" + i + "] = " + index + ": must be 0 or more and below rows, " + spec.rows());
            }
        }
        if (weights != null) {
            Require.readable("weights", weights, count * Float.BYTES);
            Require.disjoint(output, "weights", weights, false);
        }
        Require.writable("output", output, Require.product("output", bags, spec.dimension(), Float.BYTES));
        Require.disjoint(output, "indices", indices, false);
        Require.disjoint(output, "offsets", offsets, false);
        EmbeddingBagKernel kernel = enter();
        try {
            kernel.run(bags, indices, offsets, weights, output);
        } finally {
            leave();
        }
    }

    private static long checkOffsets(long bags, MemorySegment offsets, long count) {
        long before = 0;
        for (long i = 0; i <= bags; i++) {
            long offset = offsets.get(ValueLayout.JAVA_LONG_UNALIGNED, i * Long.BYTES);
            if (offset < before || offset > count) {
                throw new IllegalArgumentException("offsets[" + i + "] = " + offset
                        + ": must be at least the one before, " + before + ", and at most the indices, " + count);
            }
            before = offset;
        }
        return before;
    }

    void unpack(MemorySegment table) {
        EmbeddingBagKernel kernel = enter();
        try {
            kernel.unpack(table);
        } finally {
            leave();
        }
    }
}
