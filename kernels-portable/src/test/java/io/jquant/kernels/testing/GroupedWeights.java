// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import io.jquant.GroupedLinearSpec;
import java.lang.foreign.MemorySegment;

/**
 * Weights of a grouped layer.
 *
 * @param spec the layer
 * @param segment weights, scales, zero points
 */
record GroupedWeights(GroupedLinearSpec spec, MemorySegment segment) {
    /** Weights drawn at random, their scales of binary16 or not. */
    static GroupedWeights random(Samples samples, GroupedLinearSpec spec, boolean halves) {
        MemorySegment weights = samples.bytes(spec.weightBytes());
        for (long at = spec.scaleOffset(); at < spec.zeroPointOffset(); at += Float.BYTES) {
            float scale = (float) samples.random().nextGaussian() * 0.01f;
            weights.set(JAVA_FLOAT_UNALIGNED, at, halves ? Float.float16ToFloat(Float.floatToFloat16(scale)) : scale);
        }
        if (spec.zeroPoints() && spec.groups() % 2 != 0) {
            int rowBytes = Math.ceilDiv(spec.groups(), 2);
            for (long last = spec.zeroPointOffset() + rowBytes - 1; last < spec.weightBytes(); last += rowBytes) {
                weights.set(JAVA_BYTE, last, (byte) (weights.get(JAVA_BYTE, last) & 0xF));
            }
        }
        return new GroupedWeights(spec, weights);
    }

    /** Weights of one value, scales of 1, zero points of one value. */
    static GroupedWeights filled(GroupedLinearSpec spec, int value, int zeroPoint) {
        MemorySegment weights = MemorySegment.ofArray(new byte[(int) spec.weightBytes()]);
        weights.asSlice(0, spec.scaleOffset()).fill((byte) value);
        for (long at = spec.scaleOffset(); at < spec.zeroPointOffset(); at += Float.BYTES) {
            weights.set(JAVA_FLOAT_UNALIGNED, at, 1);
        }
        weights.asSlice(spec.zeroPointOffset()).fill((byte) zeroPoint);
        return new GroupedWeights(spec, weights);
    }

    private int nibble(long offset, int index) {
        return segment.get(JAVA_BYTE, offset + index / 2) >> (index % 2 * 4) & 0xF;
    }

    private double weight(int o, int i) {
        int group = i / spec.groupSize();
        long index = (long) o * spec.groups() + group;
        int zeroPoint = spec.zeroPoints()
                ? nibble(spec.zeroPointOffset() + (long) o * Math.ceilDiv(spec.groups(), 2), group) : 8;
        return (nibble(index * (spec.groupSize() / 2), i % spec.groupSize()) - zeroPoint)
                * (double) segment.get(JAVA_FLOAT_UNALIGNED, spec.scaleOffset() + index * Float.BYTES);
    }

    /** A product of real numbers, and how far from it the layer may be. */
    double[] exact(float[] input, int first, int o) {
        double sum = 0;
        double bound = 0;
        for (int group = 0; group < spec.groups(); group++) {
            int from = group * spec.groupSize();
            int to = Math.min(from + spec.groupSize(), spec.inFeatures());
            double largest = 0;
            for (int i = from; i < to; i++) {
                largest = Math.max(largest, Math.abs(input[first + i]));
            }
            for (int i = from; i < to; i++) {
                sum += input[first + i] * weight(o, i);
                bound += Math.abs(weight(o, i)) * largest * (0.5001 / 127 + 1e-6 * spec.groups());
            }
        }
        return new double[] {sum, bound + 1e-12};
    }
}
