// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The machine that runs the tests. */
class ThisMachineTest {
    /** Linux leaves this bit to guests and has no name for it. */
    private static final Set<CpuFeature> UNNAMED_BY_LINUX = EnumSet.of(CpuFeature.AVX_VNNI_INT8);

    private static void assumeLinux() {
        assumeTrue(OperatingSystem.current() == OperatingSystem.LINUX, "Linux only");
        assumeTrue(Architecture.current() != Architecture.OTHER, "x86_64 and aarch64 only");
    }

    private static void assumeX86() {
        assumeLinux();
        assumeTrue(Architecture.current() == Architecture.X86_64, "x86_64 only");
    }

    @Test
    void isAskedOnce() {
        assertSame(CpuInfo.current(), CpuInfo.current());
        assertTrue(CpuInfo.current().live());
        assertEquals(Architecture.current(), CpuInfo.current().architecture());
        assertTrue(CpuInfo.current().supports(Isa.SCALAR));
    }

    @Test
    void detectionAgreesWithCpuinfoInBothDirections() throws IOException {
        assumeLinux();
        String[] release = System.getProperty("os.version").split("[^0-9]+", -1);
        int version = Integer.parseInt(release[0]) * 1000 + Integer.parseInt(release[1]);
        assumeTrue(version >= 5016, "a kernel before 5.16 cannot name every feature: " + version);
        String text = Files.readString(Path.of("/proc/cpuinfo"));
        String label = Architecture.current() == Architecture.X86_64 ? "flags" : "Features";
        List<String> flags = Arrays.asList(text.lines().filter(line -> line.startsWith(label)).findFirst().orElseThrow()
                .split("[\\s:]+"));
        CpuInfo cpu = CpuInfo.current();
        assertEquals(Architecture.current() == Architecture.X86_64 ? "/proc/cpuinfo" : "getauxval", cpu.source());
        for (CpuFeature feature : CpuFeature.values()) {
            if (feature.architecture() == cpu.architecture() && !UNNAMED_BY_LINUX.contains(feature)) {
                assertEquals(flags.contains(feature.spelling()), cpu.features().contains(feature), feature.name());
            }
        }
        CpuModel kernels = CpuinfoDecoder.model(text);
        CpuModel own = cpu.model();
        // a hypervisor may give the kernel one name and the instruction another
        assertEquals(kernels, new CpuModel(own.vendor(), kernels.name(), own.family(), own.model()));
        assertFalse(own.name().isBlank());
    }

    @Test
    void cachesOfCpuidAreThoseOfTheKernel() {
        assumeX86();
        assumeTrue(Files.exists(Path.of("/sys/devices/system/cpu/cpu0/cache/index0")), "the kernel shows no caches");
        CpuInfo blank = CpuInfo.unknown(Architecture.X86_64, "test");
        CacheSizes kernel = new LinuxTopology(Path.of("/sys/devices/system/cpu")).complete(blank).caches();
        assertNotEquals(0, kernel.l1d());
        assertEquals(kernel, CpuInfo.current().caches());
    }

    @Test
    void coresAreCounted() {
        assumeLinux();
        CpuInfo cpu = CpuInfo.current();
        assertTrue(cpu.logicalCores() >= Runtime.getRuntime().availableProcessors(), cpu.toString());
        assertTrue(cpu.physicalCores() >= 1 && cpu.physicalCores() <= cpu.logicalCores(), cpu.toString());
    }

    @ParameterizedTest
    @EnumSource
    void bothCallingConventionsGiveTheSameAnswers(NativeCpuid.Convention convention) {
        assumeX86();
        try (NativeCpuid cpuid = new NativeCpuid(OperatingSystem.LINUX, convention)) {
            CpuInfo cpu = CpuidDecoder.decode(cpuid);
            assertEquals(CpuInfo.current().features(), cpu.features());
            assertEquals(CpuInfo.current().caches(), cpu.caches());
            CpuModel own = CpuInfo.current().model();
            // a hypervisor may give the kernel one name and the instruction another
            assertEquals(own, new CpuModel(cpu.model().vendor(), own.name(), cpu.model().family(),
                    cpu.model().model()));
        }
    }

    @Test
    void codeIsNeverWritableAndExecutable() throws IOException {
        assumeX86();
        try (CodePage page = new CodePage(OperatingSystem.LINUX, new byte[] {(byte) 0xC3})) {
            long address = Pointer.nativeValue(page.function(0));
            String mapping = Files.readAllLines(Path.of("/proc/self/maps")).stream()
                    .filter(line -> {
                        String[] range = line.split("[- ]", -1);
                        return Long.compareUnsigned(Long.parseUnsignedLong(range[0], 16), address) <= 0
                                && Long.compareUnsigned(address, Long.parseUnsignedLong(range[1], 16)) < 0;
                    })
                    .findFirst().orElseThrow();
            assertEquals("r-xp", mapping.split(" ", -1)[1], mapping);
        }
    }

    @Test
    void amxPermissionIsWhatTheKernelSays() {
        assumeX86();
        boolean granted = AmxPermission.granted();
        assertEquals(granted, AmxPermission.whyNot().isEmpty());
        try (Memory permitted = new Memory(Long.BYTES)) {
            permitted.setLong(0, 0);
            NativeLibrary.getProcess().getFunction("syscall").invokeLong(new Object[] {158L, 0x1022L, permitted});
            assertEquals((permitted.getLong(0) >>> 18 & 1) != 0, granted, AmxPermission.whyNot());
        }
        CpuInfo cpu = CpuInfo.current();
        assertEquals(granted && cpu.features().containsAll(Isa.AMX.requires()), cpu.supports(Isa.AMX),
                cpu.whyNot(Isa.AMX));
    }

    @Test
    void amxRefusalsAreExplained() {
        for (int errno : new int[] {1, 22, 28, 38, 95, 7}) {
            String reason = AmxPermission.reason(errno);
            assertTrue(reason.startsWith("amx: arch_prctl(ARCH_REQ_XCOMP_PERM, 18) was refused: E") || errno == 7,
                    reason);
        }
        assertTrue(AmxPermission.reason(7).endsWith("errno 7"));
    }
}
