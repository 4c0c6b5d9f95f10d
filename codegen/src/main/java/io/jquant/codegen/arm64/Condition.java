// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

import java.util.Locale;

/** What a conditional instruction asks of the flags. */
public enum Condition implements Operand {
    /** Equal. */
    EQ(0),
    /** Not equal. */
    NE(1),
    /** Unsigned higher or same. */
    HS(2),
    /** Unsigned lower. */
    LO(3),
    /** Negative. */
    MI(4),
    /** Positive or zero. */
    PL(5),
    /** Overflow. */
    VS(6),
    /** No overflow. */
    VC(7),
    /** Unsigned higher. */
    HI(8),
    /** Unsigned lower or same. */
    LS(9),
    /** Signed greater or equal. */
    GE(10),
    /** Signed less. */
    LT(11),
    /** Signed greater. */
    GT(12),
    /** Signed less or equal. */
    LE(13);

    /** The field cond. */
    final int code;

    Condition(int code) {
        this.code = code;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
