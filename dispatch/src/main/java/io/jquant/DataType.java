// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/** The element types that tensors of a model can have. */
public enum DataType {
    /** IEEE binary16. */
    F16(16, false, true),
    /** bfloat16: the upper half of a binary32. */
    BF16(16, false, true),
    /** IEEE binary32. */
    F32(32, false, true),
    /** IEEE binary64. */
    F64(64, false, true),
    /** Unsigned 4 bit, two to a byte, the first in the low half. */
    U4(4, false, false),
    /** Signed 4 bit, two to a byte, the first in the low half. */
    S4(4, true, false),
    /** Unsigned 8 bit. */
    U8(8, false, false),
    /** Signed 8 bit. */
    S8(8, true, false),
    /** Unsigned 16 bit. */
    U16(16, false, false),
    /** Signed 16 bit. */
    S16(16, true, false),
    /** Unsigned 32 bit. */
    U32(32, false, false),
    /** Signed 32 bit. */
    S32(32, true, false),
    /** Unsigned 64 bit. */
    U64(64, false, false),
    /** Signed 64 bit. */
    S64(64, true, false),
    /** One byte, 0 or 1. */
    BOOL(8, false, false),
    /** Unsigned 2 bit, four to a byte, the first in the lowest bits. */
    U2(2, false, false),
    /** Signed 2 bit, four to a byte, the first in the lowest bits. */
    S2(2, true, false),
    /** 8-bit float: 4 bits of exponent, 3 of mantissa, no infinity. */
    F8E4M3FN(8, false, true),
    /** 8-bit float: 4 bits of exponent, 3 of mantissa, no infinity, no negative zero. */
    F8E4M3FNUZ(8, false, true),
    /** 8-bit float: 5 bits of exponent, 2 of mantissa, with infinity. */
    F8E5M2(8, false, true),
    /** 8-bit float: 5 bits of exponent, 2 of mantissa, no infinity, no negative zero. */
    F8E5M2FNUZ(8, false, true),
    /** 8-bit power of two without a sign: a shared scale. */
    F8E8M0(8, false, true),
    /** 4-bit float: 2 bits of exponent, 1 of mantissa, two to a byte, the first in the low half. */
    F4E2M1(4, false, true);

    private final int bits;
    private final boolean signed;
    private final boolean floating;

    DataType(int bits, boolean signed, boolean floating) {
        this.bits = bits;
        this.signed = signed;
        this.floating = floating;
    }

    /** {@return the size of one element in bits} */
    public int bits() {
        return bits;
    }

    /** {@return whether this is a floating-point type} */
    public boolean isFloating() {
        return floating;
    }

    /** {@return whether this is a type that quantized values may have: u4, s4, u8, s8, u16, s16, s32} */
    public boolean isQuantizable() {
        return switch (this) {
            case U4, S4, U8, S8, U16, S16, S32 -> true;
            default -> false;
        };
    }

    /**
     * Bytes that {@code elements} elements take, 2- and 4-bit types packed into bytes.
     *
     * @param elements number of elements, at least 0
     * @return the size in bytes
     * @throws IllegalArgumentException if {@code elements} is negative, or the size does not fit a long
     */
    public long bytes(long elements) {
        Require.notNegative("elements", elements);
        return bits >= 8 ? Require.product("elements", elements, bits / 8) : Math.ceilDiv(elements, 8 / bits);
    }

    /**
     * The smallest value of an integer type of at most 32 bits.
     *
     * @return the smallest value
     * @throws IllegalStateException for a type that is no quantizable one
     */
    public int min() {
        requireQuantizable();
        return signed ? (int) -(1L << (bits - 1)) : 0;
    }

    /**
     * The largest value of an integer type of at most 32 bits.
     *
     * @return the largest value
     * @throws IllegalStateException for a type that is no quantizable one
     */
    public int max() {
        requireQuantizable();
        return signed ? (int) ((1L << (bits - 1)) - 1) : (1 << bits) - 1;
    }

    private void requireQuantizable() {
        if (!isQuantizable()) {
            throw new IllegalStateException(this + " has no quantized range");
        }
    }
}
