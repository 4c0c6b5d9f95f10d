// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is asked when others refuse. */
class DetectionTest {
    private static CpuSource refusing(String name, Throwable refusal) {
        return new CpuSource(name, () -> {
            switch (refusal) {
                case Error error -> throw error;
                case RuntimeException exception -> throw exception;
                default -> throw new AssertionError(refusal);
            }
        });
    }

    private static CpuInfo first(List<CpuSource> sources) {
        return Detection.first(Architecture.X86_64, sources, UnaryOperator.identity());
    }

    @Test
    void firstAnswerCounts() {
        CpuInfo haswell = Recording.of("haswell").decode();
        CpuSource never = refusing("/proc/cpuinfo", new AssertionError("must not be asked"));
        CpuInfo cpu = first(List.of(new CpuSource("cpuid", () -> haswell), never));
        assertEquals(haswell.features(), cpu.features());
        assertEquals("cpuid", cpu.source());
        assertTrue(cpu.live());
    }

    @Test
    void refusalsAreNamed() {
        Throwable noNative = new ExceptionInInitializerError(new IllegalStateException("no temporary folder\nat x"));
        CpuSource answers = new CpuSource("/proc/cpuinfo",
                () -> CpuinfoDecoder.decode("flags : avx2 fma", Architecture.X86_64));
        assertEquals("/proc/cpuinfo (cpuid refused: no temporary folder; sysctl refused: NoClassDefFoundError)",
                first(List.of(refusing("cpuid", noNative), refusing("sysctl", new NoClassDefFoundError()), answers))
                        .source());
    }

    @Test
    void nobodyAnswers() {
        CpuInfo cpu = first(List.of(refusing("cpuid", new IllegalStateException("mmap: errno 1")),
                refusing("/proc/cpuinfo", new UnsatisfiedLinkError("absent"))));
        assertEquals(Set.of(), cpu.features());
        assertEquals("cpuid refused: mmap: errno 1; /proc/cpuinfo refused: absent", cpu.source());
        assertEquals("avx2 needs avx2, fma: not reported by " + cpu.source(), cpu.whyNot(Isa.AVX2));
        assertEquals("nobody to ask on this platform", first(List.of()).source());
    }

    @Test
    void recentLinuxNamesEveryFeatureOfX86() {
        for (String release : List.of("5.16.0", "5.16-rc1", "5.17.1-1-generic", "6.1.0", "10.0")) {
            assertTrue(Detection.namesAllFeatures(Architecture.X86_64, release), release);
            assertFalse(Detection.namesAllFeatures(Architecture.AARCH64, release), release);
        }
        for (String release : List.of("5.15.99", "4.18.0-477.el8", "5", "unknown", "")) {
            assertFalse(Detection.namesAllFeatures(Architecture.X86_64, release), release);
        }
        CpuInfo nothing = CpuinfoDecoder.decode("model name: x", Architecture.X86_64);
        assertThrows(IllegalStateException.class, () -> Detection.withFeatures(nothing));
    }

    @Test
    void linuxWithoutJnaReadsCpuinfo(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(OperatingSystem.current() == OperatingSystem.LINUX, "reads /proc/cpuinfo");
        Path result = folder.resolve("result");
        Process child = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m", "-Djna.nounpack=true", "-Djna.nosys=true",
                "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Child.class.getName(), result.toString())
                .redirectErrorStream(true).redirectOutput(new File(folder.toFile(), "log")).start();
        assertTrue(child.waitFor(60, TimeUnit.SECONDS), "the child hangs");
        assertEquals(0, child.exitValue(), () -> read(folder.resolve("log")));
        List<String> lines = Files.readAllLines(result);
        CpuInfo expected = CpuinfoDecoder.decode(Files.readString(Path.of("/proc/cpuinfo")), Architecture.current());
        boolean first = Detection.namesAllFeatures(Architecture.current(), System.getProperty("os.version"));
        assertTrue(lines.get(0).startsWith("/proc/cpuinfo"), lines.get(0));
        assertEquals(!first, lines.get(0).contains(" refused: "), lines.get(0));
        assertEquals(expected.features().toString(), lines.get(1));
        assertEquals(CpuInfo.current().logicalCores() + "", lines.get(2));
        assertTrue(lines.get(3).startsWith("amx: "), lines.get(3));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Detects in a process of its own and writes the answer to a file. */
    static final class Child {
        private Child() {
        }

        public static void main(String[] args) throws IOException {
            CpuInfo cpu = CpuInfo.current();
            Files.write(Path.of(args[0]), List.of(cpu.source(), cpu.features().toString(), cpu.logicalCores() + "",
                    AmxPermission.whyNot()));
        }
    }
}
