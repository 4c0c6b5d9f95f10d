// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

import java.util.Locale;

/** How a vector register is divided, or which part of it is a scalar. */
public enum Shape {
    /** Eight bytes. */
    B8(1, 8),
    /** Sixteen bytes. */
    B16(1, 16),
    /** Four lanes of 16 bits. */
    H4(2, 8),
    /** Eight lanes of 16 bits. */
    H8(2, 16),
    /** Two lanes of 32 bits. */
    S2(4, 8),
    /** Four lanes of 32 bits. */
    S4(4, 16),
    /** One lane of 64 bits. */
    D1(8, 8),
    /** Two lanes of 64 bits. */
    D2(8, 16),
    /** A scalar of 8 bits. */
    B(1, 1),
    /** A scalar of 16 bits. */
    H(2, 2),
    /** A scalar of 32 bits. */
    S(4, 4),
    /** A scalar of 64 bits. */
    D(8, 8),
    /** All 128 bits. */
    Q(16, 16);

    private final int elementBytes;
    private final int bytes;

    Shape(int elementBytes, int bytes) {
        this.elementBytes = elementBytes;
        this.bytes = bytes;
    }

    /** {@return bytes of a lane} */
    public int elementBytes() {
        return elementBytes;
    }

    /** {@return bytes of all lanes} */
    public int bytes() {
        return bytes;
    }

    boolean isScalar() {
        return compareTo(D2) > 0;
    }

    /** The field size: the logarithm of a lane's bytes. */
    int size() {
        return Integer.numberOfTrailingZeros(elementBytes);
    }

    /** The bit Q. */
    boolean isFull() {
        return bytes == 16;
    }

    /** Lanes twice as wide in a register of a length. */
    Shape wide(boolean isFull) {
        return of(elementBytes * 2, isFull);
    }

    /** The vector of lanes of a width. */
    static Shape of(int elementBytes, boolean isFull) {
        return switch (elementBytes) {
            case 1 -> isFull ? B16 : B8;
            case 2 -> isFull ? H8 : H4;
            case 4 -> isFull ? S4 : S2;
            default -> isFull ? D2 : D1;
        };
    }

    /** The scalar of one lane. */
    Shape scalar() {
        return switch (elementBytes) {
            case 1 -> B;
            case 2 -> H;
            case 4 -> S;
            case 8 -> D;
            default -> Q;
        };
    }

    /** As assemblers write it: 16b, 4s; of scalars the letter. */
    @Override
    public String toString() {
        String name = name().toLowerCase(Locale.ROOT);
        return isScalar() ? name : name.substring(1) + name.charAt(0);
    }
}
