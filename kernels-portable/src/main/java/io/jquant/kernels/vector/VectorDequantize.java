// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.BYTES;
import static io.jquant.kernels.vector.Lanes.INTS;
import static io.jquant.kernels.vector.Lanes.LANES;
import static io.jquant.kernels.vector.Lanes.REACH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.kernels.portable.Affine;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Bytes to floats. */
final class VectorDequantize extends VectorRange {
    private final float scale;
    private final int zeroPoint;
    private final byte flip;

    VectorDequantize(Affine from) {
        super(1, Float.BYTES, LANES, REACH);
        scale = from.scale();
        zeroPoint = Lanes.flippedZero(from);
        flip = Lanes.flip(from.type());
    }

    @Override
    void arrays(Object input, int inputAt, Object output, int outputAt, int count) {
        dequantize((byte[]) input, inputAt, (float[]) output, outputAt, count, scale, zeroPoint, flip);
    }

    private static void dequantize(byte[] input, int inputAt, float[] output, int outputAt, int count, float scale,
            int zeroPoint, byte flip) {
        for (int i = 0; i < count; i += LANES) {
            ByteVector bytes = ByteVector.fromArray(BYTES, input, inputAt + i);
            ((FloatVector) ((IntVector) bytes.lanewise(VectorOperators.XOR, flip)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)).sub(zeroPoint)
                    .convert(VectorOperators.I2F, 0)).mul(scale).intoArray(output, outputAt + i);
        }
    }

    @Override
    void memory(MemorySegment input, long inputOffset, MemorySegment output, long outputOffset, int count) {
        MemorySegment from = Backing.outside(input);
        MemorySegment to = Backing.outside(output);
        byte toUnsigned = flip;
        int zero = zeroPoint;
        float factor = scale;
        for (int i = 0; i < count; i += LANES) {
            ByteVector bytes = ByteVector.fromMemorySegment(BYTES, from, inputOffset + i, LITTLE_ENDIAN);
            ((FloatVector) ((IntVector) bytes.lanewise(VectorOperators.XOR, toUnsigned)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)).sub(zero)
                    .convert(VectorOperators.I2F, 0)).mul(factor)
                    .intoMemorySegment(to, outputOffset + (long) i * Float.BYTES, LITTLE_ENDIAN);
        }
    }
}
