// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.FLOATS;
import static io.jquant.kernels.vector.Lanes.LANES;
import static io.jquant.kernels.vector.Lanes.WIDE;
import static io.jquant.kernels.vector.Lanes.WIDE_LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.DataType;
import io.jquant.kernels.portable.Affine;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * Floats to bytes, four vectors to one: where vectors are short, to narrow each takes longer than to add them, each
 * shifted to its byte of an integer, and to put the bytes in order.
 */
final class VectorQuantizeFours extends VectorRange {
    private static final int FOUR = 4;
    private static final VectorShuffle<Byte> ORDER =
            VectorShuffle.fromOp(WIDE, i -> i % LANES * FOUR + i / LANES);

    private final float reciprocal;
    private final int low;
    private final int high;
    /** What makes the sum of four vectors four bytes from 0 on. */
    private final int base;
    private final byte flip;

    VectorQuantizeFours(Affine to) {
        super(Float.BYTES, 1, WIDE_LANES, WIDE_LANES);
        reciprocal = 1.0f / to.scale();
        int least = to.type().min() - to.zeroPoint();
        low = Lanes.bound(least);
        high = Lanes.bound(to.type().max() - to.zeroPoint());
        base = -0x0101_0101 * low;
        flip = to.type() == DataType.S8 ? Byte.MIN_VALUE : 0;
    }

    /** {@return whether this JVM's vectors are so short} */
    static boolean isFaster() {
        return WIDE.vectorBitSize() < VectorTable.BITS;
    }

    @Override
    void arrays(Object input, int inputAt, Object output, int outputAt, int count) {
        quantize((float[]) input, inputAt, (byte[]) output, outputAt, count);
    }

    private void quantize(float[] input, int inputAt, byte[] output, int outputAt, int count) {
        FloatVector factor = FloatVector.broadcast(FLOATS, reciprocal);
        int atLeast = low;
        int atMost = high;
        int first = base;
        byte flips = flip;
        for (int i = 0; i < count; i += WIDE_LANES) {
            FloatVector a = FloatVector.fromArray(FLOATS, input, inputAt + i).mul(factor);
            FloatVector b = FloatVector.fromArray(FLOATS, input, inputAt + i + LANES).mul(factor);
            FloatVector c = FloatVector.fromArray(FLOATS, input, inputAt + i + 2 * LANES).mul(factor);
            FloatVector d = FloatVector.fromArray(FLOATS, input, inputAt + i + 3 * LANES).mul(factor);
            IntVector steps0 = a.blend(0.0f, a.compare(VectorOperators.NE, a)).add(Lanes.ROUND).reinterpretAsInts()
                    .max(atLeast).min(atMost);
            IntVector steps1 = b.blend(0.0f, b.compare(VectorOperators.NE, b)).add(Lanes.ROUND).reinterpretAsInts()
                    .max(atLeast).min(atMost).lanewise(VectorOperators.LSHL, 8);
            IntVector steps2 = c.blend(0.0f, c.compare(VectorOperators.NE, c)).add(Lanes.ROUND).reinterpretAsInts()
                    .max(atLeast).min(atMost).lanewise(VectorOperators.LSHL, 16);
            IntVector steps3 = d.blend(0.0f, d.compare(VectorOperators.NE, d)).add(Lanes.ROUND).reinterpretAsInts()
                    .max(atLeast).min(atMost).lanewise(VectorOperators.LSHL, 24);
            steps0.add(steps1).add(steps2.add(steps3)).add(first).reinterpretAsBytes().rearrange(ORDER)
                    .lanewise(VectorOperators.XOR, flips).intoArray(output, outputAt + i);
        }
    }

    @Override
    void memory(MemorySegment input, long inputOffset, MemorySegment output, long outputOffset, int count) {
        MemorySegment from = Backing.outside(input);
        MemorySegment to = Backing.outside(output);
        FloatVector factor = FloatVector.broadcast(FLOATS, reciprocal);
        int atLeast = low;
        int atMost = high;
        int first = base;
        byte flips = flip;
        for (int i = 0; i < count; i += WIDE_LANES) {
            long at = inputOffset + (long) i * Float.BYTES;
            FloatVector a = FloatVector.fromMemorySegment(FLOATS, from, at, LITTLE_ENDIAN).mul(factor);
            FloatVector b = FloatVector.fromMemorySegment(FLOATS, from, at + WIDE_LANES, LITTLE_ENDIAN).mul(factor);
            FloatVector c = FloatVector.fromMemorySegment(FLOATS, from, at + 2L * WIDE_LANES, LITTLE_ENDIAN)
                    .mul(factor);
            FloatVector d = FloatVector.fromMemorySegment(FLOATS, from, at + 3L * WIDE_LANES, LITTLE_ENDIAN)
                    .mul(factor);
            IntVector steps0 = a.blend(0.0f, a.compare(VectorOperators.NE, a)).add(Lanes.ROUND).reinterpretAsInts()
                    .max(atLeast).min(atMost);
            IntVector steps1 = b.blend(0.0f, b.compare(VectorOperators.NE, b)).add(Lanes.ROUND).reinterpretAsInts()
                    .max(atLeast).min(atMost).lanewise(VectorOperators.LSHL, 8);
            IntVector steps2 = c.blend(0.0f, c.compare(VectorOperators.NE, c)).add(Lanes.ROUND).reinterpretAsInts()
                    .max(atLeast).min(atMost).lanewise(VectorOperators.LSHL, 16);
            IntVector steps3 = d.blend(0.0f, d.compare(VectorOperators.NE, d)).add(Lanes.ROUND).reinterpretAsInts()
                    .max(atLeast).min(atMost).lanewise(VectorOperators.LSHL, 24);
            steps0.add(steps1).add(steps2.add(steps3)).add(first).reinterpretAsBytes().rearrange(ORDER)
                    .lanewise(VectorOperators.XOR, flips).intoMemorySegment(to, outputOffset + i, LITTLE_ENDIAN);
        }
    }
}
