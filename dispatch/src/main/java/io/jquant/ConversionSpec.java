// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/**
 * From real numbers to quantized ones, back, or from one quantization to another. Real numbers are f32. Values are
 * quantized as {@code clamp(rne(x * (1 / scale)) + zeroPoint)}; infinities saturate, and NaN becomes the zero point.
 *
 * @param from the input's parameters: u8, s8 or s32, per tensor or per channel; null for real numbers
 * @param to the output's parameters: u8, s8 or s32, per tensor or per channel; null for real numbers
 */
public record ConversionSpec(QuantizationParameters from, QuantizationParameters to) {
    /**
     * Checks that the parts go together.
     *
     * @throws IllegalArgumentException if they do not
     */
    public ConversionSpec {
        Require.that(from != null || to != null, "from and to", "null", "given, at least one of them");
        check("from", from);
        check("to", to);
        Require.that(from == null || to == null || from.isPerTensor() || to.isPerTensor()
                || (from.channels() == to.channels() && from.axis() == to.axis()), "to", to,
                "of the channels of from, " + from);
    }

    private static void check(String name, QuantizationParameters parameters) {
        if (parameters != null) {
            DataType type = parameters.type();
            Require.that(type == DataType.U8 || type == DataType.S8 || type == DataType.S32, name, parameters,
                    "of type U8, S8 or S32");
        }
    }

    /** {@return the number of channels: 1 where both sides are per tensor} */
    public int channels() {
        return Math.max(from == null ? 1 : from.channels(), to == null ? 1 : to.channels());
    }

    /** {@return the input's element type} */
    public DataType inputType() {
        return from == null ? DataType.F32 : from.type();
    }

    /** {@return the output's element type} */
    public DataType outputType() {
        return to == null ? DataType.F32 : to.type();
    }
}
