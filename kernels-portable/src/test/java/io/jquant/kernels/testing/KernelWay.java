// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.cpu.CpuInfo;
import io.jquant.cpu.Isa;
import io.jquant.kernels.common.KernelBackend;
import io.jquant.kernels.common.KernelProvider;
import io.jquant.spi.Candidate;
import io.jquant.spi.EngineBackend;
import io.jquant.spi.EngineConfiguration;
import io.jquant.spi.Numerics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * Kernels of a tier on an instruction set, under the formulas of one engine.
 *
 * @param offer the kernels
 * @param numerics the formulas
 */
public record KernelWay(KernelProvider.Offer offer, Numerics numerics) {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    /** Everything that any provider offers, whether this CPU has it or not. */
    public static Stream<KernelWay> all() {
        return ServiceLoader.load(KernelProvider.class).stream().flatMap(provider -> provider.get().offers().stream())
                .flatMap(offer -> Stream.of(Numerics.values()).map(numerics -> new KernelWay(offer, numerics)));
    }

    /**
     * Skips the test where the kernels cannot run, with the reason. Where the operating system lists the CPU's flags
     * and they promise the instruction set, it is a failure, unless this JVM was started to be narrower than its CPU.
     */
    public void assumeUsable() {
        CpuInfo cpu = CpuInfo.current();
        Candidate byCpu = Candidate.of(offer.tier(), offer.isa(), cpu.whyNot(offer.isa()));
        Candidate candidate = byCpu.isUsable()
                ? new Candidate(offer.tier(), offer.isa(), offer.verdict().apply(cpu)) : byCpu;
        if (isPromised(offer.isa()) && !Boolean.getBoolean("jquant.test.narrow")) {
            assertTrue(candidate.isUsable(), () -> this + ", which /proc/cpuinfo promises: " + candidate.reason());
        }
        assumeTrue(candidate.isUsable(), () -> this + ": " + candidate.reason());
    }

    /** Skips a test of what a call costs this process where another one runs the kernels: for no ISA of this CPU. */
    public void assumeInThisProcess() {
        assumeTrue(offer.isa() != Isa.SCALAR, () -> this + ": to call an emulator allocates");
    }

    private static boolean isPromised(Isa isa) {
        String flag = switch (isa) {
            case SCALAR -> "";
            case AVX2 -> "avx2";
            case AVX_VNNI -> "avx_vnni";
            case AVX512 -> "avx512bw";
            case AVX512_VNNI -> "avx512_vnni";
            case AMX -> "amx_int8";
            case NEON -> "asimd";
            case NEON_DOTPROD -> "asimddp";
            case NEON_I8MM -> "i8mm";
        };
        try {
            return Files.isReadable(CPUINFO) && Files.readAllLines(CPUINFO).stream()
                    .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
                    .anyMatch(line -> List.of(line.split("[ \t:]+")).contains(flag));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens a backend on these kernels. */
    public EngineBackend open(int threads, Executor executor) {
        Candidate candidate = new Candidate(offer.tier(), offer.isa(), new Candidate.Usable());
        return new KernelBackend(numerics,
                new EngineConfiguration(candidate, CpuInfo.current(), threads, executor), offer.open().get());
    }

    @Override
    public String toString() {
        return numerics.name().toLowerCase(Locale.ROOT) + "/" + offer.tier().spelling() + "/"
                + offer.isa().spelling();
    }
}
