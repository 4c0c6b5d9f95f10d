// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.DataType;
import io.jquant.kernels.portable.Affine;
import io.jquant.kernels.portable.QnnpackAddition;

/** The numbers of a kernel over elements, as bits. */
final class ElementNumbers {
    /** What integers are more by as the low bits of a binary32. */
    private static final float REAL = 0x1p23f;

    private final int[] bits = new int[ElementNumber.values().length];

    ElementNumbers() {
        bits[ElementNumber.SIGNS.index()] = 0x80;
    }

    /** The numbers in {@link ElementNumber}'s order; not to be changed. */
    int[] bits() {
        return bits;
    }

    ElementNumbers integer(ElementNumber number, int value) {
        bits[number.index()] = value;
        return this;
    }

    ElementNumbers real(ElementNumber number, float value) {
        return integer(number, Float.floatToRawIntBits(value));
    }

    /** Sets what the only operand means, or the left one. */
    ElementNumbers left(Affine operand, float scale) {
        return real(ElementNumber.LEFT_ZERO, REAL + zero(operand)).real(ElementNumber.LEFT_SCALE, scale);
    }

    /** Sets what the right operand means. */
    ElementNumbers right(Affine operand, float scale) {
        return real(ElementNumber.RIGHT_ZERO, REAL + zero(operand)).real(ElementNumber.RIGHT_SCALE, scale);
    }

    /** The zero point of an operand once its bytes are u8. */
    static int zero(Affine operand) {
        return operand.zeroPoint() + (operand.type() == DataType.S8 ? 128 : 0);
    }

    /** Sets what the output means, and its bounds. */
    ElementNumbers output(Affine output, int smallest, int largest) {
        return integer(ElementNumber.ZERO_POINT, output.zeroPoint()).integer(ElementNumber.SMALLEST, smallest)
                .integer(ElementNumber.LARGEST, largest).real(ElementNumber.HIGH, largest - output.zeroPoint());
    }

    /** Sets the numbers of a sum in fixed point, of u8; after {@link #output}. */
    ElementNumbers fixed(QnnpackAddition sum) {
        int shift = sum.shift() % Integer.SIZE;
        int mask = (1 << shift) - 1;
        return integer(ElementNumber.LEFT_SCALE, sum.leftMultiplier())
                .integer(ElementNumber.RIGHT_SCALE, sum.rightMultiplier())
                .integer(ElementNumber.INITIAL, -sum.leftMultiplier() * sum.leftZeroPoint()
                        - sum.rightMultiplier() * sum.rightZeroPoint())
                .integer(ElementNumber.SHIFT, shift)
                .integer(ElementNumber.MASK, mask)
                .integer(ElementNumber.ROUNDED_UP, (mask >> 1) + 1)
                // the code leaves its sums one too small
                .integer(ElementNumber.ZERO_POINT, sum.outputZeroPoint() + 1);
    }
}
