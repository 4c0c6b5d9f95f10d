// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.DataType;
import io.jquant.QuantizationParameters;

/**
 * Which integers an observer's range is spread over, and how: the formulas of PyTorch's {@code _calculate_qparams}, in
 * binary32.
 *
 * @param type the integers' type
 * @param symmetric whether the range is taken as wide on both sides of 0, so that the zero point is the middle
 * @param reduceRange whether half the integers are left unused, for kernels that saturate 16-bit sums; jquant's do not
 * @param quantMin smallest integer to use, null for the type's own
 * @param quantMax largest integer to use, null for the type's own
 * @param eps smallest scale, finite and above 0
 */
public record ObserverOptions(DataType type, boolean symmetric, boolean reduceRange, Integer quantMin,
        Integer quantMax, float eps) {
    /** The distance from 1 to the next binary32: PyTorch's smallest scale. */
    public static final float DEFAULT_EPS = 0x1p-23f;

    /**
     * Checks that the parts go together.
     *
     * @throws IllegalArgumentException if they do not
     */
    public ObserverOptions {
        if (type == null || !type.isQuantizable()) {
            throw new IllegalArgumentException("type = " + type + ": must be an integer type of at most 32 bits");
        }
        if ((quantMin == null) != (quantMax == null)) {
            throw new IllegalArgumentException("quantMin = " + quantMin + ", quantMax = " + quantMax
                    + ": must be given both or neither");
        }
        if (quantMin != null && (quantMin >= quantMax || quantMin < type.min() || quantMax > type.max())) {
            throw new IllegalArgumentException("quantMin..quantMax = " + quantMin + ".." + quantMax
                    + ": must be a range within " + type.min() + ".." + type.max());
        }
        // below 2^-128 the reciprocal of a scale is infinite
        if (!(eps > 0) || !Float.isFinite(eps) || !Float.isFinite(1.0f / eps)) {
            throw new IllegalArgumentException("eps = " + eps + ": must be finite and above 2^-128");
        }
    }

    /**
     * The whole type, with the zero point where the range wants it: for activations.
     *
     * @param type the integers' type
     * @return the options
     */
    public static ObserverOptions affine(DataType type) {
        return new ObserverOptions(type, false, false, null, null, DEFAULT_EPS);
    }

    /**
     * The whole type, as wide on both sides of 0: for weights.
     *
     * @param type the integers' type
     * @return the options
     */
    public static ObserverOptions symmetric(DataType type) {
        return new ObserverOptions(type, true, false, null, null, DEFAULT_EPS);
    }

    /**
     * What jquant gives weights: s8 from -127 to 127. Over -128 to 127, as PyTorch has it, the largest weight of a
     * channel would lie at 127.5 steps, and be half a step too low whatever its sign: a shift that layers do not
     * average out. Without it outputs of small networks are 0.5 to 1.5 dB nearer to their float ones.
     *
     * @return the options
     */
    public static ObserverOptions weights() {
        return symmetric(DataType.S8).withRange(-DataType.S8.max(), DataType.S8.max());
    }

    /**
     * These options over fewer integers.
     *
     * @param min the smallest to use
     * @param max the largest to use
     * @return the options
     */
    public ObserverOptions withRange(int min, int max) {
        return new ObserverOptions(type, symmetric, reduceRange, min, max, eps);
    }

    /** {@return these options over half the integers} */
    public ObserverOptions withReducedRange() {
        return new ObserverOptions(type, symmetric, true, quantMin, quantMax, eps);
    }

    /**
     * These options with another smallest scale.
     *
     * @param smallest the smallest scale
     * @return the options
     */
    public ObserverOptions withEps(float smallest) {
        return new ObserverOptions(type, symmetric, reduceRange, quantMin, quantMax, smallest);
    }

    /** {@return the smallest integer in use} */
    public int min() {
        return half(quantMin == null ? type.min() : quantMin);
    }

    /** {@return the largest integer in use} */
    public int max() {
        return half(quantMax == null ? type.max() : quantMax);
    }

    private int half(int bound) {
        return reduceRange ? Math.floorDiv(bound, 2) : bound;
    }

    /**
     * The parameters for a range of real numbers.
     *
     * @param min the smallest number
     * @param max the largest number
     * @return the parameters, per tensor
     * @throws IllegalArgumentException if the bounds are not finite, in the wrong order, or too far apart for a scale
     */
    public QuantizationParameters parameters(float min, float max) {
        float scale = scale(min, max);
        return QuantizationParameters.perTensor(type, scale, zeroPoint(min, scale));
    }

    /**
     * The parameters for a range of real numbers in every channel.
     *
     * @param min the smallest number of each channel
     * @param max the largest number of each channel
     * @param axis the axis of the channels
     * @return the parameters, per channel
     * @throws IllegalArgumentException if bounds are not finite, in the wrong order, or too far apart for a scale
     */
    public QuantizationParameters parameters(float[] min, float[] max, int axis) {
        if (min.length != max.length) {
            throw new IllegalArgumentException("max.length = " + max.length + ": must be min.length, " + min.length);
        }
        float[] scales = new float[min.length];
        int[] zeroPoints = new int[min.length];
        for (int i = 0; i < min.length; i++) {
            scales[i] = scale(min[i], max[i]);
            zeroPoints[i] = zeroPoint(min[i], scales[i]);
        }
        return QuantizationParameters.perChannel(type, scales, zeroPoints, axis);
    }

    /** The parameters for no data at all, as PyTorch has them. */
    QuantizationParameters unobserved() {
        return QuantizationParameters.perTensor(type, 1, 0);
    }

    private float scale(float min, float max) {
        if (!Float.isFinite(min) || !Float.isFinite(max) || min > max) {
            throw new IllegalArgumentException("min..max = " + min + ".." + max + ": must be finite and in order");
        }
        float negative = Math.min(min, 0);
        float positive = Math.max(max, 0);
        double steps = (double) max() - min();
        float scale = symmetric
                ? Math.max(-negative, positive) / (float) (steps / 2)
                : (positive - negative) / (float) steps;
        if (Float.isInfinite(scale)) {
            throw new IllegalArgumentException("min..max = " + min + ".." + max
                    + ": must be at most 2^128 apart, so that there is a scale");
        }
        return Math.max(scale, eps);
    }

    private int zeroPoint(float min, float scale) {
        if (symmetric) {
            boolean signed = type.min() < 0;
            return signed ? 0 : quantMin == null ? type.max() / 2 + 1 : Math.floorDiv(min() + max(), 2);
        }
        long zeroPoint = min() - (long) Math.rint(Math.min(min, 0) / scale);
        return Math.clamp(zeroPoint, min(), max());
    }
}
