// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.jquant.DataType;
import io.jquant.QuantizationParameters;
import java.lang.foreign.MemorySegment;

/**
 * The integers of one scale and zero point, and the formulas of numerics.md 2.2, which PyTorch and FBGEMM share.
 *
 * @param type u8, s8 or s32
 * @param scale the real value of one step
 * @param zeroPoint the integer that stands for 0
 */
public record Affine(DataType type, float scale, int zeroPoint) {
    /**
     * The integers of a tensor.
     *
     * @param parameters its parameters, per tensor
     * @return what its integers mean
     */
    public static Affine of(QuantizationParameters parameters) {
        return of(parameters, 0);
    }

    /**
     * The integers of a channel.
     *
     * @param parameters the tensor's parameters
     * @param channel the channel
     * @return what its integers mean
     */
    public static Affine of(QuantizationParameters parameters, int channel) {
        return new Affine(parameters.type(), parameters.scale(channel), parameters.zeroPoint(channel));
    }

    /**
     * Quantizes.
     *
     * @param real a real number
     * @return the integer nearest to it, by multiplication with the reciprocal of the scale
     */
    public int quantize(float real) {
        return saturate(real * (1.0f / scale));
    }

    /**
     * Rounds and clamps.
     *
     * @param steps a real number of steps from the zero point
     * @return the integer
     */
    public int saturate(float steps) {
        return Rounding.toInteger(steps, zeroPoint, type.min(), type.max());
    }

    /**
     * Dequantizes.
     *
     * @param quantized an integer
     * @return the real number that it stands for
     */
    public float dequantize(int quantized) {
        // the difference of two s32 needs 33 bits
        return scale * (float) ((long) quantized - zeroPoint);
    }

    /**
     * Reads a byte.
     *
     * @param bits the byte of a u8 or s8
     * @return the integer
     */
    public int integer(byte bits) {
        return type == DataType.S8 ? bits : Byte.toUnsignedInt(bits);
    }

    /**
     * What bytes become by dequantizing them and quantizing the result.
     *
     * @param to what they are to mean; u8 or s8, as these are
     * @return the byte for each of the 256 as u8
     */
    public byte[] requantization(Affine to) {
        byte[] table = new byte[256];
        for (int i = 0; i < table.length; i++) {
            table[i] = (byte) to.quantize(dequantize(integer((byte) i)));
        }
        return table;
    }

    int get(MemorySegment segment, long index) {
        return switch (type) {
            case U8, S8 -> integer(segment.get(JAVA_BYTE, index));
            default -> segment.getAtIndex(JAVA_INT_UNALIGNED, index);
        };
    }

    void set(MemorySegment segment, long index, int quantized) {
        if (type.bits() == 8) {
            segment.set(JAVA_BYTE, index, (byte) quantized);
        } else {
            segment.setAtIndex(JAVA_INT_UNALIGNED, index, quantized);
        }
    }
}
