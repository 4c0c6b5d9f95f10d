// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.WIDE;
import static io.jquant.kernels.vector.Lanes.WIDE_LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.kernels.common.ByteBounds;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorOperators;

/** Bounds on bytes: what a table does that changes nothing between two bounds, of u8 or of s8. */
final class VectorClamp extends VectorRange {
    private final byte low;
    private final byte high;
    private final byte flip;

    /** Bounds on bytes as s8, once they are combined with something by exclusive or. */
    private VectorClamp(byte low, byte high, byte flip) {
        super(1, 1, WIDE_LANES, WIDE_LANES);
        this.low = low;
        this.high = high;
        this.flip = flip;
    }

    /** {@return the bounds that a table means; null if it means something else} */
    static VectorClamp of(byte[] table) {
        ByteBounds bounds = ByteBounds.of(table);
        if (bounds == null) {
            return null;
        }
        byte flip = bounds.signed() ? 0 : Byte.MIN_VALUE;
        return new VectorClamp((byte) (bounds.low() ^ flip), (byte) (bounds.high() ^ flip), flip);
    }

    @Override
    void arrays(Object input, int inputAt, Object output, int outputAt, int count) {
        clamp((byte[]) input, inputAt, (byte[]) output, outputAt, count, low, high, flip);
    }

    private static void clamp(byte[] input, int inputAt, byte[] output, int outputAt, int count, byte low, byte high,
            byte flip) {
        for (int i = 0; i < count; i += WIDE_LANES) {
            ByteVector.fromArray(WIDE, input, inputAt + i).lanewise(VectorOperators.XOR, flip).max(low).min(high)
                    .lanewise(VectorOperators.XOR, flip).intoArray(output, outputAt + i);
        }
    }

    @Override
    void memory(MemorySegment input, long inputOffset, MemorySegment output, long outputOffset, int count) {
        MemorySegment from = Backing.outside(input);
        MemorySegment to = Backing.outside(output);
        byte least = low;
        byte most = high;
        byte toSigned = flip;
        for (int i = 0; i < count; i += WIDE_LANES) {
            ByteVector.fromMemorySegment(WIDE, from, inputOffset + i, LITTLE_ENDIAN)
                    .lanewise(VectorOperators.XOR, toSigned).max(least).min(most)
                    .lanewise(VectorOperators.XOR, toSigned)
                    .intoMemorySegment(to, outputOffset + i, LITTLE_ENDIAN);
        }
    }
}
