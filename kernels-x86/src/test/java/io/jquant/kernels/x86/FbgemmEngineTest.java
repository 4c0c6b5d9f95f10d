// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.cpu.Architecture;
import io.jquant.cpu.CpuInfo;
import io.jquant.kernels.testing.EngineMatrix;
import io.jquant.kernels.testing.EngineSuite;
import io.jquant.spi.Numerics;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("engines")
class FbgemmEngineTest extends EngineSuite {
    private final EngineOptions options;

    FbgemmEngineTest(EngineOptions options) {
        super(options);
        this.options = options;
    }

    static Stream<EngineOptions> engines() {
        return EngineMatrix.of("fbgemm");
    }

    @Test
    void isTheEngineOfItsName() {
        try (Engine engine = Engine.open(options)) {
            assertEquals("fbgemm", engine.name());
            assertEquals(Numerics.FBGEMM, engine.numerics());
        }
    }

    @Test
    void comesBeforePortableEverywhere() {
        try (Engine engine = Engine.open(EngineOptions.defaults())) {
            boolean home = CpuInfo.current().architecture() == Architecture.X86_64;
            assertEquals("fbgemm", engine.name());
            assertEquals(home ? 80 : 40, engine.selection().chosen().priority());
        }
    }
}
