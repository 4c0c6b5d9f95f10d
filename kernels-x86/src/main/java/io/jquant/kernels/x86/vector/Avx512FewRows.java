// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.vector;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.kernels.vector.FewRows;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** 512-bit vectors: eight sums, so that no multiply-add waits for the one before it. */
final class Avx512FewRows implements FewRows {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_512;
    private static final VectorSpecies<Integer> FOURS = IntVector.SPECIES_512;
    private static final int LANES = 16;
    private static final int COLUMNS = 2 * LANES;
    /** Bytes of a vector. */
    private static final int BYTES = 64;

    private final int upper = UPPER;

    @Override
    public void multiply(int rows, float[] a, int aAt, int aStride, MemorySegment weights, long weightsAt, int depth,
            float[] sums) {
        if (rows == 1) {
            for (int column = 0; column < COLUMNS; column += 2 * LANES) {
                multiply1(a, aAt, weights, weightsAt + (long) column * STEP, depth, upper, sums, column);
            }
            return;
        }
        for (int row = 0; row < rows; row += 2) {
            for (int column = 0; column < COLUMNS; column += LANES) {
                multiply2(a, aAt + row * aStride, aStride, weights, weightsAt + (long) column * STEP, depth, upper,
                        sums, row * COLUMNS + column);
            }
        }
    }

    private static IntVector load(MemorySegment weights, long at) {
        return IntVector.fromMemorySegment(FOURS, weights, at, LITTLE_ENDIAN);
    }

    private static FloatVector floats(IntVector integers) {
        return (FloatVector) integers.convert(VectorOperators.I2F, 0);
    }

    private static FloatVector first(IntVector fours) {
        return floats(fours.lanewise(VectorOperators.LSHL, 24));
    }

    private static FloatVector second(IntVector fours, int upper) {
        return floats(fours.lanewise(VectorOperators.LSHL, 16).and(upper));
    }

    private static FloatVector third(IntVector fours, int upper) {
        return floats(fours.lanewise(VectorOperators.LSHL, 8).and(upper));
    }

    private static FloatVector fourth(IntVector fours, int upper) {
        return floats(fours.and(upper));
    }

    private static void multiply1(float[] a, int aAt, MemorySegment weights, long weightsAt, int depth, int upper,
            float[] sums, int sumsAt) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        FloatVector d00 = FloatVector.zero(SPECIES);
        FloatVector d01 = FloatVector.zero(SPECIES);
        FloatVector e00 = FloatVector.zero(SPECIES);
        FloatVector e01 = FloatVector.zero(SPECIES);
        FloatVector f00 = FloatVector.zero(SPECIES);
        FloatVector f01 = FloatVector.zero(SPECIES);
        MemorySegment known = FewRows.known(weights);
        for (int k = 0; k < depth; k += STEP) {
            long at = weightsAt + (long) k * COLUMNS;
            IntVector b0 = load(known, at);
            IntVector b1 = load(known, at + BYTES);
            FloatVector a00 = FloatVector.broadcast(SPECIES, a[aAt + k]);
            c00 = a00.fma(first(b0), c00);
            c01 = a00.fma(first(b1), c01);
            FloatVector a01 = FloatVector.broadcast(SPECIES, a[aAt + k + 1]);
            d00 = a01.fma(second(b0, upper), d00);
            d01 = a01.fma(second(b1, upper), d01);
            FloatVector a02 = FloatVector.broadcast(SPECIES, a[aAt + k + 2]);
            e00 = a02.fma(third(b0, upper), e00);
            e01 = a02.fma(third(b1, upper), e01);
            FloatVector a03 = FloatVector.broadcast(SPECIES, a[aAt + k + 3]);
            f00 = a03.fma(fourth(b0, upper), f00);
            f01 = a03.fma(fourth(b1, upper), f01);
        }
        c00.add(d00).add(e00).add(f00).intoArray(sums, sumsAt);
        c01.add(d01).add(e01).add(f01).intoArray(sums, sumsAt + LANES);
    }

    private static void multiply2(float[] a, int aAt, int aStride, MemorySegment weights, long weightsAt,
            int depth, int upper, float[] sums, int sumsAt) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector d00 = FloatVector.zero(SPECIES);
        FloatVector d10 = FloatVector.zero(SPECIES);
        FloatVector e00 = FloatVector.zero(SPECIES);
        FloatVector e10 = FloatVector.zero(SPECIES);
        FloatVector f00 = FloatVector.zero(SPECIES);
        FloatVector f10 = FloatVector.zero(SPECIES);
        MemorySegment known = FewRows.known(weights);
        for (int k = 0; k < depth; k += STEP) {
            long at = weightsAt + (long) k * COLUMNS;
            IntVector b0 = load(known, at);
            FloatVector a00 = FloatVector.broadcast(SPECIES, a[aAt + k]);
            FloatVector a10 = FloatVector.broadcast(SPECIES, a[aAt + k + aStride]);
            FloatVector w00 = first(b0);
            c00 = a00.fma(w00, c00);
            c10 = a10.fma(w00, c10);
            FloatVector a01 = FloatVector.broadcast(SPECIES, a[aAt + k + 1]);
            FloatVector a11 = FloatVector.broadcast(SPECIES, a[aAt + k + 1 + aStride]);
            FloatVector w01 = second(b0, upper);
            d00 = a01.fma(w01, d00);
            d10 = a11.fma(w01, d10);
            FloatVector a02 = FloatVector.broadcast(SPECIES, a[aAt + k + 2]);
            FloatVector a12 = FloatVector.broadcast(SPECIES, a[aAt + k + 2 + aStride]);
            FloatVector w02 = third(b0, upper);
            e00 = a02.fma(w02, e00);
            e10 = a12.fma(w02, e10);
            FloatVector a03 = FloatVector.broadcast(SPECIES, a[aAt + k + 3]);
            FloatVector a13 = FloatVector.broadcast(SPECIES, a[aAt + k + 3 + aStride]);
            FloatVector w03 = fourth(b0, upper);
            f00 = a03.fma(w03, f00);
            f10 = a13.fma(w03, f10);
        }
        c00.add(d00).add(e00).add(f00).intoArray(sums, sumsAt);
        c10.add(d10).add(e10).add(f10).intoArray(sums, sumsAt + COLUMNS);
    }
}
