// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.FLOATS;
import static io.jquant.kernels.vector.Lanes.INTS;
import static io.jquant.kernels.vector.Lanes.LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.kernels.common.RangeFinder;
import io.jquant.kernels.common.Scratch;
import io.jquant.kernels.common.Stage;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The smallest and the largest of floats. */
final class VectorRangeFinder implements RangeFinder {
    private static final int SIGN = Integer.SIZE - 1;
    private static final int LEAST = key(Float.floatToRawIntBits(Float.NEGATIVE_INFINITY));
    private static final int MOST = key(Float.floatToRawIntBits(Float.POSITIVE_INFINITY));

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

    /** Two vectors at a time; the numbers that are passed over are looked for only where there is one. */
    private static void inArray(float[] input, int at, int count, float[] range) {
        IntVector low = IntVector.broadcast(INTS, key(Float.floatToRawIntBits(range[0])));
        IntVector high = IntVector.broadcast(INTS, key(Float.floatToRawIntBits(range[1])));
        int i = 0;
        for (; i <= count - 2 * LANES; i += 2 * LANES) {
            IntVector values = FloatVector.fromArray(FLOATS, input, at + i).reinterpretAsInts();
            IntVector others = FloatVector.fromArray(FLOATS, input, at + i + LANES).reinterpretAsInts();
            IntVector keys = values.lanewise(VectorOperators.ASHR, SIGN).lanewise(VectorOperators.LSHR, 1)
                    .lanewise(VectorOperators.XOR, values);
            IntVector otherKeys = others.lanewise(VectorOperators.ASHR, SIGN).lanewise(VectorOperators.LSHR, 1)
                    .lanewise(VectorOperators.XOR, others);
            low = low.min(keys).min(otherKeys);
            high = high.max(keys).max(otherKeys);
        }
        if (i < count) {
            IntVector values = FloatVector.fromArray(FLOATS, input, at + i).reinterpretAsInts();
            IntVector keys = values.lanewise(VectorOperators.ASHR, SIGN).lanewise(VectorOperators.LSHR, 1)
                    .lanewise(VectorOperators.XOR, values);
            low = low.min(keys);
            high = high.max(keys);
        }
        int least = low.reduceLanes(VectorOperators.MIN);
        int most = high.reduceLanes(VectorOperators.MAX);
        if (least < LEAST || most > MOST) {
            withoutNaN(input, at, count, range);
        } else {
            range[0] = Float.intBitsToFloat(key(least));
            range[1] = Float.intBitsToFloat(key(most));
        }
    }

    /** Integers in the order of floats, -0 below 0, NaN beyond the infinities; and the bits of floats of these. */
    private static int key(int bits) {
        return bits ^ bits >> SIGN >>> 1;
    }

    private static void withoutNaN(float[] input, int at, int count, float[] range) {
        FloatVector low = FloatVector.broadcast(FLOATS, range[0]);
        FloatVector high = FloatVector.broadcast(FLOATS, range[1]);
        for (int i = 0; i < count; i += LANES) {
            FloatVector values = FloatVector.fromArray(FLOATS, input, at + i);
            // a NaN is as small, or as large, as what there is
            var some = values.compare(VectorOperators.EQ, values);
            low = low.min(low.blend(values, some));
            high = high.max(high.blend(values, some));
        }
        range[0] = low.reduceLanes(VectorOperators.MIN);
        range[1] = high.reduceLanes(VectorOperators.MAX);
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
