// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.EngineOptions;
import io.jquant.EngineSelection;
import io.jquant.cpu.CpuInfo;
import io.jquant.spi.EngineBackend;
import io.jquant.spi.EngineConfiguration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Engine qnnpack gives the same bits on every CPU: those whose checksums are kept beside this test. */
@ParameterizedClass
@MethodSource("engines")
class DigestTest {
    /** At least {@code jquant.test.cases} cases of each family. */
    private static final int BLOCKS = Math.ceilDiv(Integer.getInteger("jquant.test.cases", 200), Digests.BLOCK);

    private final EngineOptions options;

    DigestTest(EngineOptions options) {
        this.options = options;
    }

    static Stream<EngineOptions> engines() {
        return QnnpackEngineTest.engines();
    }

    static EngineBackend open(EngineOptions options) {
        EngineSelection.Considered chosen = EngineSelection.select(CpuInfo.current(), options).chosen();
        return chosen.provider().open(new EngineConfiguration(chosen.candidate(), CpuInfo.current(),
                options.threads(), options.executor()));
    }

    @ParameterizedTest
    @EnumSource(Digests.Family.class)
    void answersAreThoseOfEveryOtherCpu(Digests.Family family) {
        Map<String, Long> expected = Digests.expected();
        try (EngineBackend backend = open(options)) {
            Digests digests = new Digests(backend);
            for (int block = 0; block < BLOCKS && expected.containsKey(family.name() + block); block++) {
                assertEquals(expected.get(family.name() + block), digests.of(family, block),
                        family + ", seeds from " + block * Digests.BLOCK + ", " + options);
            }
        }
    }
}
