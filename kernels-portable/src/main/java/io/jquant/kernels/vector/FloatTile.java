// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import java.lang.foreign.MemorySegment;

/**
 * The innermost loops for one width of vectors. Its methods are leaves: a vector that reaches a call which is not
 * inlined would be put on the heap, in the loop.
 */
public interface FloatTile {
    /** Floats from one row of {@code a} to the next. */
    int STRIDE = Workspace.STRIDE;

    /** {@return rows of a full tile} */
    int rows();

    /** {@return columns of a tile} */
    int columns();

    /**
     * Multiplies as many of the rows as one of the loops takes.
     *
     * @param rows rows that are left
     * @param a rows, {@link #STRIDE} apart
     * @param aAt the first row
     * @param b weights outside the heap, {@code [depth][columns]}, aligned as vectors are
     * @param depth terms of a sum
     * @param sums gets the sums, {@code [rows][columns]}
     * @return how many rows were multiplied
     */
    int multiply(int rows, float[] a, int aAt, MemorySegment b, int depth, float[] sums);

    /**
     * A segment outside the heap as an object whose class the compiler knows.
     *
     * @param segment the segment
     * @return the same
     */
    static MemorySegment known(MemorySegment segment) {
        return Backing.outside(segment);
    }

    /** {@return loops for a few rows and panels as wide; null where there are none} */
    default FewRows fewRows() {
        return null;
    }
}
