// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.spi.UnaryKernel;
import java.lang.foreign.MemorySegment;

/** A function of every element: {@link UnarySpec}. */
public final class Unary extends Operator<UnaryKernel> {
    Unary(UnaryKernel kernel) {
        super(kernel);
    }

    /**
     * Runs the function.
     *
     * @param count elements, 0 or more
     * @param input the input
     * @param output the output; the input itself, or memory of its own
     * @throws IllegalArgumentException if a segment is too small, or the output read-only or overlapping
     * @throws IllegalStateException if the operator is closed
     */
    public void run(long count, MemorySegment input, MemorySegment output) {
        Require.notNegative("count", count);
        Require.readable("input", input, count);
        Require.writable("output", output, count);
        Require.disjoint(output, "input", input, true);
        UnaryKernel kernel = enter();
        try {
            kernel.run(count, input, output);
        } finally {
            leave();
        }
    }
}
