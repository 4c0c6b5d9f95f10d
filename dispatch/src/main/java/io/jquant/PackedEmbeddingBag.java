// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.spi.EmbeddingBagKernel;
import io.jquant.spi.Numerics;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Sums of rows of a packed table: {@link EmbeddingBagSpec}. */
public final class PackedEmbeddingBag extends PackedOperator<EmbeddingBagKernel> {
    private final EmbeddingBagSpec spec;

    PackedEmbeddingBag(EmbeddingBagSpec spec, Numerics numerics, EmbeddingBagKernel kernel) {
        super(numerics, List.of(), kernel);
        this.spec = spec;
    }

    @Override
    public EmbeddingBagSpec spec() {
        return spec;
    }

    /**
     * Sums rows into bags; an empty bag is 0.
     *
     * @param bags bags, 0 or more
     * @param indices rows of the table, s64, each 0 or more and below the table's rows
     * @param offsets where each bag begins among the indices, s64, {@code bags + 1} of them, not descending, the
     *        last, where the last bag ends, at most the number of indices
     * @param weights factors of the rows, f32, as many as the last offset says; null for 1
     * @param output f32 {@code [bags][dimension]}, memory of its own
     * @throws IllegalArgumentException if an index or offset is out of range, a segment is too small, or the output
     *         is read-only or overlapping
     * @throws IllegalStateException if the operator is closed
     */
    public void run(long bags, MemorySegment indices, MemorySegment offsets, MemorySegment weights,
            MemorySegment output) {
        Require.notNegative("bags", bags);
        Require.readable("offsets", offsets, Require.product("offsets", Require.sum("offsets", bags, 1), Long.BYTES));
        Require.readable("indices", indices, 0);
        Require.writable("output", output, Require.product("output", bags, spec.dimension(), Float.BYTES));
        Require.disjoint(output, "indices", indices, false);
        Require.disjoint(output, "offsets", offsets, false);
        long count = checkOffsets(bags, offsets, indices.byteSize() / Long.BYTES);
        checkIndices(count, indices);
        if (weights != null) {
            Require.readable("weights", weights, count * Float.BYTES);
            Require.disjoint(output, "weights", weights, false);
        }
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
                throw Require.failure("offsets[" + i + "]", offset, "at least " + (i == 0 ? "0" : "the one before, "
                        + before) + ", and at most the number of indices, " + count);
            }
            before = offset;
        }
        return before;
    }

    private void checkIndices(long count, MemorySegment indices) {
        for (long i = 0; i < count; i++) {
            long index = indices.get(ValueLayout.JAVA_LONG_UNALIGNED, i * Long.BYTES);
            if (index < 0 || index >= spec.rows()) {
                throw Require.failure("indices[" + i + "]", index, "0 or more and below rows, " + spec.rows());
            }
        }
    }

    @Override
    void unpack(EmbeddingBagKernel kernel, MemorySegment table) {
        kernel.unpack(table);
    }
}
