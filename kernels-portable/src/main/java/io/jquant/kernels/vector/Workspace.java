// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The arrays of one thread: vector code is bounds-checked more cheaply on arrays than on memory segments. Weights are
 * outside the heap: arrays are not aligned as vectors are, and every load of 64 bytes would be two.
 */
final class Workspace {
    /** Terms of a sum of floats that is exact: 512 * 255 * 128 is below 2^24. */
    static final int DEPTH = 512;
    /** From one row of floats to the next; not a power of two, so that rows do not meet in one cache set. */
    static final int STRIDE = DEPTH + 16;
    /** Rows that are converted at a time, so that they stay in the second-level cache: whole tiles of any kernel. */
    static final int ROWS = 240;

    private static final int ALIGNMENT = 64;

    /** What a vector of bytes may hold beyond its floats. */
    private static final int SPARE = 4;

    final float[] left = new float[ROWS * STRIDE];
    MemorySegment right = MemorySegment.NULL;
    final float[] tile = new float[1024];
    /** Of {@link FewRows}, for panels of up to 32 columns. */
    final short[] parts = new short[32 * FewRows.PARTS];
    int[] sums = new int[0];
    int[] initial = new int[0];
    int[] zeroPoints = new int[0];
    float[] multipliers = new float[0];
    float[] biases = new float[0];
    float[] values = new float[0];
    byte[] bytes = new byte[0];

    /** Makes room for rows of a number of columns. */
    void reserve(int rows, int columns, int tileColumns) {
        long rightBytes = (long) DEPTH * tileColumns * Float.BYTES;
        if (right.byteSize() < rightBytes) {
            right = Arena.ofAuto().allocate(rightBytes, ALIGNMENT);
        }
        if (sums.length < rows * columns) {
            sums = new int[Math.max(rows * columns, sums.length * 3 / 2)];
        }
        if (initial.length < columns) {
            initial = new int[columns];
            zeroPoints = new int[columns];
            multipliers = new float[columns];
            biases = new float[columns];
            values = new float[columns];
            bytes = new byte[columns + SPARE];
        }
    }
}
