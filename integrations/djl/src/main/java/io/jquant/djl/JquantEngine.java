// SPDX-License-Identifier: Apache-2.0
package io.jquant.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.SymbolBlock;
import java.util.Objects;

/**
 * The engine. DJL prefers every other engine to it: where there is one, a program asks for this one by name, and
 * functions of arrays that this one lacks are computed by the other.
 */
final class JquantEngine extends Engine {
    static final String NAME = "jquant";
    /** The lowest rank is the default engine; DJL's own have 1 to 10. */
    static final int RANK = 100;
    /** Of DJL's API itself; it computes nothing. */
    private static final String REMOTE = "RPC";
    static final JquantEngine INSTANCE = new JquantEngine();

    private Engine alternative;
    private boolean alternativeKnown;

    private JquantEngine() {
    }

    @Override
    public synchronized Engine getAlternativeEngine() {
        if (!alternativeKnown) {
            Engine engine = Engine.getInstance();
            alternative = engine.getRank() < RANK && !engine.getEngineName().equals(REMOTE) ? engine : null;
            alternativeKnown = true;
        }
        return alternative;
    }

    @Override
    public String getEngineName() {
        return NAME;
    }

    @Override
    public int getRank() {
        return RANK;
    }

    @Override
    public String getVersion() {
        return Objects.requireNonNullElse(JquantEngine.class.getPackage().getImplementationVersion(), "development");
    }

    @Override
    public boolean hasCapability(String capability) {
        return false;
    }

    @Override
    public SymbolBlock newSymbolBlock(NDManager manager) {
        throw new UnsupportedOperationException("an empty block cannot be filled: load a model");
    }

    @Override
    public Model newModel(String name, Device device) {
        return new JquantModel(name, newBaseManager(device));
    }

    @Override
    public NDManager newBaseManager() {
        return JquantNDManager.SYSTEM.newSubManager();
    }

    @Override
    public NDManager newBaseManager(Device device) {
        return JquantNDManager.SYSTEM.newSubManager(device);
    }
}
