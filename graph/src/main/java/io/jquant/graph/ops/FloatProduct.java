// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

/**
 * The inner loops of float matrix products: rows of C are sums of scaled rows of a panel of B. Each row is an array of
 * its own, all read at one index, which is the form that C2 vectorises.
 */
final class FloatProduct {
    /** Columns in a panel: with the rows of one step they stay in the first-level cache. */
    static final int PANEL = 256;

    /** Elements of a panel that very deep products do not exceed. */
    private static final int PANEL_ELEMENTS = 1 << 20;

    private FloatProduct() {}

    /** Columns of a panel of so many rows. */
    static int panelWidth(int depth) {
        return Math.clamp(PANEL_ELEMENTS / Math.max(1, depth), 8, PANEL);
    }

    /** Adds to {@code sum} the first {@code n} columns of row {@code a[start .. start + depth)} times the panel. */
    static void addRow(float[] sum, float[] a, int start, int depth, float[][] panel, int n) {
        int k = 0;
        for (; k + 4 <= depth; k += 4) {
            add4(sum, panel[k], panel[k + 1], panel[k + 2], panel[k + 3], a[start + k], a[start + k + 1],
                    a[start + k + 2], a[start + k + 3], n);
        }
        for (; k < depth; k++) {
            add1(sum, panel[k], a[start + k], n);
        }
    }

    private static void add4(float[] sum, float[] b0, float[] b1, float[] b2, float[] b3, float a0, float a1, float a2,
            float a3, int n) {
        for (int j = 0; j < n; j++) {
            sum[j] += a0 * b0[j] + a1 * b1[j] + a2 * b2[j] + a3 * b3[j];
        }
    }

    private static void add1(float[] sum, float[] b, float a, int n) {
        for (int j = 0; j < n; j++) {
            sum[j] += a * b[j];
        }
    }

    /**
     * C += A B for row-major A (m x k) and C (m x n); B is k x n, or n x k if {@code transB}.
     */
    static void multiply(float[] a, int aStart, float[] b, int bStart, boolean transB, float[] c, int cStart, int m,
            int n, int k) {
        float[][] panel = new float[k][Math.min(n, PANEL)];
        float[] sum = new float[Math.min(n, PANEL)];
        for (int j = 0; j < n; j += PANEL) {
            int width = Math.min(PANEL, n - j);
            for (int p = 0; p < k; p++) {
                if (transB) {
                    for (int q = 0; q < width; q++) {
                        panel[p][q] = b[bStart + (j + q) * k + p];
                    }
                } else {
                    System.arraycopy(b, bStart + p * n + j, panel[p], 0, width);
                }
            }
            for (int i = 0; i < m; i++) {
                System.arraycopy(c, cStart + i * n + j, sum, 0, width);
                addRow(sum, a, aStart + i * k, k, panel, width);
                System.arraycopy(sum, 0, c, cStart + i * n + j, width);
            }
        }
    }

    static float[] transposed(float[] a, int rows, int columns) {
        float[] t = new float[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                t[j * rows + i] = a[i * columns + j];
            }
        }
        return t;
    }
}
