// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import io.jquant.DataType;
import io.jquant.kernels.portable.Affine;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The widest vectors of this JVM, and what kernels do with one. Small methods: the compiler must inline them. */
final class Lanes {
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    /** As many bytes as there are floats; 8 where those are 4, since there are no shorter vectors. */
    static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, FLOATS.vectorBitSize() / 4)));
    static final int LANES = FLOATS.length();
    /** What loading or storing {@link #LANES} bytes touches. */
    static final int REACH = BYTES.length();
    /** Whole vectors of bytes. */
    static final VectorSpecies<Byte> WIDE = ByteVector.SPECIES_PREFERRED;
    static final int WIDE_LANES = WIDE.length();
    static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
    /** As many bytes as there are shorts. */
    static final VectorSpecies<Byte> HALF =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(SHORTS.vectorBitSize() / 2));
    /** Shorts of a vector, each pair of them in an integer. */
    static final int PAIRS = SHORTS.length();

    /** Adding 1.5 * 2^23 rounds a small number to the nearest integer, ties to even, in the low bits. */
    static final float ROUND = 12582912.0f;
    /** What can be rounded so before it is bounded, with a margin. */
    static final double SMALL = 1 << 21;
    private static final int ROUND_BITS = Float.floatToRawIntBits(ROUND);

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private Lanes() {
    }

    /** What bytes are combined with by exclusive or to be u8. */
    static byte flip(DataType type) {
        return type == DataType.S8 ? Byte.MIN_VALUE : 0;
    }

    /** The zero point of bytes that {@link #flip} has made u8. */
    static int flippedZero(Affine element) {
        return element.zeroPoint() + (element.type() == DataType.S8 ? 128 : 0);
    }

    /** u8 as integers. */
    static IntVector widen(ByteVector bytes) {
        return (IntVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
    }

    /** The distances of bytes from their zero point. */
    static IntVector distance(ByteVector bytes, byte flip, int flippedZero) {
        return widen(bytes.lanewise(VectorOperators.XOR, flip)).sub(flippedZero);
    }

    /** The distances of bytes from their zero point, as floats. */
    static FloatVector steps(ByteVector bytes, byte flip, int flippedZero) {
        return (FloatVector) distance(bytes, flip, flippedZero).convert(VectorOperators.I2F, 0);
    }

    /** Steps from a zero point, NaN for none, rounded, between two {@linkplain #bound bounds}, the zero point added. */
    static ByteVector round(FloatVector steps, int low, int high, int zeroPoint) {
        return roundNumbers(steps.blend(0.0f, steps.compare(VectorOperators.NE, steps)), low, high, zeroPoint);
    }

    /** A bound of {@link #round}. */
    static int bound(float steps) {
        return ROUND_BITS + (int) steps;
    }

    /**
     * The same of what is never NaN. A number too large to be rounded so is beyond both bounds, and so are its bits
     * when {@link #ROUND} is added: floats from 0 on are ordered as their bits are, and those below 0 are negative.
     */
    static ByteVector roundNumbers(FloatVector steps, int low, int high, int zeroPoint) {
        return narrow(steps.add(ROUND).reinterpretAsInts().max(low).min(high).add(zeroPoint));
    }

    /** Bytes as {@link #LANES} of them lie in integers. */
    static ByteVector narrow(IntVector integers) {
        return (ByteVector) integers.convertShape(VectorOperators.I2B, BYTES, 0);
    }

    /** Stores {@link #LANES} bytes and nothing beyond them. */
    static void store(ByteVector bytes, byte[] to, int at) {
        if (LANES == REACH) {
            bytes.intoArray(to, at);
        } else {
            INT.set(to, at, bytes.reinterpretAsInts().lane(0));
        }
    }
}
