// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import io.jquant.EngineOptions;
import io.jquant.EngineSelection;
import io.jquant.cpu.CpuInfo;
import java.util.stream.Stream;

/** Every way in which an engine can run on this CPU. */
public final class EngineMatrix {
    private EngineMatrix() {
    }

    public static Stream<EngineOptions> of(String engine) {
        EngineOptions any = EngineOptions.defaults().withEngine(engine);
        return EngineSelection.select(CpuInfo.current(), any).considered().stream()
                .filter(EngineSelection.Considered::isEligible)
                .map(EngineSelection.Considered::candidate)
                .flatMap(candidate -> Stream.of(1, 3).map(threads -> any.withThreads(threads)
                        .withTier(candidate.tier()).withIsaCap(candidate.isa())));
    }
}
