// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.cpu.Isa;
import io.jquant.kernels.common.KernelProvider;
import io.jquant.kernels.common.KernelSet;
import io.jquant.kernels.testing.KernelWay;
import io.jquant.spi.Candidate;
import io.jquant.spi.Numerics;
import io.jquant.spi.Tier;

/** Kernels and the CPU, by Bochs's name, that runs them in tests. */
enum EmulatedKernels {
    AMX(Isa.AMX, "sapphire_rapids", true),
    AVX512_VNNI(Isa.AVX512_VNNI, "tigerlake", true),
    /** As on Cascade Lake. */
    AVX512_VNNI_WITHOUT_VBMI(Isa.AVX512_VNNI, "tigerlake", false),
    AVX_VNNI(Isa.AVX_VNNI, "arrow_lake", false);

    private final Isa isa;
    private final String model;
    private final boolean permutesBytes;

    EmulatedKernels(Isa isa, String model, boolean permutesBytes) {
        this.isa = isa;
        this.model = model;
        this.permutesBytes = permutesBytes;
    }

    /** Kernels as tests of kernels want them, each time on a CPU of their own. */
    KernelWay way() {
        return way(BochsProcess.whyNot());
    }

    /** For tests that take minutes. */
    KernelWay wayOfFullTests() {
        return way(Boolean.getBoolean("jquant.test.full") ? BochsProcess.whyNot()
                : "takes minutes: tools/x86/test --full runs it");
    }

    private KernelWay way(String whyNot) {
        Candidate.Verdict verdict = whyNot.isEmpty() ? new Candidate.Usable() : new Candidate.Unavailable(whyNot);
        // this CPU is to be none of their business
        return new KernelWay(new KernelProvider.Offer(Tier.NATIVE_CODE, Isa.SCALAR, _ -> verdict, this::open),
                Numerics.FBGEMM);
    }

    /** The kernels, on a CPU of their own. */
    KernelSet open() {
        return open(model);
    }

    /** The kernels, on some CPU. */
    KernelSet open(String someModel) {
        return NativeKernelProvider.kernels(isa, new EmulatedMachine(someModel), permutesBytes);
    }
}
