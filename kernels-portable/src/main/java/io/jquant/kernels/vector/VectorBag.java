// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.BYTES;
import static io.jquant.kernels.vector.Lanes.FLOATS;
import static io.jquant.kernels.vector.Lanes.INTS;
import static io.jquant.kernels.vector.Lanes.LANES;
import static io.jquant.kernels.vector.Lanes.REACH;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.kernels.common.BagKernel;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Rows of 8 bits added to sums. */
final class VectorBag implements BagKernel {
    @Override
    public void add(MemorySegment table, long offset, float scale, float bias, float[] sums, int count) {
        int whole = count < REACH ? 0 : (count - REACH) / LANES * LANES + LANES;
        MemorySegment from = Backing.outside(table);
        FloatVector factor = FloatVector.broadcast(FLOATS, scale);
        FloatVector begin = FloatVector.broadcast(FLOATS, bias);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector quantized = (FloatVector) ByteVector.fromMemorySegment(BYTES, from, offset + i, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0).convert(VectorOperators.I2F, 0);
            quantized.fma(factor, FloatVector.fromArray(FLOATS, sums, i).add(begin)).intoArray(sums, i);
        }
        for (int i = whole; i < count; i++) {
            int quantized = Byte.toUnsignedInt(table.get(JAVA_BYTE, offset + i));
            sums[i] = Math.fma(scale, quantized, sums[i] + bias);
        }
    }
}
