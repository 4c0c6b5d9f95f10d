// SPDX-License-Identifier: Apache-2.0
package io.jquant.spi;

import io.jquant.cpu.CpuInfo;
import java.util.List;

/**
 * Offers an engine to {@link io.jquant.Engine}, which finds it through {@link java.util.ServiceLoader}. Providers are
 * asked on every start: the methods but {@link #open} must be quick, must not touch what may be missing, and must not
 * throw.
 */
public interface EngineProvider {
    /** {@return the engine's name, as {@code -Djquant.engine} selects it: lower case, no other provider's} */
    String name();

    /**
     * How much this engine wants to be the one chosen. jquant's own engines use 0 to 100.
     *
     * @param cpu the CPU
     * @return the higher the sooner
     */
    int priority(CpuInfo cpu);

    /**
     * The ways in which the engine could run, the best first, with those that cannot run here and why.
     *
     * @param cpu the CPU
     * @return the candidates
     */
    List<Candidate> candidates(CpuInfo cpu);

    /**
     * Opens the engine.
     *
     * @param configuration a usable one of the candidates, and how to run it
     * @return the backend
     */
    EngineBackend open(EngineConfiguration configuration);
}
