// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.DataType;

/**
 * What the code of a kernel over elements depends on; all numbers are arguments.
 *
 * @param wide whether vectors have 512 bits, and not 256
 * @param left the elements of the input, or of the left one
 * @param right the elements of the right input; null where there is one input
 * @param function what becomes of them
 * @param output the elements of the output
 */
record ElementShape(boolean wide, Element left, Element right, Function function, Element output) {
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
        /** Bounds on bytes. */
        CLAMP,
        /** A table of 256 bytes, by permutations of two registers (AVX512_VBMI). */
        TABLE,
        /** The same by permutations of 16 bytes. */
        TABLE_OF_ROWS;

        /** Whether bytes stay bytes. */
        boolean isOfBytes() {
            return compareTo(CLAMP) >= 0;
        }
    }

    /** Of one input. */
    static ElementShape of(boolean wide, Element input, Function function, Element output) {
        return new ElementShape(wide, input, null, function, output);
    }

    /** How many elements are done at a time. */
    int block() {
        return wide ? 64 : 32;
    }
}
