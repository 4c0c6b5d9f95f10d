// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

/** The arrays of one thread: vector code is bounds-checked more cheaply on arrays than on memory segments. */
final class Workspace {
    /** Terms of a sum of floats that is exact: 512 * 255 * 128 is below 2^24. */
    static final int DEPTH = 512;
    /** From one row of floats to the next; not a power of two, so that rows do not meet in one cache set. */
    static final int STRIDE = DEPTH + 16;
    /** Rows that are converted at a time, so that they stay in the second-level cache: whole tiles of any kernel. */
    static final int ROWS = 240;

    /** What a vector of bytes may hold beyond its floats. */
    private static final int SPARE = 4;

    final float[] left = new float[ROWS * STRIDE];
    float[] right = new float[0];
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
        if (right.length < DEPTH * tileColumns) {
            right = new float[DEPTH * tileColumns];
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
