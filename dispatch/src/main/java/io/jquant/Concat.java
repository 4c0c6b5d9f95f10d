// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.spi.ConcatKernel;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Tensors side by side: {@link ConcatSpec}. */
public final class Concat extends Operator<ConcatKernel> {
    private final int inputs;
    private final String[] names;

    Concat(ConcatSpec spec, ConcatKernel kernel) {
        super(kernel);
        inputs = spec.inputs().size();
        names = IntStream.range(0, inputs).mapToObj(i -> "segments[" + i + "]").toArray(String[]::new);
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
        // copies: the kernel must see the sizes and segments that were checked
        long[] widths = Require.notNull("columns", columns).clone();
        MemorySegment[] operands = Require.notNull("segments", segments).toArray(MemorySegment[]::new);
        requireNumber("columns.length", widths.length);
        requireNumber("segments.size", operands.length);
        long width = 0;
        for (int i = 0; i < inputs; i++) {
            if (widths[i] < 0) {
                throw Require.failure("columns[" + i + "]", widths[i], "0 or more");
            }
            width = Require.sum("columns", width, widths[i]);
        }
        Require.writable("output", output, Require.product("output", rows, width));
        for (int i = 0; i < inputs; i++) {
            Require.readable(names[i], operands[i], rows * widths[i]);
            Require.disjoint(output, names[i], operands[i], false);
        }
        ConcatKernel kernel = enter();
        try {
            kernel.run(rows, widths, Collections.unmodifiableList(Arrays.asList(operands)), output);
        } finally {
            leave();
        }
    }

    private void requireNumber(String name, int number) {
        if (number != inputs) {
            throw Require.failure(name, number, "the inputs' number, " + inputs);
        }
    }
}
