// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.ChannelPlanes.BYTES;
import static io.jquant.kernels.vector.ChannelPlanes.GROUP;
import static io.jquant.kernels.vector.Lanes.FLOATS;
import static io.jquant.kernels.vector.Lanes.LANES;
import static io.jquant.kernels.vector.Lanes.SHORTS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.kernels.common.OutputStage;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
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
    /** Pixels of a vector. */
    static final int PIXELS = LANES / ChannelPlanes.LANES;
    /** Makes every result positive, so that two that are shifted together do not borrow from each other. */
    private static final int BIAS = 1 << 14;
    /** Rounds what goes to the lower half of an integer, and leaves a number in the upper half. */
    private static final float LOWER = Lanes.ROUND + BIAS;
    /** Rounds what goes to the upper half, where that number is added to it. */
    private static final float UPPER = LOWER - (Float.floatToRawIntBits(LOWER) >>> Short.SIZE);
    private static final short LOW_BYTE = 0xFF;

    private PlaneFinisher() {
    }

    /**
     * Stores pixels of a group of channels, as many as whole vectors have, which have {@link #PIXELS} each.
     *
     * @param sums their sums, in planes
     * @param from where those of the first plane begin
     * @param plane from a plane to the next
     * @param space what channels have of their own
     * @param group the group's first channel
     * @param stage the stage
     * @param output gets bytes, with room for whole vectors
     * @param outputAt where
     * @param outputStep from a vector's bytes to the next one's
     * @param pixels how many
     */
    static void store(float[] sums, int from, int plane, ChannelSpace space, int group, OutputStage stage,
            byte[] output, int outputAt, int outputStep, int pixels) {
        FloatVector lower = FloatVector.broadcast(FLOATS, LOWER);
        FloatVector upper = FloatVector.broadcast(FLOATS, UPPER);
        ShortVector lowByte = ShortVector.broadcast(SHORTS, LOW_BYTE);
        ShortVector low = ShortVector.broadcast(SHORTS, (short) (BIAS + (int) stage.low()));
        ShortVector high = ShortVector.broadcast(SHORTS, (short) (BIAS + (int) stage.high()));
        ShortVector zero = ShortVector.broadcast(SHORTS, (short) stage.zeroPoint());
        int own = group / ChannelPlanes.LANES * LANES;
        FloatVector bias0 = FloatVector.fromArray(FLOATS, space.planeBiases, own);
        FloatVector bias1 = FloatVector.fromArray(FLOATS, space.planeBiases, own + LANES);
        FloatVector bias2 = FloatVector.fromArray(FLOATS, space.planeBiases, own + 2 * LANES);
        FloatVector bias3 = FloatVector.fromArray(FLOATS, space.planeBiases, own + 3 * LANES);
        FloatVector factor0 = FloatVector.fromArray(FLOATS, space.planeMultipliers, own);
        FloatVector factor1 = FloatVector.fromArray(FLOATS, space.planeMultipliers, own + LANES);
        FloatVector factor2 = FloatVector.fromArray(FLOATS, space.planeMultipliers, own + 2 * LANES);
        FloatVector factor3 = FloatVector.fromArray(FLOATS, space.planeMultipliers, own + 3 * LANES);
        for (int i = 0; i * PIXELS < pixels; i++) {
            int at = from + i * LANES;
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

    /** The same outside the heap. */
    static void store(float[] sums, int from, int plane, ChannelSpace space, int group, OutputStage stage,
            MemorySegment output, long outputAt, long outputStep, int pixels) {
        MemorySegment to = Backing.outside(output);
        FloatVector lower = FloatVector.broadcast(FLOATS, LOWER);
        FloatVector upper = FloatVector.broadcast(FLOATS, UPPER);
        ShortVector lowByte = ShortVector.broadcast(SHORTS, LOW_BYTE);
        ShortVector low = ShortVector.broadcast(SHORTS, (short) (BIAS + (int) stage.low()));
        ShortVector high = ShortVector.broadcast(SHORTS, (short) (BIAS + (int) stage.high()));
        ShortVector zero = ShortVector.broadcast(SHORTS, (short) stage.zeroPoint());
        int own = group / ChannelPlanes.LANES * LANES;
        FloatVector bias0 = FloatVector.fromArray(FLOATS, space.planeBiases, own);
        FloatVector bias1 = FloatVector.fromArray(FLOATS, space.planeBiases, own + LANES);
        FloatVector bias2 = FloatVector.fromArray(FLOATS, space.planeBiases, own + 2 * LANES);
        FloatVector bias3 = FloatVector.fromArray(FLOATS, space.planeBiases, own + 3 * LANES);
        FloatVector factor0 = FloatVector.fromArray(FLOATS, space.planeMultipliers, own);
        FloatVector factor1 = FloatVector.fromArray(FLOATS, space.planeMultipliers, own + LANES);
        FloatVector factor2 = FloatVector.fromArray(FLOATS, space.planeMultipliers, own + 2 * LANES);
        FloatVector factor3 = FloatVector.fromArray(FLOATS, space.planeMultipliers, own + 3 * LANES);
        for (int i = 0; i * PIXELS < pixels; i++) {
            int at = from + i * LANES;
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

    /** Brings pixels of a group from next to each other to where they belong in an array. */
    static void spread(byte[] bytes, byte[] output, int outputAt, int outputStep, int count) {
        for (int i = 0; i < count; i++) {
            ByteVector.fromArray(BYTES, bytes, i * GROUP).intoArray(output, outputAt + i * outputStep);
        }
    }

    /** The same outside the heap. */
    static void spread(byte[] bytes, MemorySegment output, long outputAt, long outputStep, int count) {
        MemorySegment to = Backing.outside(output);
        for (int i = 0; i < count; i++) {
            ByteVector.fromArray(BYTES, bytes, i * GROUP)
                    .intoMemorySegment(to, outputAt + i * outputStep, LITTLE_ENDIAN);
        }
    }
}
