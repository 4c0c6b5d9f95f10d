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
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The widest vectors of this JVM, and the numbers that kernels use with them. */
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
    /** Shorts of a vector, each pair of them in an integer. */
    static final int PAIRS = SHORTS.length();

    /** Adding 1.5 * 2^23 rounds a small number to the nearest integer, ties to even, in the low bits. */
    static final float ROUND = 12582912.0f;
    private static final int ROUND_BITS = Float.floatToRawIntBits(ROUND);

    /** Stores {@link #LANES} bytes and nothing beyond them where {@link #REACH} is more. */
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

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

    /**
     * A bound of the bits of steps from a zero point to which {@link #ROUND} was added. Steps too many to be rounded so
     * are beyond both bounds, and so are those bits: floats from 0 on are ordered as their bits are, and those below 0
     * are negative.
     */
    static int bound(float steps) {
        return ROUND_BITS + (int) steps;
    }
}
