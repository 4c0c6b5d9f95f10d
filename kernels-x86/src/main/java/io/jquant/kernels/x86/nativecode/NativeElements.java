// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.BinarySpec;
import io.jquant.DataType;
import io.jquant.kernels.common.ByteBounds;
import io.jquant.kernels.common.ElementKernels;
import io.jquant.kernels.common.PairKernel;
import io.jquant.kernels.common.PoolKernel;
import io.jquant.kernels.common.RangeKernel;
import io.jquant.kernels.portable.Affine;
import io.jquant.kernels.portable.QnnpackAddition;
import io.jquant.kernels.x86.nativecode.ElementShape.Element;
import io.jquant.kernels.x86.nativecode.ElementShape.Function;
import java.lang.foreign.MemorySegment;

/**
 * The operators around products as machine code.
 *
 * @param machine what runs the code
 * @param wide whether there are 512 bits
 * @param permutesBytes whether there are 512 bits and permutations of bytes
 */
record NativeElements(Machine machine, boolean wide, boolean permutesBytes) implements ElementKernels {
    @Override
    public RangeKernel conversion(Affine from, Affine to) {
        if (isBytes(from) && isBytes(to)
                && (permutesBytes || !fits(255 * from.scale() * (1.0f / to.scale())))) {
            return table(from.requantization(to));
        }
        if ((from != null && !isBytes(from)) || (to != null && !isBytes(to))) {
            return null;
        }
        ElementNumbers numbers = new ElementNumbers();
        if (from != null) {
            numbers.left(from, from.scale());
        }
        if (to != null) {
            numbers.real(ElementNumber.FACTOR, 1.0f / to.scale()).output(to, to.type().min(), to.type().max());
        }
        return new NativeRange(ElementShape.of(wide, element(from), Function.CONVERT, element(to)), numbers,
                MemorySegment.NULL, machine);
    }

    private static boolean isBytes(Affine element) {
        return element != null && element.type() != DataType.S32;
    }

    private static Element element(Affine affine) {
        return affine == null ? Element.F32 : Element.of(affine.type());
    }

    /** Whether the code of bytes knows results as large: neither what is beyond integers, nor infinities or NaN. */
    private static boolean fits(float most) {
        return most < 0x1p31f;
    }

    @Override
    public RangeKernel copy() {
        return clamp(new ByteBounds(0, 255, false));
    }

    private RangeKernel clamp(ByteBounds bounds) {
        Element element = bounds.signed() ? Element.S8 : Element.U8;
        ElementNumbers numbers = new ElementNumbers().integer(ElementNumber.SMALLEST, bounds.low())
                .integer(ElementNumber.LARGEST, bounds.high());
        return new NativeRange(ElementShape.of(wide, element, Function.CLAMP, element), numbers, MemorySegment.NULL,
                machine);
    }

    @Override
    public RangeKernel table(byte[] table) {
        ByteBounds bounds = ByteBounds.of(table);
        if (bounds != null) {
            return clamp(bounds);
        }
        Function function = permutesBytes ? Function.TABLE : Function.TABLE_OF_ROWS;
        return new NativeRange(ElementShape.of(wide, Element.U8, function, Element.U8), new ElementNumbers(),
                MemorySegment.ofArray(TableCode.arrange(table, function)), machine);
    }

    @Override
    public PairKernel binary(BinarySpec spec, QnnpackAddition fixedPoint) {
        Affine left = Affine.of(spec.left());
        Affine right = Affine.of(spec.right());
        Affine output = Affine.of(spec.output());
        ElementNumbers numbers = new ElementNumbers()
                .output(output, spec.activation().quantizedMin(spec.output()),
                        spec.activation().quantizedMax(spec.output()));
        boolean product = spec.function() == BinarySpec.Function.MULTIPLY;
        if (fixedPoint != null) {
            numbers.fixed(fixedPoint);
        } else if (product) {
            float multiplier = left.scale() * right.scale() * (1.0f / output.scale());
            if (!fits(255 * 255 * multiplier)) {
                return null;
            }
            numbers.left(left, 1).right(right, 1).real(ElementNumber.FACTOR, multiplier);
        } else {
            if (!fits(255 * (left.scale() + right.scale()) * (1.0f / output.scale()))) {
                return null;
            }
            boolean less = spec.function() == BinarySpec.Function.SUBTRACT;
            // a negative scale subtracts: signs change no rounding
            numbers.left(left, left.scale()).right(right, less ? -right.scale() : right.scale())
                    .real(ElementNumber.FACTOR, 1.0f / output.scale());
        }
        Function function = fixedPoint != null ? Function.FIXED_SUM : product ? Function.PRODUCT : Function.SUM;
        return new NativePair(new ElementShape(wide, element(left), element(right), function, element(output)),
                numbers, machine);
    }

    @Override
    public PoolKernel maximum(boolean signed) {
        Element element = signed ? Element.S8 : Element.U8;
        return new NativePool(PoolShape.of(wide, false, element, element), new ElementNumbers(), 0,
                machine);
    }

    @Override
    public PoolKernel mean(Affine input, Affine output, boolean zeroPointFirst) {
        Affine rounded = zeroPointFirst ? new Affine(output.type(), output.scale(), 0) : output;
        ElementNumbers numbers = new ElementNumbers()
                .real(ElementNumber.BEFORE, zeroPointFirst ? output.zeroPoint() : 0)
                .output(rounded, output.type().min(), output.type().max());
        return new NativePool(PoolShape.of(wide, true, element(input), element(output)), numbers,
                ElementNumbers.zero(input), machine);
    }
}
