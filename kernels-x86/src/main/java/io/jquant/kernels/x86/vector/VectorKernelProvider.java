// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.vector;

import io.jquant.cpu.CpuInfo;
import io.jquant.cpu.Isa;
import io.jquant.kernels.common.KernelProvider;
import io.jquant.kernels.common.KernelSet;
import io.jquant.spi.Candidate;
import io.jquant.spi.Tier;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Offers the Vector API kernels. Their classes are loaded only where the incubator module is. */
public final class VectorKernelProvider implements KernelProvider {
    /** Made by {@link java.util.ServiceLoader}. */
    public VectorKernelProvider() {
    }

    @Override
    public List<Offer> offers() {
        return List.of(offer(Isa.AVX512, 512, () -> new VectorKernels(new Avx512Tile())),
                offer(Isa.AVX2, 256, () -> new VectorKernels(new Avx2Tile())));
    }

    private static Offer offer(Isa isa, int bits, Supplier<KernelSet> open) {
        Function<CpuInfo, Candidate.Verdict> verdict = cpu -> verdict(bits);
        return new Offer(Tier.VECTOR, isa, verdict, open);
    }

    /** The Vector API works there too, but many times slower than plain Java. */
    private static boolean isWithoutOptimizingCompiler() {
        String mode = System.getProperty("java.vm.info", "");
        return mode.contains("interpreted mode") || mode.contains("emulated-client");
    }

    private static Candidate.Verdict verdict(int bits) {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return new Candidate.Unavailable("the Vector API is not there: start java with --add-modules "
                    + "jdk.incubator.vector");
        }
        if (isWithoutOptimizingCompiler()) {
            return new Candidate.Unavailable("this JVM runs without the compiler that knows vectors: leave out -Xint "
                    + "and -XX:TieredStopAtLevel");
        }
        int widest = VectorRows.bits();
        return widest >= bits ? new Candidate.Usable()
                : new Candidate.Unsupported("this JVM's vectors have " + widest + " bits, and not " + bits
                        + " (-XX:UseAVX, -XX:MaxVectorSize)");
    }
}
