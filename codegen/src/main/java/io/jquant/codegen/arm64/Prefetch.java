// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

import java.util.Locale;

/** What memory is fetched for. */
public enum Prefetch implements Operand {
    /** To be read, into the first-level cache. */
    PLDL1KEEP(0),
    /** To be read once, into the first-level cache. */
    PLDL1STRM(1),
    /** To be read, into the second-level cache. */
    PLDL2KEEP(2),
    /** To be written, into the first-level cache. */
    PSTL1KEEP(16);

    /** The field prfop. */
    final int code;

    Prefetch(int code) {
        this.code = code;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
