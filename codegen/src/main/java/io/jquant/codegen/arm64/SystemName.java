// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

import java.util.Locale;

/** What instructions on the system name: kinds of maintenance, reach of barriers. */
public enum SystemName implements Operand {
    /** Cleans data to where instructions are fetched from. */
    CVAU,
    /** Invalidates instructions of all cores. */
    IVAU,
    /** Of all cores of the system. */
    ISH;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
