// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.ChannelPlanes.FLOATS;
import static io.jquant.kernels.vector.ChannelPlanes.LANES;
import static io.jquant.kernels.vector.ChannelPlanes.SHORTS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.kernels.common.OutputStage;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The {@link OutputStage} to bytes, without an addend, for the four planes of a group of channels, where results fit a
 * short before they are bounded. The loops call nothing but the Vector API: methods that C2 compiled before would be
 * given their vectors on the heap.
 */
final class PlaneFinisher {
    /** What results are below. */
    static final double MOST = 1 << 14;
    /** Makes every result positive, so that two that are shifted together do not borrow from each other. */
    private static final int BIAS = 1 << 14;
    /** Rounds what goes to the lower half of an integer, and leaves a number in the upper half. */
    private static final float LOWER = Lanes.ROUND + BIAS;
    /** Rounds what goes to the upper half, where that number is added to it. */
    private static final float UPPER = LOWER - (Float.floatToRawIntBits(LOWER) >>> Short.SIZE);
    private static final short LOW_BYTE = 0xFF;

    private PlaneFinisher() {
    }

    /** Stores a group of channels in an array. */
    static void store(float[] sums, int plane, ChannelSpace space, int group, OutputStage stage, byte[] output,
            int outputAt, int outputStep, int pixels) {
        FloatVector lower = FloatVector.broadcast(FLOATS, LOWER);
        FloatVector upper = FloatVector.broadcast(FLOATS, UPPER);
        ShortVector lowByte = ShortVector.broadcast(SHORTS, LOW_BYTE);
        ShortVector low = ShortVector.broadcast(SHORTS, (short) (BIAS + (int) stage.low()));
        ShortVector high = ShortVector.broadcast(SHORTS, (short) (BIAS + (int) stage.high()));
        ShortVector zero = ShortVector.broadcast(SHORTS, (short) stage.zeroPoint());
        FloatVector bias0 = FloatVector.fromArray(FLOATS, space.planeBiases, group);
        FloatVector bias1 = FloatVector.fromArray(FLOATS, space.planeBiases, group + LANES);
        FloatVector bias2 = FloatVector.fromArray(FLOATS, space.planeBiases, group + 2 * LANES);
        FloatVector bias3 = FloatVector.fromArray(FLOATS, space.planeBiases, group + 3 * LANES);
        FloatVector factor0 = FloatVector.fromArray(FLOATS, space.planeMultipliers, group);
        FloatVector factor1 = FloatVector.fromArray(FLOATS, space.planeMultipliers, group + LANES);
        FloatVector factor2 = FloatVector.fromArray(FLOATS, space.planeMultipliers, group + 2 * LANES);
        FloatVector factor3 = FloatVector.fromArray(FLOATS, space.planeMultipliers, group + 3 * LANES);
        for (int i = 0; i < pixels; i++) {
            int at = i * LANES;
            IntVector steps0 = FloatVector.fromArray(FLOATS, sums, at).add(bias0).mul(factor0).add(lower)
                    .reinterpretAsInts();
            IntVector steps1 = FloatVector.fromArray(FLOATS, sums, at + plane).add(bias1).mul(factor1).add(lower)
                    .reinterpretAsInts();
            IntVector steps2 = FloatVector.fromArray(FLOATS, sums, at + 2 * plane).add(bias2).mul(factor2).add(upper)
                    .reinterpretAsInts().lanewise(VectorOperators.LSHL, Short.SIZE);
            IntVector steps3 = FloatVector.fromArray(FLOATS, sums, at + 3 * plane).add(bias3).mul(factor3).add(upper)
                    .reinterpretAsInts().lanewise(VectorOperators.LSHL, Short.SIZE);
            ShortVector even = steps0.add(steps2).reinterpretAsShorts().max(low).min(high).add(zero).and(lowByte);
            ShortVector odd = steps1.add(steps3).reinterpretAsShorts().max(low).min(high).add(zero)
                    .lanewise(VectorOperators.LSHL, Byte.SIZE);
            even.or(odd).reinterpretAsBytes().intoArray(output, outputAt + i * outputStep);
        }
    }

    /** Stores a group of channels outside the heap. */
    static void store(float[] sums, int plane, ChannelSpace space, int group, OutputStage stage, MemorySegment output,
            long outputAt, long outputStep, int pixels) {
        MemorySegment to = Backing.outside(output);
        FloatVector lower = FloatVector.broadcast(FLOATS, LOWER);
        FloatVector upper = FloatVector.broadcast(FLOATS, UPPER);
        ShortVector lowByte = ShortVector.broadcast(SHORTS, LOW_BYTE);
        ShortVector low = ShortVector.broadcast(SHORTS, (short) (BIAS + (int) stage.low()));
        ShortVector high = ShortVector.broadcast(SHORTS, (short) (BIAS + (int) stage.high()));
        ShortVector zero = ShortVector.broadcast(SHORTS, (short) stage.zeroPoint());
        FloatVector bias0 = FloatVector.fromArray(FLOATS, space.planeBiases, group);
        FloatVector bias1 = FloatVector.fromArray(FLOATS, space.planeBiases, group + LANES);
        FloatVector bias2 = FloatVector.fromArray(FLOATS, space.planeBiases, group + 2 * LANES);
        FloatVector bias3 = FloatVector.fromArray(FLOATS, space.planeBiases, group + 3 * LANES);
        FloatVector factor0 = FloatVector.fromArray(FLOATS, space.planeMultipliers, group);
        FloatVector factor1 = FloatVector.fromArray(FLOATS, space.planeMultipliers, group + LANES);
        FloatVector factor2 = FloatVector.fromArray(FLOATS, space.planeMultipliers, group + 2 * LANES);
        FloatVector factor3 = FloatVector.fromArray(FLOATS, space.planeMultipliers, group + 3 * LANES);
        for (int i = 0; i < pixels; i++) {
            int at = i * LANES;
            IntVector steps0 = FloatVector.fromArray(FLOATS, sums, at).add(bias0).mul(factor0).add(lower)
                    .reinterpretAsInts();
            IntVector steps1 = FloatVector.fromArray(FLOATS, sums, at + plane).add(bias1).mul(factor1).add(lower)
                    .reinterpretAsInts();
            IntVector steps2 = FloatVector.fromArray(FLOATS, sums, at + 2 * plane).add(bias2).mul(factor2).add(upper)
                    .reinterpretAsInts().lanewise(VectorOperators.LSHL, Short.SIZE);
            IntVector steps3 = FloatVector.fromArray(FLOATS, sums, at + 3 * plane).add(bias3).mul(factor3).add(upper)
                    .reinterpretAsInts().lanewise(VectorOperators.LSHL, Short.SIZE);
            ShortVector even = steps0.add(steps2).reinterpretAsShorts().max(low).min(high).add(zero).and(lowByte);
            ShortVector odd = steps1.add(steps3).reinterpretAsShorts().max(low).min(high).add(zero)
                    .lanewise(VectorOperators.LSHL, Byte.SIZE);
            even.or(odd).reinterpretAsBytes().intoMemorySegment(to, outputAt + i * outputStep, LITTLE_ENDIAN);
        }
    }
}
