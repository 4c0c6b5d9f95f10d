// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import io.jquant.Bias;
import io.jquant.GroupedLinearSpec;
import io.jquant.spi.LinearKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A fully connected layer with weights of 4 bits, by definition: {@link GroupedLinearSpec}. */
final class ReferenceGroupedLinear implements LinearKernel {
    private final GroupedLinearSpec spec;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment weights;
    private final float[] bias;

    ReferenceGroupedLinear(GroupedLinearSpec spec, MemorySegment from, Bias bias) {
        this.spec = spec;
        this.weights = arena.allocate(spec.weightBytes()).copyFrom(from.asSlice(0, spec.weightBytes()));
        this.bias = bias instanceof Bias.Real real ? real.values().toArray() : new float[spec.outFeatures()];
        clearSpareHalves();
    }

    private void clearSpareHalves() {
        if (spec.zeroPoints() && spec.groups() % 2 != 0) {
            int rowBytes = Math.ceilDiv(spec.groups(), 2);
            for (long o = 1; o <= spec.outFeatures(); o++) {
                long last = spec.zeroPointOffset() + o * rowBytes - 1;
                weights.set(JAVA_BYTE, last, (byte) (weights.get(JAVA_BYTE, last) & 0xF));
            }
        }
    }

    @Override
    public void run(long rows, MemorySegment input, long inputStride, MemorySegment output, long outputStride,
            MemorySegment addend, long addendStride) {
        byte[] quantized = new byte[spec.inFeatures()];
        float[] scales = new float[spec.groups()];
        for (long row = 0; row < rows; row++) {
            quantize(input, row * inputStride * Float.BYTES, quantized, scales);
            for (int o = 0; o < spec.outFeatures(); o++) {
                float value = Math.max(value(o, quantized, scales) + bias[o], spec.activation().min());
                output.set(JAVA_FLOAT_UNALIGNED, (row * outputStride + o) * Float.BYTES,
                        Math.min(value, spec.activation().max()));
            }
        }
    }

    private int groupEnd(int group) {
        return Math.min((group + 1) * spec.groupSize(), spec.inFeatures());
    }

    private void quantize(MemorySegment input, long offset, byte[] quantized, float[] scales) {
        for (int group = 0; group < scales.length; group++) {
            int first = group * spec.groupSize();
            float largest = GroupScale.largest(input, offset + (long) first * Float.BYTES, groupEnd(group) - first);
            scales[group] = GroupScale.scale(largest);
            for (int i = first; i < groupEnd(group); i++) {
                quantized[i] = GroupScale.quantize(
                        input.get(JAVA_FLOAT_UNALIGNED, offset + (long) i * Float.BYTES),
                        GroupScale.reciprocal(largest));
            }
        }
    }

    private float value(int o, byte[] quantized, float[] scales) {
        float value = 0;
        for (int group = 0; group < scales.length; group++) {
            long index = (long) o * spec.groups() + group;
            long bytes = index * (spec.groupSize() / 2);
            int zeroPoint = spec.zeroPoints()
                    ? nibble(spec.zeroPointOffset() + (long) o * Math.ceilDiv(spec.groups(), 2), group) : 8;
            int sum = 0;
            for (int i = group * spec.groupSize(); i < groupEnd(group); i++) {
                sum += quantized[i] * (nibble(bytes, i % spec.groupSize()) - zeroPoint);
            }
            float scale = weights.get(JAVA_FLOAT_UNALIGNED, spec.scaleOffset() + index * Float.BYTES);
            value += (float) sum * (scales[group] * scale);
        }
        return value;
    }

    private int nibble(long offset, int index) {
        return weights.get(JAVA_BYTE, offset + index / 2) >> (index % 2 * 4) & 0xF;
    }

    @Override
    public void unpack(MemorySegment to) {
        to.copyFrom(weights);
    }

    @Override
    public void close() {
        arena.close();
    }
}
