// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CpuInfoTest {
    private static CpuInfo cpu(Architecture architecture, Set<CpuFeature> features, Map<CpuFeature, String> disabled) {
        return new CpuInfo(architecture, CpuModel.UNKNOWN, features, disabled, 1, 1, CacheSizes.UNKNOWN, "test", false);
    }

    @ParameterizedTest
    @EnumSource(names = "SCALAR", mode = EnumSource.Mode.EXCLUDE)
    void everyRequiredFeatureIsNeeded(Isa isa) {
        Architecture architecture = isa.architecture().orElseThrow();
        assertEquals("", cpu(architecture, isa.requires(), Map.of()).whyNot(isa));
        for (CpuFeature missing : isa.requires()) {
            Set<CpuFeature> rest = EnumSet.copyOf(isa.requires());
            rest.remove(missing);
            assertEquals(isa.spelling() + " needs " + missing.spelling() + ": not reported by test",
                    cpu(architecture, rest, Map.of()).whyNot(isa));
            assertEquals(isa.spelling() + " needs " + missing.spelling() + ": switched off",
                    cpu(architecture, rest, Map.of(missing, "switched off")).whyNot(isa));
        }
    }

    @ParameterizedTest
    @EnumSource
    void unknownCpuRunsScalarOnly(Isa isa) {
        CpuInfo unknown = CpuInfo.unknown(Architecture.OTHER, "nobody to ask");
        assertEquals(isa == Isa.SCALAR, unknown.supports(isa), unknown.whyNot(isa));
    }

    @Test
    void collectionsAreCopiedAndUnmodifiable() {
        Set<CpuFeature> features = EnumSet.of(CpuFeature.AVX2);
        CpuInfo cpu = cpu(Architecture.X86_64, features, Map.of(CpuFeature.FMA, "off"));
        features.clear();
        assertEquals(Set.of(CpuFeature.AVX2), cpu.features());
        assertThrows(UnsupportedOperationException.class, () -> cpu.features().clear());
        assertThrows(UnsupportedOperationException.class, () -> cpu.disabled().clear());
    }

    @Test
    void contradictionsAreRefused() {
        assertTrue(assertThrows(IllegalArgumentException.class,
                () -> cpu(Architecture.X86_64, Set.of(CpuFeature.ASIMD), Map.of())).getMessage()
                .startsWith("features = [ASIMD]: must be"));
        assertTrue(assertThrows(IllegalArgumentException.class,
                () -> cpu(Architecture.X86_64, Set.of(CpuFeature.AVX), Map.of(CpuFeature.AVX, "off"))).getMessage()
                .startsWith("disabled = [AVX]: must"));
        CpuInfo cpu = cpu(Architecture.X86_64, Set.of(), Map.of());
        assertEquals("physicalCores = -1: must be 0 or more",
                assertThrows(IllegalArgumentException.class, () -> cpu.withCores(-1, 1)).getMessage());
        assertEquals("logicalCores = -2: must be 0 or more",
                assertThrows(IllegalArgumentException.class, () -> cpu.withCores(1, -2)).getMessage());
        assertEquals("l2 = -1: must be 0 or more",
                assertThrows(IllegalArgumentException.class, () -> new CacheSizes(0, -1, 0)).getMessage());
        assertThrows(NullPointerException.class, () -> cpu.whyNot(null));
    }
}
