// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Messages that are worth saying once in a process. */
final class Notices {
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private Notices() {
    }

    static void once(Supplier<System.Logger> logger, String message) {
        if (SAID.add(message)) {
            logger.get().log(System.Logger.Level.INFO, message);
        }
    }
}
