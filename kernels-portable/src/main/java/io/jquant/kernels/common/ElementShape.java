// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.DataType;
import io.jquant.kernels.portable.Affine;

/**
 * What the code of a kernel over elements depends on, whatever the instruction set; all numbers are arguments.
 *
 * @param left the elements of the input, or of the left one
 * @param right the elements of the right input; null where there is one input
 * @param function what becomes of them
 * @param output the elements of the output
 */
public record ElementShape(Element left, Element right, Function function, Element output) {
    /** What an element is. */
    public enum Element {
        /** An unsigned byte. */
        U8,
        /** A signed byte. */
        S8,
        /** A float. */
        F32;

        /**
         * What elements of a meaning are.
         *
         * @param affine what bytes mean; null for floats
         * @return the elements
         */
        static Element of(Affine affine) {
            return affine == null ? F32 : affine.type() == DataType.S8 ? S8 : U8;
        }

        /** {@return bytes of an element} */
        public int bytes() {
            return this == F32 ? Float.BYTES : 1;
        }
    }

    /** What becomes of elements. */
    public enum Function {
        /** Quantize, dequantize, requantize. */
        CONVERT,
        /** A sum in floats; a difference has a negative scale. */
        SUM,
        /** A product, exact before it is scaled. */
        PRODUCT,
        /** QNNPACK's sum in fixed point. */
        FIXED_SUM,
        /** Bounds on bytes. */
        CLAMP,
        /** A table of 256 bytes. */
        TABLE
    }

    /**
     * Of one input.
     *
     * @param input the elements of the input
     * @param function what becomes of them
     * @param output the elements of the output
     * @return the shape
     */
    public static ElementShape of(Element input, Function function, Element output) {
        return new ElementShape(input, null, function, output);
    }

    // by hand: at its first call, what a record has of its own takes milliseconds
    @Override
    public boolean equals(Object other) {
        return other instanceof ElementShape shape && left == shape.left && right == shape.right
                && function == shape.function && output == shape.output;
    }

    @Override
    public int hashCode() {
        int inputs = 31 * left.hashCode() + (right == null ? 0 : right.hashCode());
        return 31 * (31 * inputs + function.hashCode()) + output.hashCode();
    }
}
