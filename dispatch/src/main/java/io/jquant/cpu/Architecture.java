// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import java.util.Locale;
import java.util.Objects;

/** The processor architectures that jquant tells apart. */
public enum Architecture {
    /** 64-bit x86. */
    X86_64,
    /** 64-bit Arm. */
    AARCH64,
    /** Any other: only the scalar definition runs there. */
    OTHER;

    /** {@return the name as Java's {@code os.arch} and package names write it, such as {@code x86_64}} */
    public String spelling() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return the architecture that this JVM was built for} */
    public static Architecture current() {
        return of(System.getProperty("os.arch", ""));
    }

    /**
     * The architecture that a value of {@code os.arch} names.
     *
     * @param osArch a value of the system property {@code os.arch}
     * @return the architecture, {@link #OTHER} for an unknown name
     */
    static Architecture of(String osArch) {
        return switch (Objects.requireNonNull(osArch, "osArch").toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64", "arm64" -> AARCH64;
            default -> OTHER;
        };
    }
}
