// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.kernels.common.ElementArguments;

/** The numbers of kernels over elements, each an argument of 32 bits that the code makes a vector of. */
enum ElementNumber {
    /**
     * What is subtracted from the left operand once its bytes are u8 and 2^23 more: 2^23 and its zero point, and 128 of
     * s8, a binary32. Of means, what is subtracted from the sum of u8, an integer.
     */
    LEFT_ZERO(32),
    RIGHT_ZERO(32),
    /** A binary32; of sums in fixed point, an integer. */
    LEFT_SCALE(32),
    RIGHT_SCALE(32),
    /** What the real result is multiplied by. */
    FACTOR(32),
    /** What is added to the result before it is rounded. */
    BEFORE(32),
    /** The largest integer before the zero point is added, a binary32. */
    HIGH(32),
    /** What is added to the rounded result. */
    ZERO_POINT(16),
    /** The smallest byte of the output. */
    SMALLEST(8),
    /** The largest one. */
    LARGEST(8),
    /** Of sums in fixed point: what the sum begins with. */
    INITIAL(32),
    SHIFT(32),
    /** The bits that are shifted out. */
    MASK(32),
    /** One more than the largest remainder that is rounded down. */
    ROUNDED_UP(32),
    /** The sign bit of every byte. */
    SIGNS(8);

    /** Bits of a lane. */
    final int lane;

    ElementNumber(int lane) {
        this.lane = lane;
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
}
