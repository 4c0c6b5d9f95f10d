// SPDX-License-Identifier: Apache-2.0
package io.jquant.djl;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineProvider;

/** Offers the engine to DJL. */
public final class JquantEngineProvider implements EngineProvider {
    /** Made by {@link java.util.ServiceLoader}. */
    public JquantEngineProvider() {
    }

    @Override
    public String getEngineName() {
        return JquantEngine.NAME;
    }

    @Override
    public int getEngineRank() {
        return JquantEngine.RANK;
    }

    @Override
    public Engine getEngine() {
        return JquantEngine.INSTANCE;
    }
}
