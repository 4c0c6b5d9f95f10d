// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.vector;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.kernels.vector.FloatTile;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** 128-bit vectors: 24 of the 32 registers hold sums, four weights. */
final class NeonTile implements FloatTile {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_128;
    private static final int LANES = 4;
    private static final int COLUMNS = 4 * LANES;
    private static final int STRIDE = FloatTile.STRIDE;
    private static final int BYTES = LANES * Float.BYTES;
    private static final int STEP = COLUMNS * Float.BYTES;

    @Override
    public int rows() {
        return 6;
    }

    @Override
    public int columns() {
        return COLUMNS;
    }

    @Override
    public int multiply(int rows, float[] a, int aAt, MemorySegment b, int depth, float[] sums) {
        if (rows >= 6) {
            multiply6(a, aAt, b, depth, sums);
            return 6;
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

    private static void multiply6(float[] a, int aAt, MemorySegment b, int depth, float[] sums) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        FloatVector c02 = FloatVector.zero(SPECIES);
        FloatVector c03 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c11 = FloatVector.zero(SPECIES);
        FloatVector c12 = FloatVector.zero(SPECIES);
        FloatVector c13 = FloatVector.zero(SPECIES);
        FloatVector c20 = FloatVector.zero(SPECIES);
        FloatVector c21 = FloatVector.zero(SPECIES);
        FloatVector c22 = FloatVector.zero(SPECIES);
        FloatVector c23 = FloatVector.zero(SPECIES);
        FloatVector c30 = FloatVector.zero(SPECIES);
        FloatVector c31 = FloatVector.zero(SPECIES);
        FloatVector c32 = FloatVector.zero(SPECIES);
        FloatVector c33 = FloatVector.zero(SPECIES);
        FloatVector c40 = FloatVector.zero(SPECIES);
        FloatVector c41 = FloatVector.zero(SPECIES);
        FloatVector c42 = FloatVector.zero(SPECIES);
        FloatVector c43 = FloatVector.zero(SPECIES);
        FloatVector c50 = FloatVector.zero(SPECIES);
        FloatVector c51 = FloatVector.zero(SPECIES);
        FloatVector c52 = FloatVector.zero(SPECIES);
        FloatVector c53 = FloatVector.zero(SPECIES);
        MemorySegment known = FloatTile.known(b);
        for (int k = 0; k < depth; k++) {
            long at = (long) k * STEP;
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, known, at, LITTLE_ENDIAN);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, known, at + BYTES, LITTLE_ENDIAN);
            FloatVector b2 = FloatVector.fromMemorySegment(SPECIES, known, at + 2 * BYTES, LITTLE_ENDIAN);
            FloatVector b3 = FloatVector.fromMemorySegment(SPECIES, known, at + 3 * BYTES, LITTLE_ENDIAN);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aAt + k]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            c03 = a0.fma(b3, c03);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[aAt + k + STRIDE]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            c13 = a1.fma(b3, c13);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[aAt + k + 2 * STRIDE]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            c22 = a2.fma(b2, c22);
            c23 = a2.fma(b3, c23);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[aAt + k + 3 * STRIDE]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            c32 = a3.fma(b2, c32);
            c33 = a3.fma(b3, c33);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[aAt + k + 4 * STRIDE]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            c42 = a4.fma(b2, c42);
            c43 = a4.fma(b3, c43);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[aAt + k + 5 * STRIDE]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            c52 = a5.fma(b2, c52);
            c53 = a5.fma(b3, c53);
        }
        c00.intoArray(sums, 0);
        c01.intoArray(sums, LANES);
        c02.intoArray(sums, 2 * LANES);
        c03.intoArray(sums, 3 * LANES);
        c10.intoArray(sums, COLUMNS);
        c11.intoArray(sums, COLUMNS + LANES);
        c12.intoArray(sums, COLUMNS + 2 * LANES);
        c13.intoArray(sums, COLUMNS + 3 * LANES);
        c20.intoArray(sums, 2 * COLUMNS);
        c21.intoArray(sums, 2 * COLUMNS + LANES);
        c22.intoArray(sums, 2 * COLUMNS + 2 * LANES);
        c23.intoArray(sums, 2 * COLUMNS + 3 * LANES);
        c30.intoArray(sums, 3 * COLUMNS);
        c31.intoArray(sums, 3 * COLUMNS + LANES);
        c32.intoArray(sums, 3 * COLUMNS + 2 * LANES);
        c33.intoArray(sums, 3 * COLUMNS + 3 * LANES);
        c40.intoArray(sums, 4 * COLUMNS);
        c41.intoArray(sums, 4 * COLUMNS + LANES);
        c42.intoArray(sums, 4 * COLUMNS + 2 * LANES);
        c43.intoArray(sums, 4 * COLUMNS + 3 * LANES);
        c50.intoArray(sums, 5 * COLUMNS);
        c51.intoArray(sums, 5 * COLUMNS + LANES);
        c52.intoArray(sums, 5 * COLUMNS + 2 * LANES);
        c53.intoArray(sums, 5 * COLUMNS + 3 * LANES);
    }

    private static void multiply4(float[] a, int aAt, MemorySegment b, int depth, float[] sums) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        FloatVector c02 = FloatVector.zero(SPECIES);
        FloatVector c03 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c11 = FloatVector.zero(SPECIES);
        FloatVector c12 = FloatVector.zero(SPECIES);
        FloatVector c13 = FloatVector.zero(SPECIES);
        FloatVector c20 = FloatVector.zero(SPECIES);
        FloatVector c21 = FloatVector.zero(SPECIES);
        FloatVector c22 = FloatVector.zero(SPECIES);
        FloatVector c23 = FloatVector.zero(SPECIES);
        FloatVector c30 = FloatVector.zero(SPECIES);
        FloatVector c31 = FloatVector.zero(SPECIES);
        FloatVector c32 = FloatVector.zero(SPECIES);
        FloatVector c33 = FloatVector.zero(SPECIES);
        MemorySegment known = FloatTile.known(b);
        for (int k = 0; k < depth; k++) {
            long at = (long) k * STEP;
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, known, at, LITTLE_ENDIAN);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, known, at + BYTES, LITTLE_ENDIAN);
            FloatVector b2 = FloatVector.fromMemorySegment(SPECIES, known, at + 2 * BYTES, LITTLE_ENDIAN);
            FloatVector b3 = FloatVector.fromMemorySegment(SPECIES, known, at + 3 * BYTES, LITTLE_ENDIAN);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aAt + k]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            c03 = a0.fma(b3, c03);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[aAt + k + STRIDE]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            c13 = a1.fma(b3, c13);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[aAt + k + 2 * STRIDE]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            c22 = a2.fma(b2, c22);
            c23 = a2.fma(b3, c23);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[aAt + k + 3 * STRIDE]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            c32 = a3.fma(b2, c32);
            c33 = a3.fma(b3, c33);
        }
        c00.intoArray(sums, 0);
        c01.intoArray(sums, LANES);
        c02.intoArray(sums, 2 * LANES);
        c03.intoArray(sums, 3 * LANES);
        c10.intoArray(sums, COLUMNS);
        c11.intoArray(sums, COLUMNS + LANES);
        c12.intoArray(sums, COLUMNS + 2 * LANES);
        c13.intoArray(sums, COLUMNS + 3 * LANES);
        c20.intoArray(sums, 2 * COLUMNS);
        c21.intoArray(sums, 2 * COLUMNS + LANES);
        c22.intoArray(sums, 2 * COLUMNS + 2 * LANES);
        c23.intoArray(sums, 2 * COLUMNS + 3 * LANES);
        c30.intoArray(sums, 3 * COLUMNS);
        c31.intoArray(sums, 3 * COLUMNS + LANES);
        c32.intoArray(sums, 3 * COLUMNS + 2 * LANES);
        c33.intoArray(sums, 3 * COLUMNS + 3 * LANES);
    }

    private static void multiply2(float[] a, int aAt, MemorySegment b, int depth, float[] sums) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        FloatVector c02 = FloatVector.zero(SPECIES);
        FloatVector c03 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c11 = FloatVector.zero(SPECIES);
        FloatVector c12 = FloatVector.zero(SPECIES);
        FloatVector c13 = FloatVector.zero(SPECIES);
        MemorySegment known = FloatTile.known(b);
        for (int k = 0; k < depth; k++) {
            long at = (long) k * STEP;
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, known, at, LITTLE_ENDIAN);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, known, at + BYTES, LITTLE_ENDIAN);
            FloatVector b2 = FloatVector.fromMemorySegment(SPECIES, known, at + 2 * BYTES, LITTLE_ENDIAN);
            FloatVector b3 = FloatVector.fromMemorySegment(SPECIES, known, at + 3 * BYTES, LITTLE_ENDIAN);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aAt + k]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            c03 = a0.fma(b3, c03);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[aAt + k + STRIDE]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            c13 = a1.fma(b3, c13);
        }
        c00.intoArray(sums, 0);
        c01.intoArray(sums, LANES);
        c02.intoArray(sums, 2 * LANES);
        c03.intoArray(sums, 3 * LANES);
        c10.intoArray(sums, COLUMNS);
        c11.intoArray(sums, COLUMNS + LANES);
        c12.intoArray(sums, COLUMNS + 2 * LANES);
        c13.intoArray(sums, COLUMNS + 3 * LANES);
    }

    private static void multiply1(float[] a, int aAt, MemorySegment b, int depth, float[] sums) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        FloatVector c02 = FloatVector.zero(SPECIES);
        FloatVector c03 = FloatVector.zero(SPECIES);
        MemorySegment known = FloatTile.known(b);
        for (int k = 0; k < depth; k++) {
            long at = (long) k * STEP;
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, known, at, LITTLE_ENDIAN);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, known, at + BYTES, LITTLE_ENDIAN);
            FloatVector b2 = FloatVector.fromMemorySegment(SPECIES, known, at + 2 * BYTES, LITTLE_ENDIAN);
            FloatVector b3 = FloatVector.fromMemorySegment(SPECIES, known, at + 3 * BYTES, LITTLE_ENDIAN);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aAt + k]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            c03 = a0.fma(b3, c03);
        }
        c00.intoArray(sums, 0);
        c01.intoArray(sums, LANES);
        c02.intoArray(sums, 2 * LANES);
        c03.intoArray(sums, 3 * LANES);
    }
}
