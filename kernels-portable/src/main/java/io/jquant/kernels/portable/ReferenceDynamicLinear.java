// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import io.jquant.Bias;
import io.jquant.DynamicLinearSpec;
import io.jquant.spi.LinearKernel;
import io.jquant.spi.Range;
import java.lang.foreign.MemorySegment;

/**
 * A fully connected layer on float input, by definition: quantize to u8, exact sums, then
 * {@code (float) sum * (inputScale * weightScale) + bias} and the bounds, every operation rounded once. A bias that is
 * absent is 0.
 *
 * <p>With {@code reduceRange} the parameters are those of 0..127, but as in PyTorch the integers are bounded to
 * 0..255: a largest input that lies half way may become 128. NaN becomes the zero point. A range without end has an
 * infinite scale, and outputs that are infinite or NaN.
 */
final class ReferenceDynamicLinear implements LinearKernel {
    private final DynamicLinearSpec spec;
    private final CenteredWeights weights;
    private final float[] bias;

    ReferenceDynamicLinear(DynamicLinearSpec spec, MemorySegment weights, Bias bias) {
        this.spec = spec;
        this.weights = CenteredWeights.matrix(spec.outFeatures(), spec.inFeatures(), spec.weight(), weights);
        this.bias = bias instanceof Bias.Real real ? real.values().toArray() : new float[spec.outFeatures()];
    }

    /** How the input of one run, or one row of it, is quantized. */
    record InputScale(float scale, int zeroPoint) {
        static InputScale of(Range range, boolean reduceRange) {
            long chosen = ChooseParameters.dynamicInput(range.min(), range.max(), reduceRange);
            return new InputScale(ChooseParameters.scale(chosen), ChooseParameters.zeroPoint(chosen));
        }

        private short quantize(float value) {
            return (short) (Rounding.toInteger(value * (1.0f / scale), zeroPoint, 0, 255) - zeroPoint);
        }
    }

    InputScale scaleOf(long rows, MemorySegment input, long firstRow, long stride) {
        MemorySegment from = input.asSlice(firstRow * stride * Float.BYTES);
        return InputScale.of(Ranges.of(rows, spec.inFeatures(), from, stride), spec.reduceRange());
    }

    /** Computes one row of the output. */
    void row(MemorySegment input, long offset, InputScale scale, float[] output) {
        short[] features = new short[spec.inFeatures()];
        for (int i = 0; i < features.length; i++) {
            features[i] = scale.quantize(input.get(JAVA_FLOAT_UNALIGNED, (offset + i) * Float.BYTES));
        }
        for (int o = 0; o < output.length; o++) {
            float value = (float) weights.dot(o, features) * (scale.scale() * weights.scale(o)) + bias[o];
            output[o] = Math.min(Math.max(value, spec.activation().min()), spec.activation().max());
        }
    }

    @Override
    public void run(long rows, MemorySegment input, long inputStride, MemorySegment output, long outputStride,
            MemorySegment addend, long addendStride) {
        InputScale whole = spec.perRow() ? null : scaleOf(rows, input, 0, inputStride);
        float[] values = new float[spec.outFeatures()];
        for (long row = 0; row < rows; row++) {
            InputScale scale = spec.perRow() ? scaleOf(1, input, row, inputStride) : whole;
            row(input, row * inputStride, scale, values);
            for (int o = 0; o < values.length; o++) {
                output.set(JAVA_FLOAT_UNALIGNED, (row * outputStride + o) * Float.BYTES, values[o]);
            }
        }
    }

    @Override
    public void unpack(MemorySegment to) {
        weights.unpack(to);
    }
}
