// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.vector;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.kernels.vector.FewRows;
import io.jquant.kernels.vector.FloatTile;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * 256-bit vectors: 8 of the 16 registers hold sums, enough for multiply-adds that take four cycles. C2 loads the
 * elements of all rows before it multiplies: with a fifth row it keeps a sum in memory, and every step waits for it.
 */
final class Avx2Tile implements FloatTile {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_256;
    private static final int LANES = 8;
    private static final int COLUMNS = 2 * LANES;
    private static final int STRIDE = FloatTile.STRIDE;
    private static final int BYTES = LANES * Float.BYTES;
    private static final int STEP = COLUMNS * Float.BYTES;

    @Override
    public int rows() {
        return 4;
    }

    @Override
    public int columns() {
        return COLUMNS;
    }

    @Override
    public FewRows fewRows() {
        return new Avx2FewRows(Byte.SIZE);
    }

    @Override
    public int multiply(int rows, float[] a, int aAt, MemorySegment b, int depth, float[] sums) {
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
