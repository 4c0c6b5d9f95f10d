// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import java.util.Locale;

/** The operating systems whose ways of telling a CPU's features are known. */
enum OperatingSystem {
    LINUX,
    MACOS,
    WINDOWS,
    OTHER;

    static OperatingSystem current() {
        return of(System.getProperty("os.name", ""));
    }

    static OperatingSystem of(String osName) {
        String name = osName.toLowerCase(Locale.ROOT);
        if (name.startsWith("linux")) {
            return LINUX;
        }
        if (name.startsWith("mac")) {
            return MACOS;
        }
        return name.startsWith("windows") ? WINDOWS : OTHER;
    }
}
