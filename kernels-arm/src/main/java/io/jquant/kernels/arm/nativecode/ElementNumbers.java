// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import io.jquant.kernels.portable.Affine;
import io.jquant.kernels.portable.QnnpackAddition;

/** The numbers of a kernel over elements, as bits. */
final class ElementNumbers {
    private final int[] bits = new int[ElementNumber.values().length];

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
        return integer(ElementNumber.LEFT_ZERO, operand.zeroPoint()).real(ElementNumber.LEFT_SCALE, scale);
    }

    /** Sets what the right operand means. */
    ElementNumbers right(Affine operand, float scale) {
        return integer(ElementNumber.RIGHT_ZERO, operand.zeroPoint()).real(ElementNumber.RIGHT_SCALE, scale);
    }

    /** Sets what the output means, and its bounds. */
    ElementNumbers output(Affine output, int smallest, int largest) {
        return integer(ElementNumber.ZERO_POINT, output.zeroPoint()).integer(ElementNumber.SMALLEST, smallest)
                .integer(ElementNumber.LARGEST, largest);
    }

    /** Sets the numbers of a sum in fixed point; after the operands' zero points. */
    ElementNumbers fixed(QnnpackAddition sum) {
        // as Java shifts
        int shift = sum.shift() % Integer.SIZE;
        int mask = (1 << shift) - 1;
        return integer(ElementNumber.LEFT_SCALE, sum.leftMultiplier())
                .integer(ElementNumber.RIGHT_SCALE, sum.rightMultiplier())
                .integer(ElementNumber.SHIFT, -shift)
                .integer(ElementNumber.MASK, mask)
                .integer(ElementNumber.ROUNDED_DOWN, mask >> 1);
    }
}
