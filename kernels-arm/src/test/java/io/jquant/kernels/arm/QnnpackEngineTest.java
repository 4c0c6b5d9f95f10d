// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.cpu.Architecture;
import io.jquant.cpu.CpuInfo;
import io.jquant.kernels.testing.EngineMatrix;
import io.jquant.kernels.testing.EngineSuite;
import io.jquant.spi.Numerics;
import io.jquant.spi.Tier;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The engine; {@code -Djquant.test.brief=true} asks for the best instruction set of every fast tier, no other. */
@ParameterizedClass
@MethodSource("engines")
class QnnpackEngineTest extends EngineSuite {
    private final EngineOptions options;

    QnnpackEngineTest(EngineOptions options) {
        super(options);
        this.options = options;
    }

    static Stream<EngineOptions> engines() {
        Stream<EngineOptions> all = EngineMatrix.of("qnnpack");
        return Boolean.getBoolean("jquant.test.brief") ? bestOfEveryTier(all) : all;
    }

    private static Stream<EngineOptions> bestOfEveryTier(Stream<EngineOptions> all) {
        Map<Tier, EngineOptions> best = new EnumMap<>(Tier.class);
        all.filter(options -> options.threads() > 1 && options.tier() != Tier.SCALAR)
                .forEach(options -> best.putIfAbsent(options.tier(), options));
        return best.values().stream();
    }

    @Test
    void isTheEngineOfItsName() {
        try (Engine engine = Engine.open(options)) {
            assertEquals("qnnpack", engine.name());
            assertEquals(Numerics.QNNPACK, engine.numerics());
        }
    }

    @Test
    void comesBeforePortableEverywhere() {
        try (Engine engine = Engine.open(EngineOptions.defaults())) {
            boolean home = CpuInfo.current().architecture() == Architecture.AARCH64;
            assertEquals("qnnpack", engine.name());
            assertEquals(home ? 80 : 40, engine.selection().chosen().priority());
        }
    }
}
