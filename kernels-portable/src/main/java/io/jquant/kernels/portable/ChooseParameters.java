// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.ParameterChoice;
import io.jquant.QuantizationParameters;
import io.jquant.spi.Numerics;
import io.jquant.spi.Range;

/**
 * {@code ChooseQuantizationParams} of FBGEMM and of PyTorch's quant_utils (numerics.md 2.1): the same steps with three
 * differences, marked below. PyTorch's halves the integers for {@code reduceRange} first; FBGEMM's has no such option
 * and here does the same.
 *
 * <p>Engine {@code fbgemm} chooses by FBGEMM's, which is what PyTorch trains with in a build with FBGEMM; engine
 * {@code qnnpack}, whose peer has none of its own, by PyTorch's. The input of dynamic operators is quantized by
 * PyTorch's on both.
 */
public final class ChooseParameters {
    /** The smallest normal number of binary16: a smaller scale is raised to it. */
    private static final float SMALL_SCALE = 6.1e-5f;
    private static final ChooseParameters DYNAMIC = new ChooseParameters(true, 0, 255, false);
    private static final ChooseParameters DYNAMIC_REDUCED = new ChooseParameters(true, 0, 255, true);

    private final boolean pytorch;
    private final int qmin;
    private final int qmax;

    private ChooseParameters(boolean pytorch, int qmin, int qmax, boolean reduceRange) {
        this.pytorch = pytorch;
        this.qmin = reduceRange ? qmin / 2 : qmin;
        this.qmax = reduceRange ? qmax / 2 : qmax;
    }

    /**
     * Chooses as an engine of some numerics does.
     *
     * @param numerics whose
     * @param range the range
     * @param choice how to choose
     * @return the parameters, per tensor
     */
    public static QuantizationParameters choose(Numerics numerics, Range range, ParameterChoice choice) {
        ChooseParameters formula = new ChooseParameters(numerics == Numerics.QNNPACK, choice.type().min(),
                choice.type().max(), choice.reduceRange());
        long chosen = formula.choose(range.min(), range.max(), choice.preserveSparsity(), choice.powerOfTwo());
        return QuantizationParameters.perTensor(choice.type(), scale(chosen), zeroPoint(chosen));
    }

    /**
     * Chooses for the u8 input of a dynamic operator, and makes no garbage of it.
     *
     * @param min the least of the input
     * @param max the most of the input
     * @param reduceRange whether parameters are those of 0..127
     * @return what was chosen, for {@link #scale} and {@link #zeroPoint}
     */
    public static long dynamicInput(float min, float max, boolean reduceRange) {
        return (reduceRange ? DYNAMIC_REDUCED : DYNAMIC).choose(min, max, false, false);
    }

    /**
     * The scale.
     *
     * @param chosen what was chosen
     * @return the scale
     */
    public static float scale(long chosen) {
        return Float.intBitsToFloat((int) (chosen >> Integer.SIZE));
    }

    /**
     * The zero point.
     *
     * @param chosen what was chosen
     * @return the zero point
     */
    public static int zeroPoint(long chosen) {
        return (int) chosen;
    }

    /** A record that escaped would be garbage of every run: a scale of binary32 and a zero point in one number. */
    private static long chosen(float scale, int zeroPoint) {
        return (long) Float.floatToRawIntBits(scale) << Integer.SIZE | Integer.toUnsignedLong(zeroPoint);
    }

    private long choose(float least, float most, boolean preserveSparsity, boolean powerOfTwo) {
        float min = least;
        float max = most;
        if (min < 0 && max > 0 && preserveSparsity) {
            int symmetricMin = -((qmax - qmin) / 2 + 1);
            int symmetricMax = (qmax - qmin) / 2;
            double maxScale = Math.max(Math.abs(min / symmetricMin), Math.abs(max / symmetricMax));
            min = (float) (maxScale * symmetricMin);
            max = (float) (maxScale * symmetricMax);
        }
        min = Math.min(min, 0.0f);
        max = Math.max(max, 0.0f);
        double scale = rounded(((double) max - min) / (qmax - qmin));
        if ((float) scale == 0.0f || Float.isInfinite(1.0f / (float) scale)) {
            scale = rounded(0.1);
        }
        if (powerOfTwo) {
            scale = Math.scalb(1.0, scale < 1 ? -floorLog2(1.0 / scale) : ceilLog2(scale));
        }
        if (scale < SMALL_SCALE) {
            float amplifier = SMALL_SCALE / (float) scale;
            scale = SMALL_SCALE;
            if (min == 0) {
                max = SMALL_SCALE * (qmax - qmin);
            } else if (max == 0) {
                min = -SMALL_SCALE * (qmax - qmin);
            } else {
                min *= amplifier;
                max *= amplifier;
            }
        }
        return chosen((float) scale, zeroPoint(min, max, scale, preserveSparsity));
    }

    /** First difference: FBGEMM's scale is a float from the start. */
    private double rounded(double scale) {
        return pytorch ? scale : (float) scale;
    }

    /**
     * Second difference: PyTorch divides logarithms, so that some powers of two land beside themselves. The peers shift
     * an int by the result, which is undefined from 31 on; here the power of two is exact at every size.
     */
    private int floorLog2(double value) {
        return pytorch ? (int) Math.floor(Math.log(value) / Math.log(2)) : Math.getExponent(value);
    }

    private int ceilLog2(double value) {
        int exponent = Math.getExponent(value);
        return pytorch ? (int) Math.ceil(Math.log(value) / Math.log(2))
                : value > Math.scalb(1.0, exponent) ? exponent + 1 : exponent;
    }

    private int zeroPoint(float min, float max, double scale, boolean preserveSparsity) {
        if (min < 0 && max > 0 && preserveSparsity) {
            return nudge((double) (qmin + qmax) / 2);
        }
        double fromMin = qmin - min / scale;
        double fromMax = qmax - max / scale;
        // third difference: FBGEMM adds the magnitudes, PyTorch subtracts them
        int sign = pytorch ? -1 : 1;
        double minError = Math.abs(qmin) + sign * Math.abs(min / scale);
        double maxError = Math.abs(qmax) + sign * Math.abs(max / scale);
        return nudge(minError < maxError ? fromMin : fromMax);
    }

    private int nudge(double zeroPoint) {
        // of an infinite range the quotients may be NaN, which becomes 0
        return Math.clamp((long) Math.rint(zeroPoint), qmin, qmax);
    }
}
