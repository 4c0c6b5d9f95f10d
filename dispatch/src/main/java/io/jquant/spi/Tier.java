// SPDX-License-Identifier: Apache-2.0
package io.jquant.spi;

import java.util.Locale;
import java.util.Objects;

/** How an engine's kernels are made. Every tier gives the same bits. */
public enum Tier {
    /** Machine code that is assembled at run time. Needs native access. */
    NATIVE_CODE,
    /** The Vector API. Needs {@code --add-modules jdk.incubator.vector}. */
    VECTOR,
    /** Plain Java: the reference, and the fallback. */
    SCALAR;

    /** {@return the name in properties and reports, such as {@code native-code}} */
    public String spelling() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The tier of a name. Letter case and surrounding blanks do not matter.
     *
     * @param spelling the name
     * @return the tier
     * @throws IllegalArgumentException if there is none of that name
     */
    public static Tier parse(String spelling) {
        String wanted = Objects.requireNonNull(spelling, "spelling").strip().toLowerCase(Locale.ROOT);
        for (Tier tier : values()) {
            if (tier.spelling().equals(wanted)) {
                return tier;
            }
        }
        throw new IllegalArgumentException(
                "tier = " + spelling + ": must be native-code, vector or scalar");
    }
}
