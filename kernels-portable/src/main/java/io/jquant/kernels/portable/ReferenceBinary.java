// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.BinarySpec;
import io.jquant.spi.BinaryKernel;
import io.jquant.spi.Numerics;
import java.lang.foreign.MemorySegment;

/**
 * A function of two elements (numerics.md 2.4). Sums and differences are aten's: dequantize, add, quantize; in QNNPACK
 * numerics they are QNNPACK's in fixed point where it can: all of u8, scales not too far apart, operands of one shape.
 * Products are aten's in both: an exact integer product, requantized. Bounds are clamped to on the quantized result.
 */
final class ReferenceBinary implements BinaryKernel {
    private final BinarySpec.Function function;
    private final Affine left;
    private final Affine right;
    private final Affine output;
    private final int min;
    private final int max;
    private final float multiplier;
    /** Null where the sum is aten's. */
    private final QnnpackAddition fixedPoint;

    ReferenceBinary(Numerics numerics, BinarySpec spec) {
        function = spec.function();
        left = Affine.of(spec.left());
        right = Affine.of(spec.right());
        output = Affine.of(spec.output());
        min = spec.activation().quantizedMin(spec.output());
        max = spec.activation().quantizedMax(spec.output());
        multiplier = left.scale() * right.scale() * (1.0f / output.scale());
        fixedPoint = numerics == Numerics.QNNPACK && QnnpackAddition.handles(spec) ? QnnpackAddition.of(spec) : null;
    }

    @Override
    public void run(boolean broadcast, long rows, long columns, MemorySegment leftSegment, long leftStride,
            int leftStep, MemorySegment rightSegment, long rightStride, int rightStep, MemorySegment outputSegment,
            long outputOffset) {
        boolean inFixedPoint = fixedPoint != null && !broadcast;
        for (long row = 0; row < rows; row++) {
            for (long column = 0; column < columns; column++) {
                int a = left.get(leftSegment, row * leftStride + column * leftStep);
                int b = right.get(rightSegment, row * rightStride + column * rightStep);
                int y = inFixedPoint ? fixedPoint.apply(a, b) : apply(a, b);
                output.set(outputSegment, outputOffset + row * columns + column, Math.clamp(y, min, max));
            }
        }
    }

    private int apply(int a, int b) {
        return switch (function) {
            case ADD -> output.quantize(left.dequantize(a) + right.dequantize(b));
            case SUBTRACT -> output.quantize(left.dequantize(a) - right.dequantize(b));
            case MULTIPLY -> output.saturate((a - left.zeroPoint()) * (b - right.zeroPoint()) * multiplier);
        };
    }
}
