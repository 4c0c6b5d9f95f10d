// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.DataType;
import io.jquant.QuantizationParameters;
import io.jquant.graph.Tensor;
import java.util.Arrays;

/**
 * Fake quantization whose scales and zero points are learned (LSQ): the gradient of a scale is what rounding changes,
 * in steps, or the bound that was hit; that of a zero point is minus the scale where a bound was hit. Both are summed
 * in binary64 over the elements of a channel.
 */
public final class LearnableFakeQuantize {
    private final float[] scales;
    private final float[] zeroPoints;
    private final int axis;
    private final int quantMin;
    private final int quantMax;
    private final float gradFactor;

    /**
     * A fake quantization.
     *
     * @param scales one, or one for each channel, above 0
     * @param zeroPoints as many; rounded and brought within the bounds where they are used
     * @param axis the axis of the channels, {@link QuantizationParameters#NO_AXIS} for the whole tensor
     * @param quantMin the smallest integer
     * @param quantMax the largest integer
     * @param gradFactor what the gradients of scales and zero points are multiplied by
     * @throws IllegalArgumentException if the numbers of scales and zero points differ, or the bounds are not in order
     */
    public LearnableFakeQuantize(float[] scales, float[] zeroPoints, int axis, int quantMin, int quantMax,
            float gradFactor) {
        if (scales.length == 0 || scales.length != zeroPoints.length || quantMin >= quantMax
                || (axis == QuantizationParameters.NO_AXIS && scales.length != 1)) {
            throw new IllegalArgumentException(scales.length + " scales, " + zeroPoints.length + " zero points, "
                    + quantMin + ".." + quantMax + ": must be as many, at least one, and the bounds in order");
        }
        this.scales = scales.clone();
        this.zeroPoints = zeroPoints.clone();
        this.axis = axis;
        this.quantMin = quantMin;
        this.quantMax = quantMax;
        this.gradFactor = gradFactor;
    }

    /**
     * The gradients.
     *
     * @param input f32 of the input's shape
     * @param scales one for each channel
     * @param zeroPoints one for each channel
     */
    public record Gradients(Tensor input, Tensor scales, Tensor zeroPoints) {
    }

    /**
     * Rounds a tensor to the numbers that integers stand for.
     *
     * @param x an f32 tensor
     * @return the rounded numbers, f32
     * @throws IllegalArgumentException if it is of another type, or has other channels
     */
    public Tensor forward(Tensor x) {
        int[] rounded = new int[scales.length];
        Arrays.setAll(rounded, i -> (int) bounded((float) Math.rint(zeroPoints[i])));
        DataType type = quantMin < 0 ? DataType.S32 : quantMax > 255 ? DataType.U16 : DataType.U8;
        QuantizationParameters p = axis == QuantizationParameters.NO_AXIS
                ? QuantizationParameters.perTensor(type, scales[0], rounded[0])
                : QuantizationParameters.perChannel(type, scales, rounded, axis);
        return new FakeQuantize(p, quantMin, quantMax).forward(x).values();
    }

    /**
     * The gradients of the input, the scales and the zero points.
     *
     * @param dy the gradient of what {@link #forward} gave, f32
     * @param x what it was given
     * @return the gradients
     * @throws IllegalArgumentException if the sizes differ, or x has other channels
     */
    public Gradients backward(Tensor dy, Tensor x) {
        FakeQuantize.Channels channels = FakeQuantize.Channels.of(x, axis, scales.length);
        if (ChannelRanges.floats(dy).length < x.count() || dy.count() != x.count()) {
            throw new IllegalArgumentException("dy = " + dy + ": must have the size of x, " + x);
        }
        Tensor dx = Tensor.allocate(DataType.F32, x.shape());
        double[] dScales = new double[scales.length];
        double[] dZeroPoints = new double[scales.length];
        for (int i = 0; i < x.count(); i++) {
            int channel = channels.at(i);
            float scale = scales[channel];
            float inverse = 1 / scale;
            float gradient = dy.floats()[i];
            int zeroPoint = zeroPointBackward(channel);
            float q = (float) Math.rint(Math.fma(x.floats()[i], inverse, zeroPoint));
            if (q >= quantMin && q <= quantMax) {
                dx.floats()[i] = gradient;
                float rounded = (q - zeroPoint) * scale;
                dScales[channel] += gradient * (rounded - x.floats()[i]) * inverse * gradFactor;
            } else {
                int bound = q > quantMax ? quantMax : quantMin;
                dScales[channel] += gradient * (bound - zeroPoint) * gradFactor;
                dZeroPoints[channel] += -gradient * scale * gradFactor;
            }
        }
        return new Gradients(dx, sums(dScales), sums(dZeroPoints));
    }

    /** Per tensor PyTorch rounds half up here, and half to even in the forward pass. */
    private int zeroPointBackward(int channel) {
        float zeroPoint = zeroPoints[channel];
        return (int) bounded(axis == QuantizationParameters.NO_AXIS ? zeroPoint + 0.5f : (float) Math.rint(zeroPoint));
    }

    private float bounded(float value) {
        return Math.clamp(value, quantMin, quantMax);
    }

    private static Tensor sums(double[] sums) {
        float[] rounded = new float[sums.length];
        for (int i = 0; i < sums.length; i++) {
            rounded[i] = (float) sums[i];
        }
        return Tensor.of(rounded, rounded.length);
    }
}
