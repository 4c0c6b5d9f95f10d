// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.BinarySpec;
import io.jquant.DataType;
import io.jquant.kernels.common.ElementShape.Element;
import io.jquant.kernels.common.ElementShape.Function;
import io.jquant.kernels.portable.Affine;
import io.jquant.kernels.portable.QnnpackAddition;
import java.lang.foreign.MemorySegment;

/** The operators around products as machine code: an instruction set supplies code, and how it is told numbers. */
public abstract class CodeElements implements ElementKernels {
    private final CodeRunner runner;
    private final int step;

    /**
     * For an instruction set.
     *
     * @param runner what runs the code
     * @param step elements of a step of an input: see {@link ElementArguments#INPUT_STEP}
     */
    protected CodeElements(CodeRunner runner, int step) {
        this.runner = runner;
        this.step = step;
    }

    /** {@return numbers of no meaning yet} */
    protected abstract ElementNumbers<?> numbers();

    /**
     * The code over elements.
     *
     * @param shape what it depends on
     * @return the code
     */
    protected abstract MemorySegment code(ElementShape shape);

    /**
     * A pooling.
     *
     * @param mean whether it is a mean, and not a maximum
     * @param input the elements of the input
     * @param output the elements of the output
     * @param numbers the numbers, but for those of a block
     * @param zeroPoint the zero point of a mean's input
     * @return the kernel
     */
    protected abstract PoolKernel pool(boolean mean, Element input, Element output, ElementNumbers<?> numbers,
            int zeroPoint);

    /**
     * Whether the code knows results as large before they are bounded.
     *
     * @param most the largest magnitude; infinite or NaN where it is beyond floats
     * @return whether it does
     */
    protected boolean knows(float most) {
        return true;
    }

    /**
     * Elements of elements.
     *
     * @param shape what becomes of which
     * @param numbers the numbers
     * @param table the table as the code wants it; {@link MemorySegment#NULL} for none
     * @return the kernel
     */
    protected final RangeKernel range(ElementShape shape, ElementNumbers<?> numbers, MemorySegment table) {
        return new CodeRange(runner, code(shape), shape, step, numbers, table);
    }

    @Override
    public RangeKernel conversion(Affine from, Affine to) {
        if (!isBytesOrFloats(from) || !isBytesOrFloats(to)) {
            return null;
        }
        ElementNumbers<?> numbers = numbers();
        if (from != null) {
            numbers.left(from, from.scale());
        }
        if (to != null) {
            numbers.factor(1.0f / to.scale()).output(to, to.type().min(), to.type().max());
        }
        return range(ElementShape.of(Element.of(from), Function.CONVERT, Element.of(to)), numbers,
                MemorySegment.NULL);
    }

    private static boolean isBytesOrFloats(Affine affine) {
        return affine == null || affine.type() != DataType.S32;
    }

    @Override
    public PairKernel binary(BinarySpec spec, QnnpackAddition fixedPoint) {
        Affine left = Affine.of(spec.left());
        Affine right = Affine.of(spec.right());
        Affine output = Affine.of(spec.output());
        boolean product = spec.function() == BinarySpec.Function.MULTIPLY;
        float reciprocal = 1.0f / output.scale();
        float factor = product ? left.scale() * right.scale() * reciprocal : reciprocal;
        float most = product ? 255 * 255 * factor : 255 * (left.scale() + right.scale()) * reciprocal;
        if (fixedPoint == null && !knows(most)) {
            return null;
        }
        // a negative scale subtracts: signs change no rounding
        float sign = spec.function() == BinarySpec.Function.SUBTRACT ? -1 : 1;
        ElementNumbers<?> numbers = numbers()
                .left(left, product ? 1 : left.scale()).right(right, product ? 1 : sign * right.scale())
                .factor(factor)
                .output(output, spec.activation().quantizedMin(spec.output()),
                        spec.activation().quantizedMax(spec.output()));
        Function function = product ? Function.PRODUCT : Function.SUM;
        if (fixedPoint != null) {
            numbers.fixed(fixedPoint);
            function = Function.FIXED_SUM;
        }
        ElementShape shape = new ElementShape(Element.of(left), Element.of(right), function, Element.of(output));
        return new CodePair(runner, code(shape), step, numbers);
    }

    @Override
    public PoolKernel maximum(boolean signed) {
        Element element = signed ? Element.S8 : Element.U8;
        return pool(false, element, element, numbers(), 0);
    }

    @Override
    public PoolKernel mean(Affine input, Affine output, boolean zeroPointFirst) {
        Affine rounded = zeroPointFirst ? new Affine(output.type(), output.scale(), 0) : output;
        ElementNumbers<?> numbers = numbers().before(zeroPointFirst ? output.zeroPoint() : 0)
                .output(rounded, output.type().min(), output.type().max());
        return pool(true, Element.of(input), Element.of(output), numbers, input.zeroPoint());
    }
}
