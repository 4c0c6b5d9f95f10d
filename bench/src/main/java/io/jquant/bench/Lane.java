// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench;

import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.EngineSelection.Considered;
import io.jquant.cpu.Isa;
import io.jquant.spi.Tier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * One way in which jquant runs: an engine that was opened for a tier under a cap.
 *
 * @param engine the engine
 */
record Lane(Engine engine) implements AutoCloseable {
    /**
     * Opens every combination that can be had; two that come to the same are one.
     *
     * @param engines names, null for the choice of jquant
     * @param tiers tiers, null for the choice of jquant
     * @param cap the most that kernels may use of the CPU; null for all of it
     * @param threads threads of one call
     * @param skipped told what cannot be had, and why
     * @return the lanes
     */
    static List<Lane> open(List<String> engines, List<Tier> tiers, Isa cap, int threads,
            BiConsumer<String, String> skipped) {
        Map<String, Lane> lanes = new LinkedHashMap<>();
        for (String engine : engines) {
            for (Tier tier : tiers) {
                try {
                    Lane lane = new Lane(Engine.open(new EngineOptions(engine, tier, cap, threads, null)));
                    if (lanes.putIfAbsent(lane.toString(), lane) != null) {
                        lane.close();
                    }
                } catch (IllegalArgumentException e) {
                    skipped.accept((tier == null ? "auto" : tier.spelling()) + "/" + (cap == null ? "auto"
                            : cap.spelling()), e.getMessage());
                }
            }
        }
        return new ArrayList<>(lanes.values());
    }

    Considered choice() {
        return engine.selection().chosen();
    }

    @Override
    public void close() {
        engine.close();
    }

    @Override
    public String toString() {
        return choice().toString();
    }
}
