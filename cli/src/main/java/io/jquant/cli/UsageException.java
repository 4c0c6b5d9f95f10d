// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

/** An error in what the user asked for, found after the arguments were parsed. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * An error.
     *
     * @param message what is wrong, and what would be right
     */
    public UsageException(String message) {
        super(message);
    }

    /**
     * An error.
     *
     * @param cause whose message says what is wrong
     */
    public UsageException(RuntimeException cause) {
        super(cause.getMessage(), cause);
    }
}
