// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import java.util.Optional;
import java.util.OptionalLong;

/** Raw answers of macOS's sysctlbyname. */
interface SysctlSource {
    /**
     * Asks for a number.
     *
     * @param name the entry
     * @return its value, empty where there is no such entry
     */
    OptionalLong number(String name);

    /**
     * Asks for a text.
     *
     * @param name the entry
     * @return its value, empty where there is no such entry
     */
    Optional<String> text(String name);
}
