// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.kernels.portable.Affine;
import io.jquant.kernels.portable.QnnpackAddition;

/**
 * The numbers of machine code over elements, as bits, each of them what an instruction set's code wants.
 *
 * @param <N> the instruction set's numbers
 */
public abstract class ElementNumbers<N extends Enum<N>> {
    private final int[] bits;

    /**
     * Of no meaning yet.
     *
     * @param numbers all there are
     */
    protected ElementNumbers(N[] numbers) {
        bits = new int[numbers.length];
    }

    /** {@return the numbers in their order; not to be changed} */
    final int[] bits() {
        return bits;
    }

    /**
     * Sets a number.
     *
     * @param number which
     * @param value an integer
     * @return this
     */
    @SuppressWarnings("EnumOrdinal") // the order is that of the arguments
    public final ElementNumbers<N> integer(N number, int value) {
        bits[number.ordinal()] = value;
        return this;
    }

    /**
     * Sets a number.
     *
     * @param number which
     * @param value a binary32
     * @return this
     */
    public final ElementNumbers<N> real(N number, float value) {
        return integer(number, Float.floatToRawIntBits(value));
    }

    /**
     * Sets what the only operand means, or the left one.
     *
     * @param operand its zero point and type
     * @param scale what its distance from the zero point is multiplied by
     * @return this
     */
    public abstract ElementNumbers<N> left(Affine operand, float scale);

    /**
     * Sets what the right operand means.
     *
     * @param operand its zero point and type
     * @param scale what its distance from the zero point is multiplied by
     * @return this
     */
    public abstract ElementNumbers<N> right(Affine operand, float scale);

    /**
     * Sets what the real result is multiplied by.
     *
     * @param factor the factor
     * @return this
     */
    public abstract ElementNumbers<N> factor(float factor);

    /**
     * Sets what is added to a mean before it is rounded.
     *
     * @param addend the addend
     * @return this
     */
    public abstract ElementNumbers<N> before(float addend);

    /**
     * Sets what the output means, and its bounds.
     *
     * @param output its zero point
     * @param smallest the smallest byte
     * @param largest the largest one
     * @return this
     */
    public abstract ElementNumbers<N> output(Affine output, int smallest, int largest);

    /**
     * Sets the numbers of a sum in fixed point; after all others.
     *
     * @param sum the sum
     * @return this
     */
    public abstract ElementNumbers<N> fixed(QnnpackAddition sum);
}
