// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.EngineSelection;
import io.jquant.spi.EngineBackend;
import io.jquant.spi.EngineConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;

/** Tests of one engine in one of its ways to run. */
public abstract class EngineCases {
    private final EngineOptions options;
    private Engine engine;

    protected EngineCases(EngineOptions options) {
        this.options = options;
    }

    @BeforeEach
    void open() {
        engine = Engine.open(options);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    protected final Engine engine() {
        return engine;
    }

    /** The engine's backend, for what the public operators do not show. */
    protected final EngineBackend openBackend() {
        EngineSelection selection = engine.selection();
        return selection.chosen().provider().open(new EngineConfiguration(selection.chosen().candidate(),
                selection.cpu(), options.threads(), options.executor()));
    }

    /** An argument is refused with a message that names it, its value and what it must be. */
    protected static void assertRefused(String message, Executable call) {
        String actual = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(actual.contains(message), () -> "message '" + actual + "' must contain '" + message + "'");
    }
}
