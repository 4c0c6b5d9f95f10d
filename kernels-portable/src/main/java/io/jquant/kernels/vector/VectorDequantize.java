// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.BYTES;
import static io.jquant.kernels.vector.Lanes.LANES;
import static io.jquant.kernels.vector.Lanes.REACH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.kernels.portable.Affine;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;

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
            Lanes.steps(bytes, flip, zeroPoint).mul(scale).intoArray(output, outputAt + i);
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
            Lanes.steps(bytes, toUnsigned, zero).mul(factor)
                    .intoMemorySegment(to, outputOffset + (long) i * Float.BYTES, LITTLE_ENDIAN);
        }
    }
}
