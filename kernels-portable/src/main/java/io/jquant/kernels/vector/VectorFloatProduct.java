// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.ArrayBlockingQueue;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Products of matrices of floats: on the tiles of {@link VectorGemm}, or, where rows are few, as the matrices lie. */
final class VectorFloatProduct {
    private static final VectorSpecies<Float> FLOATS = VectorRows.FLOATS;
    private static final int LANES = VectorRows.LANES;
    /** Fewer rows are not worth a copy of the other matrix. */
    private static final int FEW_ROWS = 4;

    private final FloatTile tile;
    private final ArrayBlockingQueue<Workspace> idle = new ArrayBlockingQueue<>(16);

    VectorFloatProduct(FloatTile tile) {
        this.tile = tile;
    }

    /** C += A B, as {@link io.jquant.spi.FloatKernels#multiply} has it. */
    void multiply(int m, int n, int k, float[] a, int aAt, float[] b, int bAt, boolean transposed, float[] c,
            int cAt) {
        if (m < FEW_ROWS) {
            for (int row = 0; row < m; row++) {
                if (transposed) {
                    dots(n, k, a, aAt + row * k, b, bAt, c, cAt + row * n);
                } else {
                    combine(n, k, a, aAt + row * k, b, bAt, c, cAt + row * n);
                }
            }
            return;
        }
        Workspace space = idle.poll();
        if (space == null) {
            space = new Workspace();
        }
        space.reserve(0, 0, tile.columns());
        for (int row = 0; row < m; row += Workspace.ROWS) {
            int rows = Math.min(Workspace.ROWS, m - row);
            for (int from = 0; from < k; from += Workspace.DEPTH) {
                int depth = Math.min(Workspace.DEPTH, k - from);
                for (int i = 0; i < rows; i++) {
                    System.arraycopy(a, aAt + (row + i) * k + from, space.left, i * Workspace.STRIDE, depth);
                }
                panels(rows, n, depth, b, bAt + (transposed ? from : from * n), transposed ? k : 0, c, cAt + row * n,
                        space);
            }
        }
        // with more threads than places, it goes back to the collector
        var _ = idle.offer(space);
    }

    /** Adds the rows in the workspace times all columns; a stride if B is transposed, otherwise 0. */
    private void panels(int rows, int n, int depth, float[] b, int bAt, int stride, float[] c, int cAt,
            Workspace space) {
        int width = tile.columns();
        for (int j = 0; j < n; j += width) {
            int columns = Math.min(width, n - j);
            if (stride == 0) {
                pack(columns, depth, b, bAt + j, n, space.right);
            } else {
                packTransposed(columns, depth, b, bAt + j * stride, stride, space.right);
            }
            int row = 0;
            while (row < rows) {
                int done = tile.multiply(rows - row, space.left, row * Workspace.STRIDE, space.right, depth,
                        space.tile);
                for (int i = 0; i < done; i++) {
                    VectorGates.add(columns, space.tile, i * width, c, cAt + (row + i) * n + j);
                }
                row += done;
            }
        }
    }

    private void pack(int columns, int depth, float[] b, int at, int n, MemorySegment to) {
        MemorySegment known = Backing.outside(to);
        int width = tile.columns();
        int whole = columns / LANES * LANES;
        for (int q = 0; q < whole; q += LANES) {
            for (int p = 0; p < depth; p++) {
                FloatVector.fromArray(FLOATS, b, at + p * n + q)
                        .intoMemorySegment(known, ((long) p * width + q) * Float.BYTES, LITTLE_ENDIAN);
            }
        }
        for (int q = whole; q < width; q++) {
            for (int p = 0; p < depth; p++) {
                known.set(JAVA_FLOAT_UNALIGNED, ((long) p * width + q) * Float.BYTES,
                        q < columns ? b[at + p * n + q] : 0);
            }
        }
    }

    private void packTransposed(int columns, int depth, float[] b, int at, int stride, MemorySegment to) {
        MemorySegment known = Backing.outside(to);
        int width = tile.columns();
        for (int q = 0; q < width; q++) {
            for (int p = 0; p < depth; p++) {
                known.set(JAVA_FLOAT_UNALIGNED, ((long) p * width + q) * Float.BYTES,
                        q < columns ? b[at + q * stride + p] : 0);
            }
        }
    }

    /** Adds a row of A times B. */
    private static void combine(int n, int k, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt) {
        int j = 0;
        for (; j <= n - 4 * LANES; j += 4 * LANES) {
            FloatVector c0 = FloatVector.fromArray(FLOATS, c, cAt + j);
            FloatVector c1 = FloatVector.fromArray(FLOATS, c, cAt + j + LANES);
            FloatVector c2 = FloatVector.fromArray(FLOATS, c, cAt + j + 2 * LANES);
            FloatVector c3 = FloatVector.fromArray(FLOATS, c, cAt + j + 3 * LANES);
            for (int p = 0; p < k; p++) {
                FloatVector factor = FloatVector.broadcast(FLOATS, a[aAt + p]);
                int at = bAt + p * n + j;
                c0 = factor.fma(FloatVector.fromArray(FLOATS, b, at), c0);
                c1 = factor.fma(FloatVector.fromArray(FLOATS, b, at + LANES), c1);
                c2 = factor.fma(FloatVector.fromArray(FLOATS, b, at + 2 * LANES), c2);
                c3 = factor.fma(FloatVector.fromArray(FLOATS, b, at + 3 * LANES), c3);
            }
            c0.intoArray(c, cAt + j);
            c1.intoArray(c, cAt + j + LANES);
            c2.intoArray(c, cAt + j + 2 * LANES);
            c3.intoArray(c, cAt + j + 3 * LANES);
        }
        for (; j <= n - LANES; j += LANES) {
            FloatVector sum = FloatVector.fromArray(FLOATS, c, cAt + j);
            for (int p = 0; p < k; p++) {
                sum = FloatVector.fromArray(FLOATS, b, bAt + p * n + j)
                        .fma(FloatVector.broadcast(FLOATS, a[aAt + p]), sum);
            }
            sum.intoArray(c, cAt + j);
        }
        for (int p = 0; p < k; p++) {
            for (int q = j; q < n; q++) {
                c[cAt + q] += a[aAt + p] * b[bAt + p * n + q];
            }
        }
    }

    /** Adds a row of A times B, whose columns are rows. */
    private static void dots(int n, int k, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt) {
        for (int q = 0; q < n; q++) {
            FloatVector sums = FloatVector.zero(FLOATS);
            int at = bAt + q * k;
            int p = 0;
            for (; p <= k - LANES; p += LANES) {
                sums = FloatVector.fromArray(FLOATS, a, aAt + p).fma(FloatVector.fromArray(FLOATS, b, at + p), sums);
            }
            float sum = sums.reduceLanes(VectorOperators.ADD);
            for (; p < k; p++) {
                sum += a[aAt + p] * b[at + p];
            }
            c[cAt + q] += sum;
        }
    }
}
