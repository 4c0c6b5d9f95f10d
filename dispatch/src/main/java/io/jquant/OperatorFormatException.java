// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import java.io.IOException;
import java.io.Serial;

/**
 * What was to be loaded is no saved operator, is damaged, was written by a later version, or is not one that this
 * engine can load. The message names the file, what is wrong with it, and what was expected.
 */
public final class OperatorFormatException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    OperatorFormatException(String source, String problem) {
        super(source + ": " + problem);
    }

    OperatorFormatException(String source, String problem, Throwable cause) {
        super(source + ": " + problem, cause);
    }
}
