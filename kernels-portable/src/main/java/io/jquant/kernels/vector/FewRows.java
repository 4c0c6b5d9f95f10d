// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import java.lang.foreign.MemorySegment;

/**
 * The innermost loops for a few rows, which read packed weights where they lie: such a product takes the time that its
 * weights take from memory. One load brings four weights of every column, each of which is moved to the upper byte of
 * its integer: as a float it is {@link #SCALE} times the weight. Methods are leaves, as those of {@link FloatTile} are.
 */
public interface FewRows {
    /** The rows that {@link #multiply} takes at most, and has room for whatever their number. */
    int MOST = 4;
    /** Terms that {@link #multiply} takes at a time: rows and weights are padded to a multiple of it. */
    int STEP = 4;
    /** What weights are multiplied by. Rows are divided by it. */
    float SCALE = 1 << 24;
    /**
     * The upper byte of an integer. Kept in a field that is no constant: C2 would load a constant's vector from memory
     * each time.
     */
    int UPPER = 0xFF00_0000;

    /**
     * Multiplies rows with a panel of weights.
     *
     * @param rows how many, 1 to {@link #MOST}
     * @param a rows, divided by {@link #SCALE}
     * @param aAt the first row
     * @param aStride from one row to the next
     * @param weights s8 weights outside the heap, {@code [depth / 4][columns][4]}
     * @param weightsAt where they begin
     * @param depth terms of a sum, as many as are exact at most
     * @param sums gets the sums, {@code [MOST][columns]}, those beyond the rows of no meaning
     */
    void multiply(int rows, float[] a, int aAt, int aStride, MemorySegment weights, long weightsAt, int depth,
            float[] sums);

    /**
     * The weights' segment as an object whose class the compiler knows, whatever others the Vector API has met.
     *
     * @param weights a segment outside the heap
     * @return the segment
     */
    static MemorySegment known(MemorySegment weights) {
        return Backing.outside(weights);
    }
}
