// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.BYTES;
import static io.jquant.kernels.vector.Lanes.FLOATS;
import static io.jquant.kernels.vector.Lanes.LANES;
import static io.jquant.kernels.vector.Lanes.REACH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.kernels.portable.Affine;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Floats to bytes. */
final class VectorQuantize extends VectorRange {
    private final float reciprocal;
    private final int low;
    private final int high;
    private final int zeroPoint;

    VectorQuantize(Affine to) {
        this(1.0f / to.scale(), to.type().min(), to.type().max(), to.zeroPoint());
    }

    private VectorQuantize(float reciprocal, long min, long max, int zeroPoint) {
        super(Float.BYTES, 1, LANES, REACH);
        this.reciprocal = reciprocal;
        this.low = Lanes.bound((float) (min - zeroPoint));
        this.high = Lanes.bound((float) (max - zeroPoint));
        this.zeroPoint = zeroPoint;
    }

    @Override
    void arrays(Object input, int inputAt, Object output, int outputAt, int count) {
        quantize((float[]) input, inputAt, (byte[]) output, outputAt, count, reciprocal, low, high, zeroPoint);
    }

    static void quantize(float[] input, int inputAt, byte[] output, int outputAt, int count, float reciprocal,
            int low, int high, int zeroPoint) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector steps = FloatVector.fromArray(FLOATS, input, inputAt + i).mul(reciprocal);
            ((ByteVector) steps.blend(0.0f, steps.compare(VectorOperators.NE, steps)).add(Lanes.ROUND)
                    .reinterpretAsInts().max(low).min(high).add(zeroPoint)
                    .convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(output, outputAt + i);
        }
    }

    @Override
    void memory(MemorySegment input, long inputOffset, MemorySegment output, long outputOffset, int count) {
        MemorySegment from = Backing.outside(input);
        MemorySegment to = Backing.outside(output);
        int atLeast = low;
        int atMost = high;
        FloatVector factor = FloatVector.broadcast(FLOATS, reciprocal);
        int zero = zeroPoint;
        for (int i = 0; i < count; i += LANES) {
            FloatVector steps = FloatVector.fromMemorySegment(FLOATS, from, inputOffset + (long) i * Float.BYTES,
                    LITTLE_ENDIAN).mul(factor);
            ((ByteVector) steps.blend(0.0f, steps.compare(VectorOperators.NE, steps)).add(Lanes.ROUND)
                    .reinterpretAsInts().max(atLeast).min(atMost).add(zero)
                    .convertShape(VectorOperators.I2B, BYTES, 0))
                    .intoMemorySegment(to, outputOffset + i, LITTLE_ENDIAN);
        }
    }
}
