// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.DataType;
import io.jquant.kernels.common.ElementNumbers;
import io.jquant.kernels.portable.Affine;
import io.jquant.kernels.portable.QnnpackAddition;

/** The numbers of a kernel over elements, as bits. */
final class NativeNumbers extends ElementNumbers<ElementNumber> {
    /** What integers are more by as the low bits of a binary32. */
    private static final float REAL = 0x1p23f;

    NativeNumbers() {
        super(ElementNumber.values());
        integer(ElementNumber.SIGNS, 0x80);
    }

    @Override
    public NativeNumbers left(Affine operand, float scale) {
        real(ElementNumber.LEFT_ZERO, REAL + zero(operand)).real(ElementNumber.LEFT_SCALE, scale);
        return this;
    }

    @Override
    public NativeNumbers right(Affine operand, float scale) {
        real(ElementNumber.RIGHT_ZERO, REAL + zero(operand)).real(ElementNumber.RIGHT_SCALE, scale);
        return this;
    }

    /** The zero point of an operand once its bytes are u8. */
    private static int zero(Affine operand) {
        return operand.zeroPoint() + (operand.type() == DataType.S8 ? 128 : 0);
    }

    @Override
    public NativeNumbers factor(float factor) {
        real(ElementNumber.FACTOR, factor);
        return this;
    }

    @Override
    public NativeNumbers before(float addend) {
        real(ElementNumber.BEFORE, addend);
        return this;
    }

    @Override
    public NativeNumbers output(Affine output, int smallest, int largest) {
        integer(ElementNumber.ZERO_POINT, output.zeroPoint()).integer(ElementNumber.SMALLEST, smallest)
                .integer(ElementNumber.LARGEST, largest).real(ElementNumber.HIGH, largest - output.zeroPoint());
        return this;
    }

    @Override
    public NativeNumbers fixed(QnnpackAddition sum) {
        int shift = sum.shift() % Integer.SIZE;
        int mask = (1 << shift) - 1;
        integer(ElementNumber.LEFT_SCALE, sum.leftMultiplier())
                .integer(ElementNumber.RIGHT_SCALE, sum.rightMultiplier())
                .integer(ElementNumber.INITIAL, -sum.leftMultiplier() * sum.leftZeroPoint()
                        - sum.rightMultiplier() * sum.rightZeroPoint())
                .integer(ElementNumber.SHIFT, shift)
                .integer(ElementNumber.MASK, mask)
                .integer(ElementNumber.ROUNDED_UP, (mask >> 1) + 1)
                // the code leaves its sums one too small
                .integer(ElementNumber.ZERO_POINT, sum.outputZeroPoint() + 1);
        return this;
    }
}
