// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.BinarySpec;
import io.jquant.BinarySpec.Function;
import io.jquant.DataType;

/**
 * QNNPACK's addition in fixed point (numerics.md 2.4): rounds halves away from zero. A subtraction is the addition of
 * the right operand with its multiplier negated, which QNNPACK itself does not have.
 *
 * @param leftZeroPoint the left operand's zero point
 * @param rightZeroPoint the right operand's
 * @param outputZeroPoint the output's
 * @param leftMultiplier what the left operand's distance from its zero point is multiplied by
 * @param rightMultiplier the right operand's
 * @param shift how many bits the sum is shifted to the right
 */
public record QnnpackAddition(int leftZeroPoint, int rightZeroPoint, int outputZeroPoint, int leftMultiplier,
        int rightMultiplier, int shift) {
    /**
     * Whether PyTorch calls QNNPACK for an operator, operands of one shape provided.
     *
     * @param spec the operator
     * @return whether it does
     */
    public static boolean handles(BinarySpec spec) {
        return spec.function() != Function.MULTIPLY && spec.left().type() == DataType.U8
                && spec.right().type() == DataType.U8 && spec.output().type() == DataType.U8
                && inRange(spec.left().scale() / spec.output().scale())
                && inRange(spec.right().scale() / spec.output().scale());
    }

    private static boolean inRange(float ratio) {
        return ratio >= 0x1p-14f && ratio < 0x1p8f;
    }

    /**
     * The numbers of an operator that QNNPACK handles.
     *
     * @param spec the operator
     * @return its numbers
     */
    public static QnnpackAddition of(BinarySpec spec) {
        float left = spec.left().scale() / spec.output().scale();
        float right = spec.right().scale() / spec.output().scale();
        int shift = 21 - Math.getExponent(Math.max(left, right));
        int sign = spec.function() == Function.SUBTRACT ? -1 : 1;
        return new QnnpackAddition(spec.left().zeroPoint(), spec.right().zeroPoint(), spec.output().zeroPoint(),
                (int) Math.rint(Math.scalb(left, shift)), sign * (int) Math.rint(Math.scalb(right, shift)), shift);
    }

    /**
     * The result before it is clamped. Multipliers are below 2^22, so that nothing overflows.
     *
     * @param left an element of the left operand
     * @param right an element of the right operand
     * @return the element of the output, the zero point added
     */
    public int apply(int left, int right) {
        int sum = leftMultiplier * (left - leftZeroPoint) + rightMultiplier * (right - rightZeroPoint);
        int mask = (1 << shift) - 1;
        int remainder = (sum & mask) - (sum < 0 ? 1 : 0);
        return (sum >> shift) + (remainder > (mask >> 1) ? 1 : 0) + outputZeroPoint;
    }
}
