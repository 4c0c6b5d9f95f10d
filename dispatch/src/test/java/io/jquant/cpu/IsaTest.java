// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IsaTest {
    @ParameterizedTest
    @CsvSource({
        "scalar, scalar",
        "avx2, scalar avx2",
        "avx_vnni, scalar avx2 avx_vnni",
        "avx512, scalar avx2 avx512",
        "avx512_vnni, scalar avx2 avx_vnni avx512 avx512_vnni",
        "amx, scalar avx2 avx_vnni avx512 avx512_vnni amx",
        "neon, scalar neon",
        "neon_dotprod, scalar neon neon_dotprod",
        "neon_i8mm, scalar neon neon_dotprod neon_i8mm"
    })
    void capAdmits(String cap, String admitted) {
        Set<Isa> expected = Arrays.stream(admitted.split(" ")).map(Isa::parse).collect(Collectors.toSet());
        for (Isa isa : Isa.values()) {
            assertEquals(expected.contains(isa), isa.admittedBy(Isa.parse(cap)), isa + " under " + cap);
        }
    }

    @Test
    void capWithoutDotProductsAdmitsNoDotProducts() {
        Set<CpuFeature> dotProducts = EnumSet.of(CpuFeature.AVX_VNNI, CpuFeature.AVX_VNNI_INT8, CpuFeature.AVX512_VNNI,
                CpuFeature.AMX_INT8, CpuFeature.ASIMDDP, CpuFeature.I8MM);
        for (Isa cap : EnumSet.of(Isa.SCALAR, Isa.AVX2, Isa.AVX512, Isa.NEON)) {
            for (Isa isa : Isa.values()) {
                if (isa.admittedBy(cap)) {
                    assertTrue(isa.requires().stream().noneMatch(dotProducts::contains), isa + " under " + cap);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void spellingIsParsedBack(Isa isa) {
        assertEquals(isa, Isa.parse(isa.spelling()));
        assertEquals(isa, Isa.parse(" " + isa.name() + " "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "avx1024", "avx-512", "auto", "avx2,avx512", "ſcalar"})
    void unknownSpellingIsRefusedWithAllThatAreKnown(String text) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> Isa.parse(text));
        assertEquals("isa = " + text + ": must be one of scalar, avx2, avx_vnni, avx512, avx512_vnni, amx, neon,"
                + " neon_dotprod, neon_i8mm", refusal.getMessage());
    }

    @Test
    void parsingDoesNotDependOnTheLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.of("tr"));
            assertEquals(Isa.NEON_I8MM, Isa.parse("NEON_I8MM"));
            assertEquals("neon_i8mm", Isa.NEON_I8MM.spelling());
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void nullIsRefused() {
        assertThrows(NullPointerException.class, () -> Isa.parse(null));
        assertThrows(NullPointerException.class, () -> Isa.AVX2.admittedBy(null));
    }

    @ParameterizedTest
    @EnumSource
    void requiresFeaturesOfItsOwnArchitecture(Isa isa) {
        assertEquals(isa == Isa.SCALAR, isa.architecture().isEmpty());
        assertEquals(isa == Isa.SCALAR, isa.requires().isEmpty());
        for (CpuFeature feature : isa.requires()) {
            assertEquals(isa.architecture().orElseThrow(), feature.architecture(), feature.name());
        }
        assertThrows(UnsupportedOperationException.class, () -> isa.requires().clear());
    }

    @Test
    void architecturesAreKnownByEverySpellingOfTheirs() {
        assertEquals(Architecture.X86_64, Architecture.of("amd64"));
        assertEquals(Architecture.X86_64, Architecture.of("x86_64"));
        assertEquals(Architecture.AARCH64, Architecture.of("aarch64"));
        assertEquals(Architecture.AARCH64, Architecture.of("arm64"));
        assertEquals(Architecture.OTHER, Architecture.of("riscv64"));
        assertEquals(OperatingSystem.LINUX, OperatingSystem.of("Linux"));
        assertEquals(OperatingSystem.MACOS, OperatingSystem.of("Mac OS X"));
        assertEquals(OperatingSystem.WINDOWS, OperatingSystem.of("Windows 11"));
        assertEquals(OperatingSystem.OTHER, OperatingSystem.of("FreeBSD"));
        assertFalse(Architecture.current().spelling().isEmpty());
    }
}
