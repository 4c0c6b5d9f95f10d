// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import io.jquant.codegen.arm64.Shape;
import io.jquant.kernels.common.ElementArguments;

/** The numbers of kernels over elements, each an argument of 32 bits of which the code fills a register. */
enum ElementNumber {
    LEFT_ZERO(Shape.H8),
    RIGHT_ZERO(Shape.H8),
    /** A binary32; of sums in fixed point, an integer. Of means, the integer that is taken off the sum. */
    LEFT_SCALE(Shape.S4),
    /** The same; of means, what is added before rounding. */
    RIGHT_SCALE(Shape.S4),
    /** What the real result is multiplied by. */
    FACTOR(Shape.S4),
    /** What is added to the rounded result. */
    ZERO_POINT(Shape.S4),
    /** The smallest byte of the output. */
    SMALLEST(Shape.H8),
    /** The largest one. */
    LARGEST(Shape.H8),
    /** Of sums in fixed point: by how many bits they are shifted to the left, a negative number. */
    SHIFT(Shape.S4),
    /** The bits that are shifted out. */
    MASK(Shape.S4),
    /** The largest remainder that is rounded down. */
    ROUNDED_DOWN(Shape.S4);

    private static final int FIRST = 16;

    /** The lanes that hold it. */
    private final Shape shape;

    ElementNumber(Shape shape) {
        this.shape = shape;
    }

    Shape shape() {
        return shape;
    }

    /** The order above. */
    @SuppressWarnings("EnumOrdinal")
    int index() {
        return ordinal();
    }

    /** Where it is among the arguments. */
    int place() {
        return ElementArguments.number(index());
    }

    /** The register of the code. */
    int register() {
        return FIRST + index();
    }
}
