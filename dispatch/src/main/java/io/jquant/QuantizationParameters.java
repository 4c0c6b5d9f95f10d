// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import java.util.Arrays;

/**
 * How integers stand for real numbers: {@code real = scale * (quantized - zeroPoint)}, with one scale and zero point
 * for the whole tensor, or one of each for every index of an axis. Immutable.
 */
public final class QuantizationParameters {
    /** The axis of parameters that hold for the whole tensor. */
    public static final int NO_AXIS = -1;

    private final DataType type;
    private final float[] scales;
    private final int[] zeroPoints;
    private final int axis;

    private QuantizationParameters(DataType type, float[] scales, int[] zeroPoints, int axis) {
        Require.notNull("type", type);
        Require.that(type.isQuantizable(), "type", type, "an integer type of at most 32 bits");
        for (int i = 0; i < scales.length; i++) {
            if (!isScale(scales[i])) {
                throw Require.failure(axis == NO_AXIS ? "scale" : "scale[" + i + "]", scales[i],
                        "finite and above 0, and so must be its reciprocal");
            }
            if (zeroPoints[i] < type.min() || zeroPoints[i] > type.max()) {
                throw Require.failure(axis == NO_AXIS ? "zeroPoint" : "zeroPoint[" + i + "]", zeroPoints[i],
                        "in " + type + "'s range " + type.min() + ".." + type.max());
            }
        }
        this.type = type;
        this.scales = scales;
        this.zeroPoints = zeroPoints;
        this.axis = axis;
    }

    private static boolean isScale(float scale) {
        // below 2^-128 the reciprocal, by which values are quantized, is infinite
        return scale > 0 && Float.isFinite(scale) && Float.isFinite(1.0f / scale);
    }

    /**
     * One scale and zero point for a whole tensor.
     *
     * @param type the integers' type
     * @param scale the real value of one step, finite and above 0
     * @param zeroPoint the integer that stands for 0, in the type's range
     * @return the parameters
     * @throws IllegalArgumentException if an argument is not as said
     */
    public static QuantizationParameters perTensor(DataType type, float scale, int zeroPoint) {
        return new QuantizationParameters(type, new float[] {scale}, new int[] {zeroPoint}, NO_AXIS);
    }

    /**
     * One scale and zero point for every index of an axis.
     *
     * @param type the integers' type
     * @param scales the real values of one step, finite and above 0, at least one
     * @param zeroPoints the integers that stand for 0, in the type's range, as many as scales
     * @param axis the tensor's axis that the channels are, 0 or more
     * @return the parameters; the arrays are copied
     * @throws IllegalArgumentException if an argument is not as said
     */
    public static QuantizationParameters perChannel(DataType type, float[] scales, int[] zeroPoints, int axis) {
        Require.notNull("scales", scales);
        Require.notNull("zeroPoints", zeroPoints);
        Require.positive("scales.length", scales.length);
        Require.that(zeroPoints.length == scales.length, "zeroPoints.length", zeroPoints.length,
                "scales.length, " + scales.length);
        Require.that(axis >= 0, "axis", axis, "0 or more");
        return new QuantizationParameters(type, scales.clone(), zeroPoints.clone(), axis);
    }

    /**
     * Per-channel parameters whose zero points are all 0, as weights have them.
     *
     * @param type the integers' type
     * @param scales the real values of one step, finite and above 0, at least one
     * @param axis the tensor's axis that the channels are, 0 or more
     * @return the parameters; the array is copied
     * @throws IllegalArgumentException if an argument is not as said
     */
    public static QuantizationParameters symmetricPerChannel(DataType type, float[] scales, int axis) {
        Require.notNull("scales", scales);
        return perChannel(type, scales, new int[scales.length], axis);
    }

    /** {@return the integers' type} */
    public DataType type() {
        return type;
    }

    /** {@return the axis of the channels, {@link #NO_AXIS} if the parameters hold for the whole tensor} */
    public int axis() {
        return axis;
    }

    /** {@return whether one scale and zero point hold for the whole tensor} */
    public boolean isPerTensor() {
        return axis == NO_AXIS;
    }

    /** {@return the number of channels, 1 if the parameters hold for the whole tensor} */
    public int channels() {
        return scales.length;
    }

    /** {@return the scale of the whole tensor, or of its first channel} */
    public float scale() {
        return scales[0];
    }

    /** {@return the zero point of the whole tensor, or of its first channel} */
    public int zeroPoint() {
        return zeroPoints[0];
    }

    /**
     * The scale of a channel; of per-tensor parameters, that of every channel.
     *
     * @param channel the channel, 0 or more
     * @return its scale
     * @throws IllegalArgumentException if there is no such channel
     */
    public float scale(int channel) {
        return scales[index(channel)];
    }

    /**
     * The zero point of a channel; of per-tensor parameters, that of every channel.
     *
     * @param channel the channel, 0 or more
     * @return its zero point
     * @throws IllegalArgumentException if there is no such channel
     */
    public int zeroPoint(int channel) {
        return zeroPoints[index(channel)];
    }

    private int index(int channel) {
        Require.that(channel >= 0 && (axis == NO_AXIS || channel < scales.length), "channel", channel,
                "0 or more and below " + scales.length);
        return axis == NO_AXIS ? 0 : channel;
    }

    /** {@return whether every zero point is 0} */
    public boolean isSymmetric() {
        for (int zeroPoint : zeroPoints) {
            if (zeroPoint != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QuantizationParameters that && type == that.type && axis == that.axis
                && Arrays.equals(scales, that.scales) && Arrays.equals(zeroPoints, that.zeroPoints);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * type.hashCode() + axis) + 31 * Arrays.hashCode(scales) + Arrays.hashCode(zeroPoints);
    }

    @Override
    public String toString() {
        return isPerTensor()
                ? type + "(scale " + scales[0] + ", zeroPoint " + zeroPoints[0] + ")"
                : type + "(" + scales.length + " channels on axis " + axis + ")";
    }
}
