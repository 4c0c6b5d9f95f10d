// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.vector;

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
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, FLOATS.vectorBitSize() / 4)));
    static final int LANES = FLOATS.length();

    private VectorRows() {
    }

    /** {@return the width of this JVM's vectors} */
    static int bits() {
        return FLOATS.vectorBitSize();
    }

    /** u8 to floats, rounded up to whole vectors. */
    static void unsignedToFloats(MemorySegment from, long at, int count, float[] to, int toAt) {
        for (int i = 0; i < count; i += LANES) {
            ByteVector bytes = ByteVector.fromMemorySegment(BYTES, from, at + i, ByteOrder.LITTLE_ENDIAN);
            IntVector ints = (IntVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
            ((FloatVector) ints.convert(VectorOperators.I2F, 0)).intoArray(to, toAt + i);
        }
    }

    /** s8 to floats, a multiple of the vectors' length. */
    static void signedToFloats(MemorySegment from, long at, int count, float[] to) {
        for (int i = 0; i < count; i += LANES) {
            ByteVector bytes = ByteVector.fromMemorySegment(BYTES, from, at + i, ByteOrder.LITTLE_ENDIAN);
            ((FloatVector) bytes.convertShape(VectorOperators.B2F, FLOATS, 0)).intoArray(to, i);
        }
    }

    /** Stores a row of a tile, added to what its columns begin with, as integers. */
    static void store(float[] from, int at, int count, int[] initial, int initialAt, int[] to, int toAt) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector floats = FloatVector.fromArray(FLOATS, from, at + i);
            IntVector ints = (IntVector) floats.convert(VectorOperators.F2I, 0);
            ints.add(IntVector.fromArray(INTS, initial, initialAt + i)).intoArray(to, toAt + i);
        }
    }

    /** Adds a row of a tile to integers. */
    static void add(float[] from, int at, int count, int[] to, int toAt) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector floats = FloatVector.fromArray(FLOATS, from, at + i);
            IntVector ints = (IntVector) floats.convert(VectorOperators.F2I, 0);
            ints.add(IntVector.fromArray(INTS, to, toAt + i)).intoArray(to, toAt + i);
        }
    }
}
