// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen;

/** The system does not give executable memory; the message is the reason. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
        super(message);
    }
}
