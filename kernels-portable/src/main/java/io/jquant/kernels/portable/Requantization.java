// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.jquant.Bias;
import io.jquant.DataType;
import io.jquant.Epilogue;
import io.jquant.QuantizationParameters;
import io.jquant.spi.Numerics;
import java.lang.foreign.MemorySegment;

/**
 * An {@link Epilogue} with its numbers worked out for every output channel. With {@code raw} the sum of
 * {@code (input - inputZeroPoint) * (weight - weightZeroPoint)}:
 *
 * <ul>
 * <li>u8, s8: {@code f = (float) (raw + integerBias) + realBias}, {@code t = f * scale}, plus
 * {@code (addend - addendZeroPoint) * addendScale} if there is an addend, then {@link Rounding#toInteger}.</li>
 * <li>f32: {@code (float) (raw + integerBias) * scale + realBias}, then the bounds.</li>
 * <li>s32: {@code raw + integerBias}.</li>
 * </ul>
 *
 * <p>Every operation on floats is rounded once to binary32; additions of int32 wrap, as in all peers. A bias that is
 * absent is 0.
 */
public final class Requantization {
    private final Epilogue epilogue;
    private final int[] integerBias;
    private final float[] realBias;
    private final float[] scales;
    private final float addendScale;
    private final int min;
    private final int max;

    /**
     * Works out the numbers.
     *
     * @param numerics in whose order of operations
     * @param input the input's parameters, per tensor
     * @param weight the weights' parameters
     * @param channels output channels
     * @param epilogue what becomes of the sums
     * @param bias the bias, of the channels' number
     * @throws IllegalArgumentException if a product or quotient of the scales overflows, or underflows to 0
     */
    public Requantization(Numerics numerics, QuantizationParameters input, QuantizationParameters weight, int channels,
            Epilogue epilogue, Bias bias) {
        this.epilogue = epilogue;
        this.integerBias = new int[channels];
        this.realBias = new float[channels];
        this.scales = new float[channels];
        for (int channel = 0; channel < channels; channel++) {
            float sumScale = requireScale("inputScale * weightScale", channel,
                    input.scale() * weight.scale(channel));
            scales[channel] = isQuantized()
                    ? requireScale("inputScale * weightScale / outputScale", channel, multiplier(numerics, sumScale))
                    : sumScale;
            setBias(numerics, bias, channel, sumScale);
        }
        this.addendScale = epilogue.addend() == null ? 0 : epilogue.addend().scale() / epilogue.output().scale();
        this.min = isQuantized() ? epilogue.activation().quantizedMin(epilogue.output()) : 0;
        this.max = isQuantized() ? epilogue.activation().quantizedMax(epilogue.output()) : 0;
    }

    private boolean isQuantized() {
        return epilogue.output() != null;
    }

    /** PyTorch's order of operations: FBGEMM divides by the output's scale, QNNPACK multiplies by its reciprocal. */
    private float multiplier(Numerics numerics, float sumScale) {
        float outputScale = epilogue.output().scale();
        return switch (numerics) {
            case FBGEMM -> sumScale / outputScale;
            case QNNPACK -> sumScale * (1.0f / outputScale);
        };
    }

    private void setBias(Numerics numerics, Bias bias, int channel, float sumScale) {
        // not a switch: over types, it costs milliseconds the first time
        if (bias instanceof Bias.Quantized quantized) {
            integerBias[channel] = quantized.values().get(channel);
        } else if (bias instanceof Bias.Real real) {
            float value = real.values().get(channel);
            if (epilogue.type() == DataType.F32) {
                realBias[channel] = value;
            } else if (isQuantized() && numerics == Numerics.FBGEMM) {
                // numerics.md 2.3 (a): the scalar path divides; some vector paths multiply by the reciprocal
                realBias[channel] = value / sumScale;
            } else {
                // PyTorch's QuantizeBias for QNNPACK; integer outputs have no other place for a real bias
                integerBias[channel] = Rounding.toInteger(value * (1.0f / sumScale), 0, Integer.MIN_VALUE,
                        Integer.MAX_VALUE);
            }
        }
    }

    private static float requireScale(String name, int channel, float scale) {
        if (!(scale > 0 && Float.isFinite(scale))) {
            throw new IllegalArgumentException(
                    name + " = " + scale + " of channel " + channel + ": must be finite and above 0");
        }
        return scale;
    }

    /**
     * What the int32 sum gets added.
     *
     * @param channel the output channel
     * @return the integer bias
     */
    public int integerBias(int channel) {
        return integerBias[channel];
    }

    /**
     * What is added as a float: before scaling for u8 and s8, after it for f32.
     *
     * @param channel the output channel
     * @return the real bias
     */
    public float realBias(int channel) {
        return realBias[channel];
    }

    /**
     * What the sum is multiplied by.
     *
     * @param channel the output channel
     * @return the multiplier
     */
    public float scale(int channel) {
        return scales[channel];
    }

    /** {@return what the addend's distance from its zero point is multiplied by; 0 without an addend} */
    public float addendScale() {
        return addendScale;
    }

    /** {@return the smallest integer to store, of a u8 or s8 output} */
    public int min() {
        return min;
    }

    /** {@return the largest integer to store, of a u8 or s8 output} */
    public int max() {
        return max;
    }

    /**
     * Stores one element of the output.
     *
     * @param raw the sum, zero points applied
     * @param channel the output channel
     * @param output the output
     * @param index the element's index in it
     * @param addend the addend, null for none
     * @param addendIndex the element's index in the addend
     */
    public void store(int raw, int channel, MemorySegment output, long index, MemorySegment addend, long addendIndex) {
        int sum = raw + integerBias[channel];
        switch (epilogue.type()) {
            case S32 -> output.set(JAVA_INT_UNALIGNED, index * Integer.BYTES, sum);
            case F32 -> output.set(JAVA_FLOAT_UNALIGNED, index * Float.BYTES,
                    bounded((float) sum * scales[channel] + realBias[channel]));
            default -> {
                float steps = ((float) sum + realBias[channel]) * scales[channel];
                if (epilogue.addend() != null) {
                    steps += Centered.of(epilogue.addend(), 0).get(addend, addendIndex) * addendScale;
                }
                output.set(JAVA_BYTE, index,
                        (byte) Rounding.toInteger(steps, epilogue.output().zeroPoint(), min, max));
            }
        }
    }

    private float bounded(float value) {
        return Math.min(Math.max(value, epilogue.activation().min()), epilogue.activation().max());
    }
}
