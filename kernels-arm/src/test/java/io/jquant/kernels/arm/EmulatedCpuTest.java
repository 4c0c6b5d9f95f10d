// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.cpu.Architecture;
import io.jquant.cpu.CpuInfo;
import io.jquant.cpu.Isa;
import io.jquant.spi.Candidate;
import io.jquant.spi.Tier;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A CPU of which {@code -Djquant.test.expected=ISA} says what it has at most, as {@code tools/arm/test} does. */
class EmulatedCpuTest {
    private static final String EXPECTED = System.getProperty("jquant.test.expected", "");

    @BeforeEach
    void assumeEmulated() {
        assumeFalse(EXPECTED.isEmpty(), "not told what this CPU has");
    }

    @Test
    void hasWhatItShouldAndNoMore() {
        CpuInfo cpu = CpuInfo.current();
        for (Isa isa : Isa.values()) {
            if (isa.architecture().equals(Optional.of(Architecture.AARCH64))) {
                assertEquals(isa.compareTo(Isa.parse(EXPECTED)) <= 0, cpu.supports(isa), isa + " on " + cpu);
            }
        }
    }

    @Test
    void runsMachineCodeForTheMostThatItHas() {
        try (Engine engine = Engine.open(EngineOptions.defaults())) {
            assertEquals("qnnpack", engine.name());
            Candidate chosen = engine.selection().chosen().candidate();
            assertEquals(Tier.NATIVE_CODE, chosen.tier());
            assertEquals(Isa.parse(EXPECTED), chosen.isa());
        }
    }
}
