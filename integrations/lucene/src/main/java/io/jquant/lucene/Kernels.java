// SPDX-License-Identifier: Apache-2.0
package io.jquant.lucene;

import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.VectorScoring;
import io.jquant.VectorScoringSpec;
import io.jquant.spi.Tier;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The scorings that this process has prepared. They are kept: an index has few shapes, and each takes a page. */
final class Kernels {
    private static final System.Logger LOGGER = System.getLogger(Kernels.class.getName());
    private static final Map<VectorScoringSpec, Optional<VectorScoring>> MADE = new ConcurrentHashMap<>();

    private Kernels() {
    }

    /** A scoring; null where Lucene's own code is the better choice, or the only one. */
    static VectorScoring of(VectorScoringSpec spec) {
        Optional<VectorScoring> made = MADE.get(spec);
        return (made != null ? made : MADE.computeIfAbsent(spec, Kernels::make)).orElse(null);
    }

    private static Optional<VectorScoring> make(VectorScoringSpec spec) {
        // scores are computed by the thread that asks: an engine without threads
        try (Engine engine = Engine.open(EngineOptions.fromProperties().withThreads(1))) {
            return engine.selection().chosen().candidate().tier() == Tier.SCALAR ? Optional.empty()
                    : Optional.of(engine.vectorScoring(spec));
        } catch (IllegalArgumentException | UnsupportedOperationException e) {
            LOGGER.log(System.Logger.Level.WARNING, "Lucene scores vectors with its own code: {0}", e.getMessage());
            return Optional.empty();
        }
    }
}
