// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.FLOATS;
import static io.jquant.kernels.vector.Lanes.LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.kernels.common.RangeFinder;
import io.jquant.kernels.common.Scratch;
import io.jquant.kernels.common.Stage;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** The smallest and the largest of floats. */
final class VectorRangeFinder implements RangeFinder {
    @Override
    public void widen(MemorySegment input, long offset, long count, float[] range, Scratch scratch) {
        long whole = count / LANES * LANES;
        Object base = Backing.array(input, offset, Float.BYTES);
        if (input.isNative()) {
            inMemory(input, offset, whole, range);
        } else if (base instanceof float[] array) {
            inArray(array, Backing.index(input, offset, Float.BYTES), (int) whole, range);
        } else {
            whole = 0;
        }
        Stage stage = scratch.stage();
        for (long i = whole; i < count; i += Stage.SIZE) {
            int block = (int) Math.min(Stage.SIZE, count - i);
            Backing.load(input, offset + i * Float.BYTES, Float.BYTES, stage.floats, block);
            for (int j = block; j % LANES != 0; j++) {
                stage.floats[j] = stage.floats[0];
            }
            inArray(stage.floats, 0, Math.ceilDiv(block, LANES) * LANES, range);
        }
    }

    /** Two vectors at a time, so that one need not wait for the other's minimum. */
    private static void inArray(float[] input, int at, int count, float[] range) {
        FloatVector low = FloatVector.broadcast(FLOATS, range[0]);
        FloatVector high = FloatVector.broadcast(FLOATS, range[1]);
        FloatVector otherLow = low;
        FloatVector otherHigh = high;
        int i = 0;
        for (; i <= count - 2 * LANES; i += 2 * LANES) {
            FloatVector values = FloatVector.fromArray(FLOATS, input, at + i);
            FloatVector others = FloatVector.fromArray(FLOATS, input, at + i + LANES);
            // a NaN is as small, or as large, as what there is
            var some = values.compare(VectorOperators.EQ, values);
            var otherSome = others.compare(VectorOperators.EQ, others);
            low = low.min(low.blend(values, some));
            high = high.max(high.blend(values, some));
            otherLow = otherLow.min(otherLow.blend(others, otherSome));
            otherHigh = otherHigh.max(otherHigh.blend(others, otherSome));
        }
        if (i < count) {
            FloatVector values = FloatVector.fromArray(FLOATS, input, at + i);
            var some = values.compare(VectorOperators.EQ, values);
            low = low.min(low.blend(values, some));
            high = high.max(high.blend(values, some));
        }
        range[0] = low.min(otherLow).reduceLanes(VectorOperators.MIN);
        range[1] = high.max(otherHigh).reduceLanes(VectorOperators.MAX);
    }

    private static void inMemory(MemorySegment input, long offset, long count, float[] range) {
        FloatVector low = FloatVector.broadcast(FLOATS, range[0]);
        FloatVector high = FloatVector.broadcast(FLOATS, range[1]);
        for (long i = 0; i < count; i += LANES) {
            FloatVector values = FloatVector.fromMemorySegment(FLOATS, input, offset + i * Float.BYTES, LITTLE_ENDIAN);
            var some = values.compare(VectorOperators.EQ, values);
            low = low.min(low.blend(values, some));
            high = high.max(high.blend(values, some));
        }
        range[0] = low.reduceLanes(VectorOperators.MIN);
        range[1] = high.reduceLanes(VectorOperators.MAX);
    }
}
