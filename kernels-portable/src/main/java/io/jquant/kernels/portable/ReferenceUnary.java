// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jquant.DataType;
import io.jquant.UnaryFunction;
import io.jquant.UnarySpec;
import io.jquant.spi.Numerics;
import io.jquant.spi.UnaryKernel;
import java.lang.foreign.MemorySegment;

/**
 * A function of every element, as a table of all 256 inputs (numerics.md 2.5). The definition is aten's: dequantize,
 * apply, quantize. On u8, QNNPACK numerics take QNNPACK's own formula where PyTorch calls it: hardswish, and sigmoid,
 * hardsigmoid and tanh into the one quantization that QNNPACK knows for each. PyTorch never calls its leaky relu.
 */
public final class ReferenceUnary implements UnaryKernel {
    private final byte[] table = new byte[256];

    /**
     * Makes the table.
     *
     * @param numerics whose formulas
     * @param spec the function
     */
    public ReferenceUnary(Numerics numerics, UnarySpec spec) {
        Affine input = Affine.of(spec.input());
        Affine output = Affine.of(spec.output());
        boolean qnnpack = numerics == Numerics.QNNPACK && input.type() == DataType.U8
                && output.type() == DataType.U8;
        for (int i = 0; i < table.length; i++) {
            int x = input.type() == DataType.U8 ? i : (byte) i;
            table[i] = (byte) (spec.function() instanceof UnaryFunction.Clamp clamp && input.equals(output)
                    ? Math.clamp(x, clamp.bounds().quantizedMin(spec.output()),
                            clamp.bounds().quantizedMax(spec.output()))
                    : entry(spec.function(), input.dequantize(x), output, qnnpack));
        }
    }

    private static int entry(UnaryFunction function, float x, Affine output, boolean qnnpack) {
        return switch (function) {
            case UnaryFunction.Sigmoid sigmoid when qnnpack && is(output, 0x1p-8f, 0) ->
                    round(256.0f / (1.0f + RealFunctions.exp(-x)), output);
            case UnaryFunction.Tanh tanh when qnnpack && is(output, 0x1p-7f, 128) ->
                    round((float) (128.0 * StrictMath.tanh(x) + 128.0), output);
            case UnaryFunction.HardSigmoid hardSigmoid when qnnpack && is(output, 0x1p-8f, 0) ->
                    round(256.0f * RealFunctions.hardSigmoid(x), output);
            case UnaryFunction.HardSwish hardSwish when qnnpack ->
                    round(1.0f / output.scale() * RealFunctions.hardSwish(x) + output.zeroPoint(), output);
            default -> output.quantize(RealFunctions.apply(function, x));
        };
    }

    private static boolean is(Affine output, float scale, int zeroPoint) {
        return output.scale() == scale && output.zeroPoint() == zeroPoint;
    }

    /** QNNPACK's last step: the zero point is already in, which decides ties otherwise than aten. */
    private static int round(float shifted, Affine output) {
        return Float.isNaN(shifted) ? output.zeroPoint() : (int) Math.rint(Math.clamp(shifted, 0.0f, 255.0f));
    }

    /** {@return the output for each of the 256 inputs as u8; not to be changed} */
    public byte[] table() {
        return table;
    }

    @Override
    public void run(long count, MemorySegment input, MemorySegment output) {
        for (long i = 0; i < count; i++) {
            output.set(JAVA_BYTE, i, table[Byte.toUnsignedInt(input.get(JAVA_BYTE, i))]);
        }
    }
}
