// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jquant.cpu.Isa;
import io.jquant.spi.Tier;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EngineOptionsTest {
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    /** Runs with a system property set, and as it was afterwards. */
    private static <T> T with(String name, String value, Supplier<T> action) {
        String before = System.getProperty(name);
        System.setProperty(name, value);
        try {
            return action.get();
        } finally {
            if (before == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, before);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "jquant.threads | 0 | jquant.threads = 0: must be auto or 1 to 1024",
        "jquant.threads | -3 | jquant.threads = -3: must be auto or 1 to 1024",
        "jquant.threads | many | jquant.threads = many: must be auto or 1 to 1024",
        "jquant.threads | 2147483648 | jquant.threads = 2147483648: must be auto or 1 to 1024",
        "jquant.threads | 1.5 | jquant.threads = 1.5: must be auto or 1 to 1024",
        "jquant.tier | fast | jquant.tier = fast: must be auto or one of native-code, vector, scalar",
        "jquant.tier | native_code | jquant.tier = native_code: must be auto or one of native-code, vector, scalar",
        "jquant.isa | sse2 | jquant.isa = sse2: must be auto or one of scalar, avx2, avx_vnni, avx512, "
                + "avx512_vnni, amx, neon, neon_dotprod, neon_i8mm"
    })
    void refuses(String name, String value, String message) {
        assertEquals(message, with(name, value,
                () -> assertThrows(IllegalArgumentException.class, EngineOptions::fromProperties)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "AUTO", "", "  ", " auto "})
    void autoAndNothingLeaveTheChoice(String value) {
        for (String name : new String[] {"jquant.engine", "jquant.tier", "jquant.isa", "jquant.threads"}) {
            EngineOptions options = with(name, value, EngineOptions::fromProperties);
            assertNull(options.engine());
            assertNull(options.tier());
            assertNull(options.isaCap());
            assertEquals(CORES, options.threads());
            assertNull(options.executor());
        }
    }

    @Test
    void propertiesAreRead() {
        assertEquals("fbgemm", with("jquant.engine", " FBGEMM ", EngineOptions::fromProperties).engine());
        assertEquals(Tier.NATIVE_CODE, with("jquant.tier", "Native-Code", EngineOptions::fromProperties).tier());
        assertEquals(Isa.AVX512_VNNI, with("jquant.isa", "avx512_vnni", EngineOptions::fromProperties).isaCap());
        assertEquals(3, with("jquant.threads", " 3 ", EngineOptions::fromProperties).threads());
    }

    @Test
    void optionsAreChangedOneByOne() {
        Executor executor = Runnable::run;
        EngineOptions options = EngineOptions.defaults().withEngine("x").withTier(Tier.VECTOR).withIsaCap(Isa.AVX2)
                .withThreads(5).withExecutor(executor);
        assertEquals(new EngineOptions("x", Tier.VECTOR, Isa.AVX2, 5, executor), options);
        assertSame(executor, options.executor());
        assertNull(options.withEngine("auto").engine());
        assertEquals("threads = 0: must be 1 to 1024",
                assertThrows(IllegalArgumentException.class, () -> options.withThreads(0)).getMessage());
        assertEquals("engine =  : must be auto or an engine's name",
                assertThrows(IllegalArgumentException.class, () -> options.withEngine(" ")).getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void tiersAreParsedBack(Tier tier) {
        assertEquals(tier, Tier.parse(tier.spelling()));
        assertEquals(tier, Tier.parse(" " + tier.name().replace('_', '-') + " "));
        assertEquals("tier = x: must be native-code, vector or scalar",
                assertThrows(IllegalArgumentException.class, () -> Tier.parse("x")).getMessage());
    }
}
