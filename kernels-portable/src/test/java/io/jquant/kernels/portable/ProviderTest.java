// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.EngineOptions;
import io.jquant.EngineSelection;
import io.jquant.Epilogue;
import io.jquant.MatmulSpec;
import io.jquant.QuantizationParameters;
import io.jquant.cpu.Architecture;
import io.jquant.cpu.CpuInfo;
import io.jquant.spi.Numerics;
import io.jquant.spi.Tier;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProviderTest {
    private static List<EngineSelection.Considered> considered(Engine engine, String name) {
        return engine.selection().considered().stream().filter(one -> one.engine().equals(name)).toList();
    }

    @Test
    void portableIsFoundAndChosenBeforeThirdParties() {
        try (Engine engine = Engine.open(EngineOptions.defaults())) {
            assertEquals("portable", engine.name());
            assertEquals("portable/scalar/scalar", engine.toString());
            Numerics home = CpuInfo.current().architecture() == Architecture.AARCH64 ? Numerics.QNNPACK
                    : Numerics.FBGEMM;
            assertEquals(home, engine.numerics());
        }
    }

    @Test
    void thirdPartyIsFoundAndCanBeChosen() {
        try (Engine engine = Engine.open(EngineOptions.defaults().withEngine("third-party"))) {
            assertEquals("third-party/scalar/scalar", engine.toString());
            assertEquals(Numerics.QNNPACK, engine.numerics());
            List<EngineSelection.Considered> ways = considered(engine, "third-party");
            assertEquals(List.of(ThirdPartyProvider.REASON, ""),
                    ways.stream().map(EngineSelection.Considered::reason).toList());
            assertEquals("jquant.engine is third-party", considered(engine, "portable").getFirst().reason());
        }
    }

    @Test
    void thirdPartyIsFoundByThePropertyToo() {
        String before = System.setProperty("jquant.engine", "third-party");
        try (Engine engine = Engine.open()) {
            assertEquals("third-party", engine.name());
        } finally {
            if (before == null) {
                System.clearProperty("jquant.engine");
            } else {
                System.setProperty("jquant.engine", before);
            }
        }
    }

    @Test
    void anEngineWithoutAnOperatorSaysSo() {
        QuantizationParameters one = QuantizationParameters.perTensor(DataType.S8, 1, 0);
        try (Engine engine = Engine.open(EngineOptions.defaults().withEngine("third-party"))) {
            String message = assertThrows(UnsupportedOperationException.class,
                    () -> engine.matmul(new MatmulSpec(one, one, Epilogue.floating()))).getMessage();
            assertTrue(message.endsWith("has no operator matmul"), message);
        }
    }

    @Test
    void aForcedChoiceThatCannotBeHonouredSaysWhy() {
        String message = assertThrows(IllegalArgumentException.class, () -> Engine.open(
                EngineOptions.defaults().withEngine("third-party").withTier(Tier.NATIVE_CODE))).getMessage();
        assertTrue(message.contains("third-party/native-code/scalar: " + ThirdPartyProvider.REASON), message);
        String unknown = assertThrows(IllegalArgumentException.class,
                () -> Engine.open(EngineOptions.defaults().withEngine("nonsense"))).getMessage();
        assertEquals("jquant.engine = nonsense: must be auto or one of portable, reference-fbgemm, "
                + "reference-qnnpack, third-party; these cannot be used: io.jquant.spi.EngineProvider: Provider "
                + "io.jquant.kernels.portable.MissingProvider not found", unknown);
    }

    @Test
    void aProviderThatCannotBeLoadedIsReported() {
        try (Engine engine = Engine.open(EngineOptions.defaults())) {
            List<String> failures = engine.selection().failures();
            assertEquals(1, failures.size(), failures::toString);
            assertTrue(failures.getFirst().contains("MissingProvider"), failures::toString);
        }
    }
}
