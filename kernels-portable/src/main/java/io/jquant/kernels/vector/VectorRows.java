// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.cpu.Architecture;
import io.jquant.kernels.common.HeapArrays;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Bytes to floats and sums of floats to integers, on the widest vectors of this JVM. Loops call nothing of ours: a
 * method that C2 compiled before the loop around it may be code too large to inline, and vectors would be boxed.
 */
final class VectorRows {
    static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, shape());
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, shape());
    /** Of 64 bits, the narrowest there are, where vectors have 128: only the first half of their lanes counts then. */
    static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, FLOATS.vectorBitSize() / 4)));
    static final int LANES = FLOATS.length();
    /** Weights of a column that lie next to each other, an integer for every lane. */
    static final int FOUR = 4;
    /** Bytes that are converted at once. */
    static final int AT_ONCE = BYTES.length();
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
        if (from.isNative()) {
            outsideToFloats(from, at, count, to, toAt);
        } else {
            bytesToFloats(from, at, count, to, toAt);
        }
    }

    // every loop twice, for one class of segments each

    private static void outsideToFloats(MemorySegment from, long at, int count, float[] to, int toAt) {
        MemorySegment known = Backing.outside(from);
        for (int i = 0; i < count; i += AT_ONCE) {
            ByteVector bytes = ByteVector.fromMemorySegment(BYTES, known, at + i, LITTLE_ENDIAN);
            ((FloatVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                    .convert(VectorOperators.I2F, 0)).intoArray(to, toAt + i);
            if (HALVES) {
                ((FloatVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 1)
                        .convert(VectorOperators.I2F, 0)).intoArray(to, toAt + i + LANES);
            }
        }
    }

    private static void bytesToFloats(MemorySegment from, long at, int count, float[] to, int toAt) {
        MemorySegment known = HeapArrays.ofBytes(from);
        for (int i = 0; i < count; i += AT_ONCE) {
            ByteVector bytes = ByteVector.fromMemorySegment(BYTES, known, at + i, LITTLE_ENDIAN);
            ((FloatVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                    .convert(VectorOperators.I2F, 0)).intoArray(to, toAt + i);
            if (HALVES) {
                ((FloatVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 1)
                        .convert(VectorOperators.I2F, 0)).intoArray(to, toAt + i + LANES);
            }
        }
    }

    /** {@link #AT_ONCE} u8 of each row to floats of rows of the workspace. */
    static void columnToFloats(MemorySegment from, long at, long step, int rows, float[] to, int toAt) {
        if (from.isNative()) {
            outsideColumnToFloats(from, at, step, rows, to, toAt);
        } else {
            bytesColumnToFloats(from, at, step, rows, to, toAt);
        }
    }

    private static void outsideColumnToFloats(MemorySegment from, long at, long step, int rows, float[] to,
            int toAt) {
        MemorySegment known = Backing.outside(from);
        for (int i = 0; i < rows; i++) {
            ByteVector bytes = ByteVector.fromMemorySegment(BYTES, known, at + i * step, LITTLE_ENDIAN);
            ((FloatVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                    .convert(VectorOperators.I2F, 0)).intoArray(to, toAt + i * Workspace.STRIDE);
            if (HALVES) {
                ((FloatVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 1)
                        .convert(VectorOperators.I2F, 0)).intoArray(to, toAt + i * Workspace.STRIDE + LANES);
            }
        }
    }

    private static void bytesColumnToFloats(MemorySegment from, long at, long step, int rows, float[] to, int toAt) {
        MemorySegment known = HeapArrays.ofBytes(from);
        for (int i = 0; i < rows; i++) {
            ByteVector bytes = ByteVector.fromMemorySegment(BYTES, known, at + i * step, LITTLE_ENDIAN);
            ((FloatVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                    .convert(VectorOperators.I2F, 0)).intoArray(to, toAt + i * Workspace.STRIDE);
            if (HALVES) {
                ((FloatVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 1)
                        .convert(VectorOperators.I2F, 0)).intoArray(to, toAt + i * Workspace.STRIDE + LANES);
            }
        }
    }

    /** s8 weights off the heap, {@code [depth / 4][columns][4]}, to floats, {@code [depth][columns]}, whole fours. */
    static void signedToFloats(MemorySegment from, long at, int depth, int columns, MemorySegment to) {
        MemorySegment outside = Backing.outside(from);
        MemorySegment known = Backing.outside(to);
        long next = at;
        long row = (long) columns * Float.BYTES;
        for (int k = 0; k < depth; k += FOUR) {
            for (int j = 0; j < columns; j += LANES, next += (long) FOUR * LANES) {
                long i = k * row + (long) j * Float.BYTES;
                IntVector fours = IntVector.fromMemorySegment(INTS, outside, next, LITTLE_ENDIAN);
                ((FloatVector) fours.lanewise(VectorOperators.LSHL, 24).lanewise(VectorOperators.ASHR, 24)
                        .convert(VectorOperators.I2F, 0)).intoMemorySegment(known, i, LITTLE_ENDIAN);
                ((FloatVector) fours.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 24)
                        .convert(VectorOperators.I2F, 0)).intoMemorySegment(known, i + row, LITTLE_ENDIAN);
                ((FloatVector) fours.lanewise(VectorOperators.LSHL, 8).lanewise(VectorOperators.ASHR, 24)
                        .convert(VectorOperators.I2F, 0)).intoMemorySegment(known, i + 2 * row, LITTLE_ENDIAN);
                ((FloatVector) fours.lanewise(VectorOperators.ASHR, 24).convert(VectorOperators.I2F, 0))
                        .intoMemorySegment(known, i + 3 * row, LITTLE_ENDIAN);
            }
        }
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
