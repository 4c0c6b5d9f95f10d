// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import io.jquant.EngineOptions;
import io.jquant.EngineSelection;
import io.jquant.cpu.CpuInfo;
import java.util.stream.Stream;

/** Every way in which an engine can run on this CPU, or those of one tier: {@code -Djquant.test.tier=vector}. */
public final class EngineMatrix {
    private EngineMatrix() {
    }

    public static Stream<EngineOptions> of(String engine) {
        EngineOptions any = EngineOptions.defaults().withEngine(engine);
        String tier = System.getProperty("jquant.test.tier", "");
        return EngineSelection.select(CpuInfo.current(), any).considered().stream()
                .filter(EngineSelection.Considered::isEligible)
                .map(EngineSelection.Considered::candidate)
                .filter(candidate -> tier.isEmpty() || candidate.tier().spelling().equals(tier))
                .flatMap(candidate -> Stream.of(1, 3).map(threads -> any.withThreads(threads)
                        .withTier(candidate.tier()).withIsaCap(candidate.isa())));
    }
}
