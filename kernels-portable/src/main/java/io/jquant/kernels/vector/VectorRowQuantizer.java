// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.BYTES;
import static io.jquant.kernels.vector.Lanes.FLOATS;
import static io.jquant.kernels.vector.Lanes.LANES;
import static io.jquant.kernels.vector.Lanes.REACH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.kernels.common.RowQuantizer;
import io.jquant.kernels.common.Scratch;
import io.jquant.kernels.common.Stage;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Floats to u8 by a scale that is known only now. */
final class VectorRowQuantizer implements RowQuantizer {
    @Override
    public void run(MemorySegment input, long inputOffset, MemorySegment output, long outputOffset, long count,
            float reciprocal, int zeroPoint, Scratch scratch) {
        long whole = 0;
        Stage stage = scratch.stage();
        Object base = Backing.array(input, inputOffset, Float.BYTES);
        if (input.isNative()) {
            whole = count < REACH ? 0 : (count - REACH) / LANES * LANES + LANES;
            inMemory(input, inputOffset, output, outputOffset, whole, reciprocal, zeroPoint);
        } else if (base instanceof float[] array) {
            whole = count / LANES * LANES;
            int at = Backing.index(input, inputOffset, Float.BYTES);
            for (int i = 0; i < whole; i += Stage.SIZE) {
                int block = (int) Math.min(Stage.SIZE, whole - i);
                VectorQuantize.quantize(array, at + i, stage.output, 0, block, reciprocal,
                        Lanes.bound(-zeroPoint), Lanes.bound(255 - zeroPoint), zeroPoint);
                Backing.store(stage.output, output, outputOffset + i, 1, block);
            }
        }
        for (long i = whole; i < count; i += Stage.SIZE) {
            int block = (int) Math.min(Stage.SIZE, count - i);
            Backing.load(input, inputOffset + i * Float.BYTES, Float.BYTES, stage.floats, block);
            VectorQuantize.quantize(stage.floats, 0, stage.output, 0, block, reciprocal, Lanes.bound(-zeroPoint),
                    Lanes.bound(255 - zeroPoint), zeroPoint);
            Backing.store(stage.output, output, outputOffset + i, 1, block);
        }
    }

    private static void inMemory(MemorySegment input, long inputOffset, MemorySegment output, long outputOffset,
            long count, float reciprocal, int zeroPoint) {
        int low = Lanes.bound(-zeroPoint);
        int high = Lanes.bound(255 - zeroPoint);
        for (long i = 0; i < count; i += LANES) {
            FloatVector steps = FloatVector.fromMemorySegment(FLOATS, input, inputOffset + i * Float.BYTES,
                    LITTLE_ENDIAN).mul(reciprocal);
            ((ByteVector) steps.blend(0.0f, steps.compare(VectorOperators.NE, steps)).add(Lanes.ROUND)
                    .reinterpretAsInts().max(low).min(high).add(zeroPoint)
                    .convertShape(VectorOperators.I2B, BYTES, 0))
                    .intoMemorySegment(output, outputOffset + i, LITTLE_ENDIAN);
        }
    }
}
