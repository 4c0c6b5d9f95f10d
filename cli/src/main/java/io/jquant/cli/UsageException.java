// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

/** An error in what the user asked for, found after the arguments were parsed. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }

    UsageException(RuntimeException cause) {
        super(cause.getMessage(), cause);
    }
}
