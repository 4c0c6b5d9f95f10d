// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import io.jquant.DataType;
import io.jquant.kernels.common.CodeStage;

/**
 * What the code of a kernel over elements depends on; all numbers are arguments.
 *
 * @param left the elements of the input, or of the left one
 * @param right the elements of the right input; null where there is one input
 * @param function what becomes of them
 * @param output the elements of the output
 */
record ElementShape(Element left, Element right, Function function, Element output) implements CodeMaker {
    /** What an element is. */
    enum Element {
        U8, S8, F32;

        static Element of(DataType type) {
            return type == DataType.S8 ? S8 : U8;
        }

        int bytes() {
            return this == F32 ? Float.BYTES : 1;
        }
    }

    /** What becomes of elements. */
    enum Function {
        /** Quantize, dequantize, requantize. */
        CONVERT,
        /** A sum in floats; a difference has a negative scale. */
        SUM,
        /** A product, exact before it is scaled. */
        PRODUCT,
        /** QNNPACK's sum in fixed point. */
        FIXED_SUM,
        /** A table of 256 bytes. */
        TABLE
    }

    @Override
    public Code code(CodeStage stage, int rows) {
        return new ElementCode(this);
    }
}
