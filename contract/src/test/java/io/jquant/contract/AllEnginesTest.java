// SPDX-License-Identifier: Apache-2.0
package io.jquant.contract;

import io.jquant.EngineOptions;
import io.jquant.EngineSelection;
import io.jquant.cpu.CpuInfo;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** jquant's three engines keep the contract, in every way in which they can run here. */
@ParameterizedClass
@MethodSource("engines")
class AllEnginesTest extends EngineContract {
    AllEnginesTest(EngineOptions options) {
        super(options);
    }

    static Stream<EngineOptions> engines() {
        return Stream.of("fbgemm", "qnnpack", "portable").flatMap(engine -> {
            EngineOptions any = EngineOptions.defaults().withEngine(engine).withThreads(2);
            return EngineSelection.select(CpuInfo.current(), any).considered().stream()
                    .filter(EngineSelection.Considered::isEligible).map(EngineSelection.Considered::candidate)
                    .map(candidate -> any.withTier(candidate.tier()).withIsaCap(candidate.isa()));
        });
    }
}
