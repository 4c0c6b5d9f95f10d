// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import java.util.function.Supplier;

/**
 * Somebody who can be asked which CPU this is.
 *
 * @param name what reports call it
 * @param reading asks and decodes; throws where it is refused
 */
record CpuSource(String name, Supplier<CpuInfo> reading) {
    /** One line of a refusal, the exception's class only where it has no message. */
    static String describe(Throwable refusal) {
        Throwable root = refusal;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null || message.isBlank()
                ? root.getClass().getSimpleName()
                : message.lines().findFirst().orElseThrow().strip();
    }
}
