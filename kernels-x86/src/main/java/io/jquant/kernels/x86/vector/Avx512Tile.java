// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.vector;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.kernels.vector.FewRows;
import io.jquant.kernels.vector.FloatTile;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * 512-bit vectors: 24 of the 32 registers hold sums, two weights. C2 has the other six for elements of rows, as long as
 * weights are outside the heap: from an array it would load more of them first, and keep sums in memory.
 */
final class Avx512Tile implements FloatTile {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_512;
    private static final int LANES = 16;
    private static final int COLUMNS = 2 * LANES;
    private static final int STRIDE = FloatTile.STRIDE;
    private static final int BYTES = LANES * Float.BYTES;
    private static final int STEP = COLUMNS * Float.BYTES;

    @Override
    public int rows() {
        return 12;
    }

    @Override
    public int columns() {
        return COLUMNS;
    }

    @Override
    public FewRows fewRows() {
        return new Avx512FewRows();
    }

    @Override
    public int multiply(int rows, float[] a, int aAt, MemorySegment b, int depth, float[] sums) {
        if (rows >= 12) {
            multiply12(a, aAt, b, depth, sums);
            return 12;
        }
        if (rows >= 8) {
            multiply8(a, aAt, b, depth, sums);
            return 8;
        }
        if (rows >= 4) {
            multiply4(a, aAt, b, depth, sums);
            return 4;
        }
        if (rows >= 2) {
            multiply2(a, aAt, b, depth, sums);
            return 2;
        }
        multiply1(a, aAt, b, depth, sums);
        return 1;
    }

    private static void multiply12(float[] a, int aAt, MemorySegment b, int depth, float[] sums) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c11 = FloatVector.zero(SPECIES);
        FloatVector c20 = FloatVector.zero(SPECIES);
        FloatVector c21 = FloatVector.zero(SPECIES);
        FloatVector c30 = FloatVector.zero(SPECIES);
        FloatVector c31 = FloatVector.zero(SPECIES);
        FloatVector c40 = FloatVector.zero(SPECIES);
        FloatVector c41 = FloatVector.zero(SPECIES);
        FloatVector c50 = FloatVector.zero(SPECIES);
        FloatVector c51 = FloatVector.zero(SPECIES);
        FloatVector c60 = FloatVector.zero(SPECIES);
        FloatVector c61 = FloatVector.zero(SPECIES);
        FloatVector c70 = FloatVector.zero(SPECIES);
        FloatVector c71 = FloatVector.zero(SPECIES);
        FloatVector c80 = FloatVector.zero(SPECIES);
        FloatVector c81 = FloatVector.zero(SPECIES);
        FloatVector c90 = FloatVector.zero(SPECIES);
        FloatVector c91 = FloatVector.zero(SPECIES);
        FloatVector ca0 = FloatVector.zero(SPECIES);
        FloatVector ca1 = FloatVector.zero(SPECIES);
        FloatVector cb0 = FloatVector.zero(SPECIES);
        FloatVector cb1 = FloatVector.zero(SPECIES);
        MemorySegment known = FloatTile.known(b);
        for (int k = 0; k < depth; k++) {
            long at = (long) k * STEP;
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, known, at, LITTLE_ENDIAN);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, known, at + BYTES, LITTLE_ENDIAN);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aAt + k]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[aAt + k + STRIDE]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[aAt + k + 2 * STRIDE]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[aAt + k + 3 * STRIDE]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[aAt + k + 4 * STRIDE]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[aAt + k + 5 * STRIDE]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[aAt + k + 6 * STRIDE]);
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[aAt + k + 7 * STRIDE]);
            c70 = a7.fma(b0, c70);
            c71 = a7.fma(b1, c71);
            FloatVector a8 = FloatVector.broadcast(SPECIES, a[aAt + k + 8 * STRIDE]);
            c80 = a8.fma(b0, c80);
            c81 = a8.fma(b1, c81);
            FloatVector a9 = FloatVector.broadcast(SPECIES, a[aAt + k + 9 * STRIDE]);
            c90 = a9.fma(b0, c90);
            c91 = a9.fma(b1, c91);
            FloatVector aa = FloatVector.broadcast(SPECIES, a[aAt + k + 10 * STRIDE]);
            ca0 = aa.fma(b0, ca0);
            ca1 = aa.fma(b1, ca1);
            FloatVector ab = FloatVector.broadcast(SPECIES, a[aAt + k + 11 * STRIDE]);
            cb0 = ab.fma(b0, cb0);
            cb1 = ab.fma(b1, cb1);
        }
        c00.intoArray(sums, 0);
        c01.intoArray(sums, LANES);
        c10.intoArray(sums, COLUMNS);
        c11.intoArray(sums, COLUMNS + LANES);
        c20.intoArray(sums, 2 * COLUMNS);
        c21.intoArray(sums, 2 * COLUMNS + LANES);
        c30.intoArray(sums, 3 * COLUMNS);
        c31.intoArray(sums, 3 * COLUMNS + LANES);
        c40.intoArray(sums, 4 * COLUMNS);
        c41.intoArray(sums, 4 * COLUMNS + LANES);
        c50.intoArray(sums, 5 * COLUMNS);
        c51.intoArray(sums, 5 * COLUMNS + LANES);
        c60.intoArray(sums, 6 * COLUMNS);
        c61.intoArray(sums, 6 * COLUMNS + LANES);
        c70.intoArray(sums, 7 * COLUMNS);
        c71.intoArray(sums, 7 * COLUMNS + LANES);
        c80.intoArray(sums, 8 * COLUMNS);
        c81.intoArray(sums, 8 * COLUMNS + LANES);
        c90.intoArray(sums, 9 * COLUMNS);
        c91.intoArray(sums, 9 * COLUMNS + LANES);
        ca0.intoArray(sums, 10 * COLUMNS);
        ca1.intoArray(sums, 10 * COLUMNS + LANES);
        cb0.intoArray(sums, 11 * COLUMNS);
        cb1.intoArray(sums, 11 * COLUMNS + LANES);
    }

    private static void multiply8(float[] a, int aAt, MemorySegment b, int depth, float[] sums) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c11 = FloatVector.zero(SPECIES);
        FloatVector c20 = FloatVector.zero(SPECIES);
        FloatVector c21 = FloatVector.zero(SPECIES);
        FloatVector c30 = FloatVector.zero(SPECIES);
        FloatVector c31 = FloatVector.zero(SPECIES);
        FloatVector c40 = FloatVector.zero(SPECIES);
        FloatVector c41 = FloatVector.zero(SPECIES);
        FloatVector c50 = FloatVector.zero(SPECIES);
        FloatVector c51 = FloatVector.zero(SPECIES);
        FloatVector c60 = FloatVector.zero(SPECIES);
        FloatVector c61 = FloatVector.zero(SPECIES);
        FloatVector c70 = FloatVector.zero(SPECIES);
        FloatVector c71 = FloatVector.zero(SPECIES);
        MemorySegment known = FloatTile.known(b);
        for (int k = 0; k < depth; k++) {
            long at = (long) k * STEP;
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, known, at, LITTLE_ENDIAN);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, known, at + BYTES, LITTLE_ENDIAN);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aAt + k]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[aAt + k + STRIDE]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[aAt + k + 2 * STRIDE]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[aAt + k + 3 * STRIDE]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[aAt + k + 4 * STRIDE]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[aAt + k + 5 * STRIDE]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[aAt + k + 6 * STRIDE]);
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[aAt + k + 7 * STRIDE]);
            c70 = a7.fma(b0, c70);
            c71 = a7.fma(b1, c71);
        }
        c00.intoArray(sums, 0);
        c01.intoArray(sums, LANES);
        c10.intoArray(sums, COLUMNS);
        c11.intoArray(sums, COLUMNS + LANES);
        c20.intoArray(sums, 2 * COLUMNS);
        c21.intoArray(sums, 2 * COLUMNS + LANES);
        c30.intoArray(sums, 3 * COLUMNS);
        c31.intoArray(sums, 3 * COLUMNS + LANES);
        c40.intoArray(sums, 4 * COLUMNS);
        c41.intoArray(sums, 4 * COLUMNS + LANES);
        c50.intoArray(sums, 5 * COLUMNS);
        c51.intoArray(sums, 5 * COLUMNS + LANES);
        c60.intoArray(sums, 6 * COLUMNS);
        c61.intoArray(sums, 6 * COLUMNS + LANES);
        c70.intoArray(sums, 7 * COLUMNS);
        c71.intoArray(sums, 7 * COLUMNS + LANES);
    }

    private static void multiply4(float[] a, int aAt, MemorySegment b, int depth, float[] sums) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c11 = FloatVector.zero(SPECIES);
        FloatVector c20 = FloatVector.zero(SPECIES);
        FloatVector c21 = FloatVector.zero(SPECIES);
        FloatVector c30 = FloatVector.zero(SPECIES);
        FloatVector c31 = FloatVector.zero(SPECIES);
        MemorySegment known = FloatTile.known(b);
        for (int k = 0; k < depth; k++) {
            long at = (long) k * STEP;
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, known, at, LITTLE_ENDIAN);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, known, at + BYTES, LITTLE_ENDIAN);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aAt + k]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[aAt + k + STRIDE]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[aAt + k + 2 * STRIDE]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[aAt + k + 3 * STRIDE]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
        }
        c00.intoArray(sums, 0);
        c01.intoArray(sums, LANES);
        c10.intoArray(sums, COLUMNS);
        c11.intoArray(sums, COLUMNS + LANES);
        c20.intoArray(sums, 2 * COLUMNS);
        c21.intoArray(sums, 2 * COLUMNS + LANES);
        c30.intoArray(sums, 3 * COLUMNS);
        c31.intoArray(sums, 3 * COLUMNS + LANES);
    }

    private static void multiply2(float[] a, int aAt, MemorySegment b, int depth, float[] sums) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c11 = FloatVector.zero(SPECIES);
        MemorySegment known = FloatTile.known(b);
        for (int k = 0; k < depth; k++) {
            long at = (long) k * STEP;
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, known, at, LITTLE_ENDIAN);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, known, at + BYTES, LITTLE_ENDIAN);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aAt + k]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[aAt + k + STRIDE]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
        }
        c00.intoArray(sums, 0);
        c01.intoArray(sums, LANES);
        c10.intoArray(sums, COLUMNS);
        c11.intoArray(sums, COLUMNS + LANES);
    }

    private static void multiply1(float[] a, int aAt, MemorySegment b, int depth, float[] sums) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        MemorySegment known = FloatTile.known(b);
        for (int k = 0; k < depth; k++) {
            long at = (long) k * STEP;
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, known, at, LITTLE_ENDIAN);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, known, at + BYTES, LITTLE_ENDIAN);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aAt + k]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
        }
        c00.intoArray(sums, 0);
        c01.intoArray(sums, LANES);
    }
}
