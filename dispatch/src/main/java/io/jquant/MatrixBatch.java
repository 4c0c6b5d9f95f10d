// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/**
 * Sizes of a batch of matrix products and, in elements, the distances of their rows and matrices.
 *
 * @param batch products, 0 or more
 * @param m rows of left and output, 0 or more
 * @param k columns of left, rows of right, 1 or more
 * @param n columns of right and output, 1 or more
 * @param leftBatch from one left matrix to the next; 0 for the same one every time
 * @param left from one row of left to the next, at least k
 * @param rightBatch from one right matrix to the next; 0 for the same one every time
 * @param right from one row of right to the next, at least n
 * @param outputBatch from one output matrix to the next: at least {@code (m - 1) * output + n}, so that one follows
 *        another; or at least n where output is at least {@code (batch - 1) * outputBatch + n}, so that their rows
 *        take turns, as those of attention's heads do
 * @param output from one row of the output to the next, at least n
 */
public record MatrixBatch(long batch, int m, int k, int n, long leftBatch, long left, long rightBatch, long right,
        long outputBatch, long output) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is not as said
     */
    public MatrixBatch {
        Require.notNegative("batch", batch);
        Require.notNegative("m", m);
        Require.positive("k", k);
        Require.positive("n", n);
        LinearSpec.requireSumFits("k", k);
        Require.that(left >= k, "left", left, "at least k, " + k);
        Require.that(right >= n, "right", right, "at least n, " + n);
        Require.that(output >= n, "output", output, "at least n, " + n);
        Require.notNegative("leftBatch", leftBatch);
        Require.notNegative("rightBatch", rightBatch);
        Require.notNegative("outputBatch", outputBatch);
        Require.that(batch <= 1 || m == 0 || outputBatch >= Require.strided("output", m, n, output)
                || (outputBatch >= n && output >= Require.strided("outputBatch", batch, n, outputBatch)),
                "outputBatch", outputBatch, "at least one output matrix, or one row within the output's stride");
    }

    /**
     * Products of contiguous matrices.
     *
     * @param batch products
     * @param m rows of left and output
     * @param k columns of left, rows of right
     * @param n columns of right and output
     * @return the sizes
     * @throws IllegalArgumentException if one is not as said
     */
    public static MatrixBatch contiguous(long batch, int m, int k, int n) {
        return new MatrixBatch(batch, m, k, n, (long) m * k, k, (long) k * n, n, (long) m * n, n);
    }

    long leftElements() {
        return elements("left", m, k, left, leftBatch);
    }

    long rightElements() {
        return elements("right", k, n, right, rightBatch);
    }

    long outputElements() {
        return elements("output", m, n, output, outputBatch);
    }

    private long elements(String name, long rows, long columns, long stride, long matrixStride) {
        if (batch == 0 || rows == 0) {
            return 0;
        }
        return Require.sum(name, Require.product(name, batch - 1, matrixStride),
                Require.strided(name, rows, columns, stride));
    }
}
