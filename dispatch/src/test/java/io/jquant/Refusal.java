// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.function.Executable;

/** Something that must be refused, with the message that it must be refused with. */
record Refusal(String message, Executable action) {
    static Refusal of(String message, Executable action) {
        return new Refusal(message, action);
    }

    void check() {
        assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
    }

    @Override
    public String toString() {
        return message;
    }
}
