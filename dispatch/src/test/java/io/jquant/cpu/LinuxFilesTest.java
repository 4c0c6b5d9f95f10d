// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read from files of /proc and /sys. */
class LinuxFilesTest {
    @TempDir
    private Path root;

    private void write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + "\n");
    }

    private void cache(int index, String level, String type, String size) throws IOException {
        write("cpu0/cache/index" + index + "/level", level);
        write("cpu0/cache/index" + index + "/type", type);
        write("cpu0/cache/index" + index + "/size", size);
    }

    @Test
    void topologyCountsCoresAndReadsCaches() throws IOException {
        for (int cpu = 0; cpu < 8; cpu++) {
            write("cpu" + cpu + "/topology/thread_siblings_list", cpu % 4 + "," + (cpu % 4 + 4));
        }
        write("cpu8/online", "0");
        write("cpufreq/policy", "x");
        cache(0, "1", "Data", "48K");
        cache(1, "1", "Instruction", "32K");
        cache(2, "2", "Unified", "2M");
        cache(3, "3", "Unified", "1572864");
        CpuInfo cpu = new LinuxTopology(root).complete(CpuInfo.unknown(Architecture.AARCH64, "test"));
        assertEquals(4, cpu.physicalCores());
        assertEquals(8, cpu.logicalCores());
        assertEquals(new CacheSizes(48 << 10, 2 << 20, 1572864), cpu.caches());
    }

    @Test
    void answersOfCpuidStayWhereTheFilesSayNothing() throws IOException {
        CpuInfo zen = Recording.of("zen4").decode();
        assertEquals(zen, new LinuxTopology(root).complete(zen));
        assertEquals(zen, new LinuxTopology(root.resolve("absent")).complete(zen));
        cache(0, "1", "Data", "garbage");
        cache(1, "nine", "Data", "1K");
        cache(2, "2", "Unified", "9999999999999999999K");
        assertEquals(zen, new LinuxTopology(root).complete(zen));
    }

    @Test
    void cpuinfoOfX86() {
        String text = """
                processor\t: 0
                vendor_id\t: AuthenticAMD
                cpu family\t: 23
                model\t\t: 49
                model name\t: AMD EPYC 7742 64-Core Processor
                flags\t\t: fpu sse4_1 fma f16c avx avx2 avx512fx

                processor\t: 1
                flags\t\t: avx512f
                """;
        CpuInfo cpu = CpuinfoDecoder.decode(text, Architecture.X86_64);
        assertEquals(Set.of(CpuFeature.SSE4_1, CpuFeature.FMA, CpuFeature.F16C, CpuFeature.AVX, CpuFeature.AVX2),
                cpu.features());
        assertEquals(new CpuModel("AuthenticAMD", "AMD EPYC 7742 64-Core Processor", 23, 49), cpu.model());
        assertEquals("avx512 needs avx512f, avx512bw, avx512dq, avx512vl: not reported by /proc/cpuinfo",
                cpu.whyNot(Isa.AVX512));
    }

    @Test
    void cpuinfoOfAnUnknownArmCore() {
        CpuModel model = CpuinfoDecoder.model("CPU implementer : 0x99\nCPU part : 0x123\nCPU variant: what\n");
        assertEquals(new CpuModel("implementer 0x99", "part 0x123", 0x99, 0x123), model);
        assertEquals(new CpuModel("Arm", "part 0x000", 0x41, 0),
                CpuinfoDecoder.model("CPU implementer : 0x41\nCPU part : nonsense\n"));
    }

    @Test
    void partNumberNamesAnArmCoreBetterThanTheModelName() {
        String name = "model name : ARMv8 Processor rev 1 (v8l)\nCPU implementer : 0x41\nCPU part : ";
        assertEquals("Neoverse N1", CpuinfoDecoder.model(name + "0xd0c\n").name());
        assertEquals("ARMv8 Processor rev 1 (v8l)", CpuinfoDecoder.model(name + "0xfff\n").name());
    }

    @Test
    void cpuinfoOfNothing() {
        for (String text : new String[] {"", "\n\n", ":", "no colon", "flags:", "flags : \n"}) {
            CpuInfo cpu = CpuinfoDecoder.decode(text, Architecture.X86_64);
            assertEquals(Set.of(), cpu.features(), text);
            assertEquals(CpuModel.UNKNOWN, cpu.model(), text);
        }
    }
}
