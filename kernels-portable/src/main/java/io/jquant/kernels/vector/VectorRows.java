// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import io.jquant.cpu.Architecture;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Bytes to floats and sums of floats to integers, on the widest vectors of this JVM. */
final class VectorRows {
    static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, shape());
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, shape());
    /** Of 64 bits, the narrowest there are, where vectors have 128: only the first half of their lanes counts then. */
    static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, FLOATS.vectorBitSize() / 4)));
    static final int LANES = FLOATS.length();
    /** Weights of a column that lie next to each other, an integer for every lane. */
    static final int FOUR = 4;
    private static final boolean HALVES = BYTES.length() > LANES;

    private VectorRows() {
    }

    /** SVE is wider than NEON, and slower than it is wide: on Arm these kernels are NEON's. */
    private static VectorShape shape() {
        VectorShape widest = VectorShape.preferredShape();
        return Architecture.current() == Architecture.AARCH64 && widest.vectorBitSize() > 128
                ? VectorShape.S_128_BIT : widest;
    }

    /** {@return the width of this JVM's vectors} */
    static int bits() {
        return FLOATS.vectorBitSize();
    }

    /** u8 to floats, rounded up to whole vectors of floats and of bytes. */
    static void unsignedToFloats(MemorySegment from, long at, int count, float[] to, int toAt) {
        for (int i = 0; i < count; i += BYTES.length()) {
            ByteVector bytes = ByteVector.fromMemorySegment(BYTES, from, at + i, ByteOrder.LITTLE_ENDIAN);
            unsigned(bytes, 0).intoArray(to, toAt + i);
            if (HALVES) {
                unsigned(bytes, 1).intoArray(to, toAt + i + LANES);
            }
        }
    }

    private static FloatVector unsigned(ByteVector bytes, int part) {
        IntVector ints = (IntVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, part);
        return (FloatVector) ints.convert(VectorOperators.I2F, 0);
    }

    /** s8 weights, {@code [depth / 4][columns][4]}, to floats, {@code [depth][columns]}, in whole fours. */
    static void signedToFloats(MemorySegment from, long at, int depth, int columns, float[] to) {
        long next = at;
        for (int k = 0; k < depth; k += FOUR) {
            for (int i = k * columns; i < (k + 1) * columns; i += LANES, next += (long) FOUR * LANES) {
                IntVector fours = IntVector.fromMemorySegment(INTS, from, next, ByteOrder.LITTLE_ENDIAN);
                signed(fours.lanewise(VectorOperators.LSHL, 24)).intoArray(to, i);
                signed(fours.lanewise(VectorOperators.LSHL, 16)).intoArray(to, i + columns);
                signed(fours.lanewise(VectorOperators.LSHL, 8)).intoArray(to, i + 2 * columns);
                signed(fours).intoArray(to, i + 3 * columns);
            }
        }
    }

    private static FloatVector signed(IntVector fours) {
        return (FloatVector) fours.lanewise(VectorOperators.ASHR, 24).convert(VectorOperators.I2F, 0);
    }

    /** Stores the rows of a tile, added to what their columns begin with, as integers. */
    static void store(float[] from, int rows, int columns, int[] initial, int initialAt, int[] to, int toAt,
            int toStep) {
        for (int j = 0; j < columns; j += LANES) {
            IntVector begin = IntVector.fromArray(INTS, initial, initialAt + j);
            for (int i = 0; i < rows; i++) {
                FloatVector floats = FloatVector.fromArray(FLOATS, from, i * columns + j);
                IntVector ints = (IntVector) floats.convert(VectorOperators.F2I, 0);
                ints.add(begin).intoArray(to, toAt + i * toStep + j);
            }
        }
    }

    /** The same of sums below 2^22: when {@link Lanes#ROUND} is added, they are in the low bits. */
    static void storeSmall(float[] from, int rows, int columns, int[] initial, int initialAt, int[] to, int toAt,
            int toStep) {
        for (int j = 0; j < columns; j += LANES) {
            IntVector begin = IntVector.fromArray(INTS, initial, initialAt + j).sub(Lanes.bound(0));
            for (int i = 0; i < rows; i++) {
                FloatVector floats = FloatVector.fromArray(FLOATS, from, i * columns + j);
                floats.add(Lanes.ROUND).reinterpretAsInts().add(begin).intoArray(to, toAt + i * toStep + j);
            }
        }
    }

    /** Adds the rows of a tile to integers. */
    static void add(float[] from, int rows, int columns, int[] to, int toAt, int toStep) {
        for (int j = 0; j < columns; j += LANES) {
            for (int i = 0; i < rows; i++) {
                FloatVector floats = FloatVector.fromArray(FLOATS, from, i * columns + j);
                IntVector ints = (IntVector) floats.convert(VectorOperators.F2I, 0);
                int at = toAt + i * toStep + j;
                ints.add(IntVector.fromArray(INTS, to, at)).intoArray(to, at);
            }
        }
    }
}
