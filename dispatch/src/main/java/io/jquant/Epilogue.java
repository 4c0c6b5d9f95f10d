// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/**
 * What becomes of the exact int32 sums of a matrix product or convolution.
 *
 * <ul>
 * <li>u8, s8: {@code clamp(rne(f * multiplier) + zeroPoint)}, {@code multiplier = inputScale * weightScale /
 * outputScale} in binary32, {@code f} the sum with its zero points and bias applied (numerics of FBGEMM's
 * RequantizeOutput and of PyTorch's QNNPACK).</li>
 * <li>u8, s8 with an addend: {@code t = f * multiplier + (q - addendZeroPoint) * (addendScale / outputScale)}, each
 * operation rounded once, then {@code clamp(rne(t) + zeroPoint)}.</li>
 * <li>f32: {@code (float) sum * (inputScale * weightScale) + bias}, then the activation.</li>
 * <li>s32: the sum with its zero points and an integer bias applied.</li>
 * </ul>
 *
 * @param type u8, s8, f32 or s32
 * @param output the output's parameters, per tensor; null for f32 and s32
 * @param activation bounds of the result
 * @param addend parameters, per tensor, of a second tensor that is added before rounding; null for none
 */
public record Epilogue(DataType type, QuantizationParameters output, Activation activation,
        QuantizationParameters addend) {
    /**
     * Checks that the parts go together.
     *
     * @throws IllegalArgumentException if they do not
     */
    public Epilogue {
        Require.notNull("type", type);
        Require.notNull("activation", activation);
        boolean quantized = type == DataType.U8 || type == DataType.S8;
        Require.that(quantized || type == DataType.F32 || type == DataType.S32, "type", type, "U8, S8, F32 or S32");
        Require.that(quantized == (output != null), "output", output,
                quantized ? "given for " + type : "null for " + type);
        if (quantized) {
            Require.that(output.isPerTensor() && output.type() == type, "output", output, "per tensor and " + type);
        }
        Require.that(type != DataType.S32 || activation.equals(Activation.NONE), "activation", activation,
                "NONE for S32");
        if (addend != null) {
            Require.that(quantized, "addend", addend, "null for " + type);
            Require.that(addend.isPerTensor() && addend.type().bits() == 8, "addend", addend, "per tensor, U8 or S8");
        }
    }

    /**
     * A quantized output.
     *
     * @param output its parameters, per tensor, u8 or s8
     * @return the epilogue, without activation
     */
    public static Epilogue quantized(QuantizationParameters output) {
        return new Epilogue(Require.notNull("output", output).type(), output, Activation.NONE, null);
    }

    /** {@return the epilogue that stores real numbers} */
    public static Epilogue floating() {
        return new Epilogue(DataType.F32, null, Activation.NONE, null);
    }

    /** {@return the epilogue that stores the sums themselves} */
    public static Epilogue accumulators() {
        return new Epilogue(DataType.S32, null, Activation.NONE, null);
    }

    /**
     * This epilogue with bounds.
     *
     * @param bounds the bounds
     * @return the epilogue
     */
    public Epilogue with(Activation bounds) {
        return new Epilogue(type, output, bounds, addend);
    }

    /**
     * This epilogue with a second quantized tensor added before rounding.
     *
     * @param added the tensor's parameters, per tensor
     * @return the epilogue
     */
    public Epilogue withAddend(QuantizationParameters added) {
        return new Epilogue(type, output, activation, Require.notNull("addend", added));
    }
}
