// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import io.jquant.BinarySpec;
import io.jquant.DataType;
import io.jquant.kernels.arm.nativecode.ElementShape.Element;
import io.jquant.kernels.arm.nativecode.ElementShape.Function;
import io.jquant.kernels.common.ElementKernels;
import io.jquant.kernels.common.PairKernel;
import io.jquant.kernels.common.PoolKernel;
import io.jquant.kernels.common.RangeKernel;
import io.jquant.kernels.portable.Affine;
import io.jquant.kernels.portable.QnnpackAddition;
import java.lang.foreign.MemorySegment;

/**
 * The operators around products as machine code.
 *
 * @param machine what runs it
 */
record ArmElements(Machine machine) implements ElementKernels {
    @Override
    public RangeKernel conversion(Affine from, Affine to) {
        if (!isBytesOrFloats(from) || !isBytesOrFloats(to)) {
            return null;
        }
        ElementNumbers numbers = new ElementNumbers();
        if (from != null) {
            numbers.left(from, from.scale());
        }
        if (to != null) {
            numbers.real(ElementNumber.FACTOR, 1.0f / to.scale()).output(to, to.type().min(), to.type().max());
        }
        ElementShape shape = new ElementShape(element(from), null, Function.CONVERT, element(to));
        return new ArmRange(machine, shape, numbers, MemorySegment.NULL);
    }

    private static boolean isBytesOrFloats(Affine affine) {
        return affine == null || affine.type() != DataType.S32;
    }

    private static Element element(Affine affine) {
        return affine == null ? Element.F32 : Element.of(affine.type());
    }

    @Override
    public RangeKernel table(byte[] table) {
        return new ArmRange(machine, new ElementShape(Element.U8, null, Function.TABLE, Element.U8),
                new ElementNumbers(), MemorySegment.ofArray(table));
    }

    @Override
    public PairKernel binary(BinarySpec spec, QnnpackAddition fixedPoint) {
        Affine left = Affine.of(spec.left());
        Affine right = Affine.of(spec.right());
        Affine output = Affine.of(spec.output());
        boolean product = spec.function() == BinarySpec.Function.MULTIPLY;
        // a negative scale subtracts: signs change no rounding
        float sign = spec.function() == BinarySpec.Function.SUBTRACT ? -1 : 1;
        float reciprocal = 1.0f / output.scale();
        ElementNumbers numbers = new ElementNumbers()
                .left(left, left.scale()).right(right, sign * right.scale())
                .real(ElementNumber.FACTOR, product ? left.scale() * right.scale() * reciprocal : reciprocal)
                .output(output, spec.activation().quantizedMin(spec.output()),
                        spec.activation().quantizedMax(spec.output()));
        Function function = product ? Function.PRODUCT : Function.SUM;
        if (fixedPoint != null) {
            numbers.fixed(fixedPoint);
            function = Function.FIXED_SUM;
        }
        return new ArmPair(machine, new ElementShape(element(left), element(right), function, element(output)),
                numbers);
    }

    @Override
    public PoolKernel maximum(boolean signed) {
        return new ArmPool(machine, new PoolShape(false, signed), new ElementNumbers(), 0);
    }

    @Override
    public PoolKernel mean(Affine input, Affine output, boolean zeroPointFirst) {
        Affine rounded = zeroPointFirst ? new Affine(output.type(), output.scale(), 0) : output;
        ElementNumbers numbers = new ElementNumbers()
                .real(ElementNumber.RIGHT_SCALE, zeroPointFirst ? output.zeroPoint() : 0)
                .output(rounded, output.type().min(), output.type().max());
        return new ArmPool(machine, new PoolShape(true, input.type() == DataType.S8), numbers, input.zeroPoint());
    }
}
