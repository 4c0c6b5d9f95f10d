// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.spi.ConcatKernel;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Tensors side by side: {@link ConcatSpec}. */
public final class Concat extends Operator<ConcatKernel> {
    private final int inputs;

    Concat(ConcatSpec spec, ConcatKernel kernel) {
        super(kernel);
        inputs = spec.inputs().size();
    }

    /**
     * Copies row {@code r} of every input, one after another, into row {@code r} of the output. To join on an axis,
     * rows are the product of the axes before it, an input's columns the product of that axis and those after it.
     *
     * @param rows rows of every input and of the output, 0 or more
     * @param columns elements of a row, one number for every input, 0 or more
     * @param segments the inputs, contiguous
     * @param output the output, contiguous, memory of its own
     * @throws IllegalArgumentException if the numbers of inputs differ, a segment is too small, or the output is
     *         read-only or overlapping
     * @throws IllegalStateException if the operator is closed
     */
    public void run(long rows, long[] columns, List<MemorySegment> segments, MemorySegment output) {
        Require.notNegative("rows", rows);
        Require.that(Require.notNull("columns", columns).length == inputs, "columns.length", columns.length,
                "the inputs' number, " + inputs);
        Require.that(Require.notNull("segments", segments).size() == inputs, "segments.size", segments.size(),
                "the inputs' number, " + inputs);
        long width = 0;
        for (int i = 0; i < inputs; i++) {
            String name = "segments[" + i + "]";
            Require.readable(name, segments.get(i), Require.product(name, rows, columns[i]));
            Require.disjoint(output, name, segments.get(i), false);
            width = Math.addExact(width, columns[i]);
        }
        Require.writable("output", output, Require.product("output", rows, width));
        ConcatKernel kernel = enter();
        try {
            kernel.run(rows, columns, segments, output);
        } finally {
            leave();
        }
    }
}
