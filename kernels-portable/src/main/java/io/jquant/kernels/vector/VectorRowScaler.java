// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.kernels.common.DynamicColumns;
import io.jquant.kernels.common.RowScaler;
import io.jquant.kernels.common.Scratch;
import io.jquant.kernels.common.Stage;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Sums to the floats of a row of a dynamic layer. */
final class VectorRowScaler implements RowScaler {
    private static final VectorSpecies<Float> FLOATS = VectorRows.FLOATS;
    private static final VectorSpecies<Integer> INTS = VectorRows.INTS;
    private static final int LANES = VectorRows.LANES;

    @Override
    public void run(MemorySegment raw, long rawOffset, DynamicColumns columns, int first, int count, Row row,
            MemorySegment output, long outputOffset, Scratch scratch) {
        float[] staged = scratch.stage().floatOutput;
        for (int i = 0; i < count; i += Stage.SIZE) {
            int block = Math.min(Stage.SIZE, count - i);
            // sums are there for whole panels, and numbers too
            scale(raw, rawOffset + (long) i * Integer.BYTES, columns, first + i, Math.ceilDiv(block, LANES) * LANES,
                    row.scale, row.zeroPoint, columns.depth * row.zeroPoint - row.sum, staged);
            Backing.store(staged, output, outputOffset + (long) i * Float.BYTES, Float.BYTES, block);
        }
    }

    private static void scale(MemorySegment raw, long rawOffset, DynamicColumns columns, int first, int count,
            float rowScale, int rowZero, int ofZeroPoint, float[] to) {
        int[] lacking = columns.lacking;
        int[] sums = columns.sums;
        int[] zeroPoints = columns.zeroPoints;
        float[] scales = columns.scales;
        float[] biases = columns.biases;
        float min = columns.min;
        float max = columns.max;
        for (int i = 0; i < count; i += LANES) {
            IntVector sum = IntVector.fromMemorySegment(INTS, raw, rawOffset + (long) i * Integer.BYTES, LITTLE_ENDIAN)
                    .add(IntVector.fromArray(INTS, lacking, first + i))
                    .sub(IntVector.fromArray(INTS, sums, first + i).mul(rowZero))
                    .add(IntVector.fromArray(INTS, zeroPoints, first + i).mul(ofZeroPoint));
            ((FloatVector) sum.convert(VectorOperators.I2F, 0))
                    .mul(FloatVector.fromArray(FLOATS, scales, first + i).mul(rowScale))
                    .add(FloatVector.fromArray(FLOATS, biases, first + i)).max(min).min(max).intoArray(to, i);
        }
    }
}
