// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every recorded machine decoded. */
class RecordedMachinesTest {
    static final List<String> MACHINES = Recording.MACHINES;

    @Test
    void everyRecordingIsListed() throws IOException, URISyntaxException {
        Path folder = Path.of(RecordedMachinesTest.class.getResource("haswell.txt").toURI()).getParent();
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(MACHINES, files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".txt")).map(name -> name.replace(".txt", "")).sorted().toList());
        }
    }

    @ParameterizedTest
    @FieldSource("MACHINES")
    void decodes(String machine) {
        Recording recording = Recording.of(machine);
        CpuInfo cpu = recording.decode();
        CpuModel model = new CpuModel(recording.expect("vendor"), recording.expect("name"),
                Integer.parseInt(recording.expect("family")), Integer.parseInt(recording.expect("model")));
        CacheSizes caches = cpu.caches();
        assertAll(
                () -> assertEquals(recording.architecture(), cpu.architecture()),
                () -> assertEquals(model, cpu.model()),
                () -> assertEquals(recording.features("features"), cpu.features()),
                () -> assertEquals(recording.features("disabled"), cpu.disabled().keySet()),
                () -> assertEquals(recording.expect("cores"), cpu.physicalCores() + " " + cpu.logicalCores()),
                () -> assertEquals(recording.expect("caches"), caches.l1d() + " " + caches.l2() + " " + caches.l3()),
                () -> assertFalse(cpu.live()));
    }

    @ParameterizedTest
    @FieldSource("MACHINES")
    void supportsExactlyTheInstructionSetsItHas(String machine) {
        Recording recording = Recording.of(machine);
        CpuInfo cpu = recording.decode();
        Set<Isa> expected = recording.isas();
        for (Isa isa : Isa.values()) {
            String whyNot = cpu.whyNot(isa);
            assertEquals(expected.contains(isa), cpu.supports(isa), isa + ": " + whyNot);
            assertEquals(expected.contains(isa), whyNot.isEmpty(), whyNot);
            assertEquals(whyNot.isEmpty() ? 0 : 1, whyNot.lines().count(), whyNot);
            if (whyNot.isEmpty()) {
                continue;
            }
            assertTrue(whyNot.startsWith(isa.spelling() + " "), whyNot);
            if (isa.architecture().orElseThrow() != cpu.architecture()) {
                assertEquals(isa.spelling() + " is for " + isa.architecture().orElseThrow().spelling()
                        + ", this CPU is " + cpu.architecture().spelling(), whyNot);
                continue;
            }
            Set<String> listed = new TreeSet<>(Arrays.asList(
                    whyNot.substring(isa.spelling().length()).split("[ ,:;]+")));
            for (CpuFeature feature : isa.requires()) {
                assertEquals(!cpu.features().contains(feature), listed.contains(feature.spelling()), whyNot);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cortex-a72", "neoverse-n1", "neoverse-v1"})
    void armCpuinfoSaysWhatHwcapSays(String machine) {
        Recording recording = Recording.of(machine);
        CpuInfo fromText = CpuinfoDecoder.decode(recording.cpuinfo(), Architecture.AARCH64);
        CpuInfo fromBits = recording.decode();
        assertEquals(fromBits.features(), fromText.features());
        assertEquals(fromBits.model(), fromText.model());
        assertEquals("/proc/cpuinfo", fromText.source());
    }

    @Test
    void reasonsNameTheStateThatIsMissing() {
        assertEquals("avx512 needs avx512f, avx512bw, avx512dq, avx512vl: the CPU has it, the operating system does not"
                        + " save its registers (XCR0 = 0x7, 0xe6 is needed)",
                Recording.of("skylake-sp-no-zmm").decode().whyNot(Isa.AVX512));
        assertEquals("avx2 needs avx2, fma: the CPU has it, the operating system saves no registers beyond SSE (OSXSAVE"
                + " is off)", Recording.of("haswell-noxsave").decode().whyNot(Isa.AVX2));
        assertEquals("amx needs amx_tile, amx_int8: the CPU has it, the operating system does not save its registers"
                + " (XCR0 = 0xe7, 0x60000 is needed)", Recording.of("xeon-amx-no-tiles").decode().whyNot(Isa.AMX));
        assertEquals("avx512_vnni needs avx512f, avx512bw, avx512dq, avx512vl: the CPU has it, the operating system"
                        + " does not save its registers (XCR0 = 0x7, 0xe6 is needed); and"
                        + " avx512_vnni: not reported by cpuid",
                Recording.of("skylake-sp-no-zmm").decode().whyNot(Isa.AVX512_VNNI));
        assertEquals("avx2 needs fma: not reported by IsProcessorFeaturePresent",
                Recording.of("windows-haswell").decode().whyNot(Isa.AVX2));
        assertEquals("avx_vnni needs avx_vnni: not reported by cpuid", Recording.of("zen4").decode()
                .whyNot(Isa.AVX_VNNI));
        assertEquals("neon_i8mm needs i8mm: not reported by getauxval", Recording.of("neoverse-n1").decode()
                .whyNot(Isa.NEON_I8MM));
        assertEquals("neon_dotprod needs asimddp: not reported by getauxval", Recording.of("cortex-a72").decode()
                .whyNot(Isa.NEON_DOTPROD));
        assertEquals("neon is for aarch64, this CPU is x86_64", Recording.of("haswell").decode().whyNot(Isa.NEON));
    }
}
