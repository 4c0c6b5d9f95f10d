// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.ChannelPlanes.FLOATS;
import static io.jquant.kernels.vector.ChannelPlanes.INTS;
import static io.jquant.kernels.vector.ChannelPlanes.LANES;
import static io.jquant.kernels.vector.ChannelPlanes.SHORTS;
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
 * short before they are bounded.
 */
final class PlaneFinisher {
    /** What results are below. */
    static final double MOST = 1 << 14;
    private static final int LOW_HALF = 0xFFFF;
    private static final short LOW_BYTE = 0xFF;

    private PlaneFinisher() {
    }

    /** The rounded steps of a vector in the lower halves of integers, what is in the upper ones of no meaning. */
    private static IntVector steps(float[] sums, int at, FloatVector bias, FloatVector multiplier, FloatVector round) {
        return FloatVector.fromArray(FLOATS, sums, at).add(bias).mul(multiplier).add(round).reinterpretAsInts();
    }

    private static ShortVector bound(IntVector even, IntVector odd, IntVector lowHalf, ShortVector low,
            ShortVector high, ShortVector zeroPoint) {
        return even.and(lowHalf).or(odd.lanewise(VectorOperators.LSHL, 16)).reinterpretAsShorts().max(low).min(high)
                .add(zeroPoint);
    }

    private static ByteVector bytes(ShortVector even, ShortVector odd, ShortVector lowByte) {
        return even.and(lowByte).or(odd.lanewise(VectorOperators.LSHL, 8)).reinterpretAsBytes();
    }

    /** Stores a group of channels in an array. */
    static void store(float[] sums, int plane, ChannelSpace space, int group, OutputStage stage, byte[] output,
            int outputAt, int outputStep, int pixels) {
        FloatVector round = FloatVector.broadcast(FLOATS, Lanes.ROUND);
        IntVector lowHalf = IntVector.broadcast(INTS, LOW_HALF);
        ShortVector lowByte = ShortVector.broadcast(SHORTS, LOW_BYTE);
        ShortVector low = ShortVector.broadcast(SHORTS, (short) stage.low());
        ShortVector high = ShortVector.broadcast(SHORTS, (short) stage.high());
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
            IntVector steps0 = steps(sums, at, bias0, factor0, round);
            IntVector steps1 = steps(sums, at + plane, bias1, factor1, round);
            IntVector steps2 = steps(sums, at + 2 * plane, bias2, factor2, round);
            IntVector steps3 = steps(sums, at + 3 * plane, bias3, factor3, round);
            ShortVector even = bound(steps0, steps2, lowHalf, low, high, zero);
            ShortVector odd = bound(steps1, steps3, lowHalf, low, high, zero);
            bytes(even, odd, lowByte).intoArray(output, outputAt + i * outputStep);
        }
    }

    /** Stores a group of channels outside the heap. */
    static void store(float[] sums, int plane, ChannelSpace space, int group, OutputStage stage, MemorySegment output,
            long outputAt, long outputStep, int pixels) {
        MemorySegment to = Backing.outside(output);
        FloatVector round = FloatVector.broadcast(FLOATS, Lanes.ROUND);
        IntVector lowHalf = IntVector.broadcast(INTS, LOW_HALF);
        ShortVector lowByte = ShortVector.broadcast(SHORTS, LOW_BYTE);
        ShortVector low = ShortVector.broadcast(SHORTS, (short) stage.low());
        ShortVector high = ShortVector.broadcast(SHORTS, (short) stage.high());
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
            IntVector steps0 = steps(sums, at, bias0, factor0, round);
            IntVector steps1 = steps(sums, at + plane, bias1, factor1, round);
            IntVector steps2 = steps(sums, at + 2 * plane, bias2, factor2, round);
            IntVector steps3 = steps(sums, at + 3 * plane, bias3, factor3, round);
            ShortVector even = bound(steps0, steps2, lowHalf, low, high, zero);
            ShortVector odd = bound(steps1, steps3, lowHalf, low, high, zero);
            bytes(even, odd, lowByte).intoMemorySegment(to, outputAt + i * outputStep, LITTLE_ENDIAN);
        }
    }
}
