// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph;

/** An operator that cannot be applied to what it is given: the message names operator, node and reason. */
public final class OperatorException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * An exception with a message.
     *
     * @param message operator, node and reason
     */
    public OperatorException(String message) {
        super(message);
    }
}
