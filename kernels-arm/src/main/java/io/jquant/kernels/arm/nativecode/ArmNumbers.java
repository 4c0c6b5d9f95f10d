// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import io.jquant.kernels.common.ElementNumbers;
import io.jquant.kernels.portable.Affine;
import io.jquant.kernels.portable.QnnpackAddition;

/** The numbers of a kernel over elements, as bits. */
final class ArmNumbers extends ElementNumbers<ElementNumber> {
    ArmNumbers() {
        super(ElementNumber.values());
    }

    @Override
    public ArmNumbers left(Affine operand, float scale) {
        integer(ElementNumber.LEFT_ZERO, operand.zeroPoint()).real(ElementNumber.LEFT_SCALE, scale);
        return this;
    }

    @Override
    public ArmNumbers right(Affine operand, float scale) {
        integer(ElementNumber.RIGHT_ZERO, operand.zeroPoint()).real(ElementNumber.RIGHT_SCALE, scale);
        return this;
    }

    @Override
    public ArmNumbers factor(float factor) {
        real(ElementNumber.FACTOR, factor);
        return this;
    }

    @Override
    public ArmNumbers before(float addend) {
        real(ElementNumber.RIGHT_SCALE, addend);
        return this;
    }

    @Override
    public ArmNumbers output(Affine output, int smallest, int largest) {
        integer(ElementNumber.ZERO_POINT, output.zeroPoint()).integer(ElementNumber.SMALLEST, smallest)
                .integer(ElementNumber.LARGEST, largest);
        return this;
    }

    @Override
    public ArmNumbers fixed(QnnpackAddition sum) {
        // as Java shifts
        int shift = sum.shift() % Integer.SIZE;
        int mask = (1 << shift) - 1;
        integer(ElementNumber.LEFT_SCALE, sum.leftMultiplier())
                .integer(ElementNumber.RIGHT_SCALE, sum.rightMultiplier())
                .integer(ElementNumber.SHIFT, -shift)
                .integer(ElementNumber.MASK, mask)
                .integer(ElementNumber.ROUNDED_DOWN, mask >> 1);
        return this;
    }
}
