// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.jquant.spi.VectorScoringKernel;
import java.lang.foreign.MemorySegment;

/** One vector against many rows of a table: {@link VectorScoringSpec}. */
public final class VectorScoring extends Operator<VectorScoringKernel> {
    private final VectorScoringSpec spec;

    VectorScoring(VectorScoringSpec spec, VectorScoringKernel kernel) {
        super(kernel);
        this.spec = spec;
    }

    /**
     * Scores rows. May be given as many at once as there are: the more, the less each costs.
     *
     * @param query the vector, {@code dimension} s8
     * @param rows the table; a mapped file must not shrink meanwhile
     * @param rowCount rows of the table
     * @param ordinals which rows, each 0 to {@code rowCount - 1}, s32 in the machine's byte order; in any order
     * @param count how many
     * @param results {@code count} s32 for each of the metric's results, memory of its own
     * @throws IllegalArgumentException if a segment is too small, the results read-only or overlapping, or an ordinal
     *         not of the table; then some results may be written
     * @throws IllegalStateException if the operator is closed
     */
    public void run(MemorySegment query, MemorySegment rows, long rowCount, MemorySegment ordinals, int count,
            MemorySegment results) {
        Require.readable("query", query, spec.dimension());
        Require.notNegative("rowCount", rowCount);
        Require.rows("rows", rows, rowCount, spec.dimension(), spec.rowStride(), spec.rowType());
        Require.notNegative("count", count);
        Require.readable("ordinals", ordinals, 4L * count);
        Require.writable("results", results, 4L * count * spec.metric().results());
        Require.disjoint("results", results, "query", query, false);
        Require.disjoint("results", results, "rows", rows, false);
        Require.disjoint("results", results, "ordinals", ordinals, false);
        VectorScoringKernel kernel = enter();
        try {
            if (!kernel.run(query, rows, rowCount, ordinals, count, results)) {
                throw refusal(rowCount, ordinals, count);
            }
        } finally {
            leave();
        }
    }

    private static IllegalArgumentException refusal(long rowCount, MemorySegment ordinals, int count) {
        for (int i = 0; i < count; i++) {
            int ordinal = ordinals.getAtIndex(JAVA_INT_UNALIGNED, i);
            if (ordinal < 0 || ordinal >= rowCount) {
                return Require.failure("ordinals[" + i + "]", ordinal, "0 to " + (rowCount - 1));
            }
        }
        return Require.failure("ordinals", "changed by another thread", "the same until run returns");
    }

    /** {@return what was prepared} */
    public VectorScoringSpec spec() {
        return spec;
    }
}
