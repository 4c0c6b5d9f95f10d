// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph;

import java.io.IOException;

/** A model (or an array file) that is truncated, corrupt, or asks for what is not supported. */
public final class ModelFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * An exception whose message is {@code source: what}.
     *
     * @param source the file, or a name for the bytes
     * @param what what is wrong with it
     */
    public ModelFormatException(String source, String what) {
        super(source + ": " + what);
    }

    /**
     * An exception whose message is {@code source: what}.
     *
     * @param source the file, or a name for the bytes
     * @param what what is wrong with it
     * @param cause what brought it to light
     */
    public ModelFormatException(String source, String what, Throwable cause) {
        super(source + ": " + what, cause);
    }
}
