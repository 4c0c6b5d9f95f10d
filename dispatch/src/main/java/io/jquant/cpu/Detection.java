// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Asks the sources in turn until one answers. */
final class Detection {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");
    private static final Path SYSTEM_CPUS = Path.of("/sys/devices/system/cpu");
    private static final int ENOUGH = 1 << 15;
    private static final long ZMM_STATES = 0xE0;

    private Detection() {
    }

    /** {@return the CPU that runs this process; never throws} */
    static CpuInfo detect() {
        OperatingSystem system = OperatingSystem.current();
        Architecture architecture = Architecture.current();
        try {
            return isTold(system, architecture) ? told(architecture) : asked(system, architecture);
        } catch (RuntimeException e) {
            // the file once more, then others: their answer says who refused
            return asked(system, architecture);
        }
    }

    /** The answer of a start where nothing is wrong. */
    private static CpuInfo told(Architecture architecture) {
        CpuInfo told = withFeatures(CpuinfoDecoder.decode(cpuinfo(), architecture));
        return new LinuxTopology(SYSTEM_CPUS).complete(told).asLive();
    }

    private static CpuInfo asked(OperatingSystem system, Architecture architecture) {
        UnaryOperator<CpuInfo> complete = system == OperatingSystem.LINUX
                ? new LinuxTopology(SYSTEM_CPUS)::complete
                : UnaryOperator.identity();
        return first(architecture, sources(system, architecture), complete);
    }

    /**
     * The first answer.
     *
     * @param architecture the architecture, all that is known if every source refuses
     * @param sources whom to ask, the best first
     * @param complete adds what the sources do not say
     * @return the answer, naming its source and those that refused
     */
    static CpuInfo first(Architecture architecture, List<CpuSource> sources, UnaryOperator<CpuInfo> complete) {
        List<String> refusals = new ArrayList<>();
        CpuInfo answer = null;
        for (CpuSource source : sources) {
            try {
                answer = source.reading().get();
                break;
            } catch (LinkageError | RuntimeException e) {
                refusals.add(source.name() + " refused: " + CpuSource.describe(e));
            }
        }
        String refused = String.join("; ", refusals);
        if (answer == null) {
            answer = CpuInfo.unknown(architecture, refusals.isEmpty() ? "nobody to ask on this platform" : refused);
        } else if (!refusals.isEmpty()) {
            answer = answer.withSource(answer.source() + " (" + refused + ")");
        }
        return complete.apply(answer).asLive();
    }

    private static List<CpuSource> sources(OperatingSystem system, Architecture architecture) {
        if (architecture == Architecture.OTHER || system == OperatingSystem.OTHER) {
            return List.of();
        }
        CpuSource file = new CpuSource(CPUINFO.toString(), () -> CpuinfoDecoder.decode(cpuinfo(), architecture));
        CpuSource cpuid = new CpuSource("cpuid", () -> cpuid(system));
        if (isTold(system, architecture)) {
            return List.of(new CpuSource(file.name(), () -> withFeatures(file.reading().get())), cpuid);
        }
        List<CpuSource> sources = new ArrayList<>();
        if (architecture == Architecture.X86_64) {
            sources.add(cpuid);
        } else if (system == OperatingSystem.LINUX) {
            sources.add(new CpuSource("getauxval",
                    () -> HwcapDecoder.decode(NativeAnswers.hwcap(), modelFromCpuinfo())));
        }
        sources.add(switch (system) {
            case MACOS -> new CpuSource("sysctl", () -> SysctlDecoder.decode(NativeAnswers.sysctl(), architecture));
            case WINDOWS -> new CpuSource("IsProcessorFeaturePresent", () -> windows(architecture));
            default -> file;
        });
        return sources;
    }

    private static boolean isTold(OperatingSystem system, Architecture architecture) {
        return system == OperatingSystem.LINUX && namesAllFeatures(architecture, System.getProperty("os.version"));
    }

    /** Refuses a file that somebody has put in the place of the kernel's. */
    static CpuInfo withFeatures(CpuInfo cpu) {
        if (cpu.features().isEmpty()) {
            throw new IllegalStateException("it lists no feature");
        }
        return cpu;
    }

    /**
     * Whether Linux lists every feature of x86 that kernels ask for. Reading its list takes a millisecond or two;
     * loading the library that calls cpuid takes longer than all else until the first answer.
     */
    static boolean namesAllFeatures(Architecture architecture, String release) {
        if (architecture != Architecture.X86_64) {
            return false;
        }
        // the first that knows AMX, the last of them
        int major = number(release, 0);
        return major > 5 || (major == 5 && number(release, release.indexOf('.') + 1) >= 16);
    }

    /** The number whose digits begin at an index; 0 if none do. */
    private static int number(String text, int from) {
        int number = 0;
        for (int i = from; i < text.length() && Character.isDigit(text.charAt(i)); i++) {
            number = 10 * number + Character.digit(text.charAt(i), 10);
        }
        return number;
    }

    private static CpuInfo cpuid(OperatingSystem system) {
        try (NativeCpuid cpuid = new NativeCpuid(system, NativeCpuid.Convention.of(system))) {
            return CpuidDecoder.decode(system == OperatingSystem.MACOS ? onMacos(cpuid) : cpuid);
        }
    }

    /** macOS sets the ZMM bits of a thread's XCR0 at its first AVX-512 instruction; before, only sysctl tells. */
    private static CpuidSource onMacos(CpuidSource cpuid) {
        boolean zmm = NativeAnswers.sysctl().number("hw.optional.avx512f").orElse(0) != 0;
        return new CpuidSource() {
            @Override
            public Registers cpuid(int leaf, int subleaf) {
                return cpuid.cpuid(leaf, subleaf);
            }

            @Override
            public long xcr0() {
                return cpuid.xcr0() | (zmm ? ZMM_STATES : 0);
            }
        };
    }

    private static CpuInfo windows(Architecture architecture) {
        String identifier = System.getenv("PROCESSOR_IDENTIFIER");
        return ProcessorFeatureDecoder.decode(NativeAnswers.processorFeature(), architecture,
                identifier == null ? "" : identifier);
    }

    private static CpuModel modelFromCpuinfo() {
        return Files.isReadable(CPUINFO) ? CpuinfoDecoder.model(cpuinfo()) : CpuModel.UNKNOWN;
    }

    private static String cpuinfo() {
        // some cores; a machine with hundreds takes its time to write of all
        try (FileInputStream in = new FileInputStream(CPUINFO.toFile())) {
            return new String(in.readNBytes(ENOUGH), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e.toString(), e);
        }
    }
}
