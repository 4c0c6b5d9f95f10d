// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.VectorScoringSpec;
import io.jquant.cpu.AmxPermission;
import io.jquant.cpu.CpuFeature;
import io.jquant.cpu.CpuInfo;
import io.jquant.cpu.Isa;
import io.jquant.kernels.common.CodeStage;
import io.jquant.kernels.common.DepthwiseKernel;
import io.jquant.kernels.common.DepthwiseShape;
import io.jquant.kernels.common.DynamicKernels;
import io.jquant.kernels.common.ElementKernels;
import io.jquant.kernels.common.GemmKernel;
import io.jquant.kernels.common.GemmShape;
import io.jquant.kernels.common.GroupedKernel;
import io.jquant.kernels.common.KernelProvider;
import io.jquant.kernels.common.KernelSet;
import io.jquant.kernels.common.OutputStage;
import io.jquant.kernels.vector.VectorOffer;
import io.jquant.kernels.x86.vector.VectorKernelProvider;
import io.jquant.spi.Candidate;
import io.jquant.spi.FloatKernels;
import io.jquant.spi.Tier;
import io.jquant.spi.VectorScoringKernel;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Offers the kernels that are assembled at run time. */
public final class NativeKernelProvider implements KernelProvider {
    /** Made by {@link java.util.ServiceLoader}. */
    public NativeKernelProvider() {
    }

    @Override
    public List<Offer> offers() {
        return List.of(offer(Isa.AMX), offer(Isa.AVX512_VNNI), offer(Isa.AVX_VNNI), offer(Isa.AVX2));
    }

    private static Offer offer(Isa isa) {
        Way way = new Way(isa);
        return new Offer(Tier.NATIVE_CODE, isa, way, way);
    }

    /**
     * The kernels.
     *
     * @param isa for which of those that are offered
     * @param machine what runs them, and is closed with them
     * @param permutesBytes whether it has permutations of bytes, if it has 512 bits
     */
    static KernelSet kernels(Isa isa, Machine machine, boolean permutesBytes) {
        PairsCode.Dot dot = PairsCode.Dot.AVX2;
        if (isa == Isa.AMX || isa == Isa.AVX512_VNNI) {
            dot = PairsCode.Dot.AVX512_VNNI;
        } else if (isa == Isa.AVX_VNNI) {
            dot = PairsCode.Dot.AVX_VNNI;
        }
        return new Kernels(isa, dot, machine, permutesBytes, VectorOffer.dynamic(256));
    }

    /** One class for what lambdas would be eight for, each of which costs a start half a millisecond. */
    private record Way(Isa isa) implements Function<CpuInfo, Candidate.Verdict>, Supplier<KernelSet> {
        @Override
        public Candidate.Verdict apply(CpuInfo cpu) {
            String reason = NativeCall.whyNot();
            if (reason.isEmpty() && isa == Isa.AMX) {
                reason = AmxPermission.whyNot();
            }
            return reason.isEmpty() ? new Candidate.Usable() : new Candidate.Unavailable(reason);
        }

        @Override
        public KernelSet get() {
            return kernels(isa, NativeCall.THIS,
                    CpuInfo.current().features().contains(CpuFeature.AVX512_VBMI));
        }
    }

    private record Kernels(Isa isa, PairsCode.Dot dot, Machine machine, boolean permutesBytes, DynamicKernels dynamic)
            implements KernelSet {
        @Override
        public GemmKernel gemm(GemmShape shape, OutputStage outputStage) {
            CodeStage stage = CodeStage.fused(outputStage);
            if (isa == Isa.AMX) {
                return new AmxGemm(stage, machine);
            }
            return isa == Isa.AVX512_VNNI ? new Vnni512Gemm(stage, machine)
                    : new Avx2Gemm(stage, machine, isa == Isa.AVX_VNNI);
        }

        @Override
        public DepthwiseKernel depthwise(DepthwiseShape shape, OutputStage stage) {
            return new NativeDepthwise(shape, CodeStage.of(stage), dot, machine);
        }

        @Override
        public ElementKernels elements() {
            boolean wide = dot == PairsCode.Dot.AVX512_VNNI;
            return new NativeElements(machine, wide, wide && permutesBytes);
        }

        @Override
        public boolean scalesRows() {
            return true;
        }

        @Override
        public FloatKernels floats() {
            return VectorKernelProvider.floats();
        }

        @Override
        public VectorScoringKernel vectorScoring(VectorScoringSpec spec) {
            return NativeScoring.of(spec, dot == PairsCode.Dot.AVX512_VNNI, machine);
        }

        @Override
        public GroupedKernel grouped(int groupSize, boolean zeroPoints) {
            return new NativeGrouped(switch (dot) {
                case AVX512_VNNI -> GroupedDot.AVX512_VNNI;
                case AVX_VNNI -> GroupedDot.AVX_VNNI;
                case AVX2 -> GroupedDot.AVX2;
            }, groupSize, zeroPoints, machine);
        }

        @Override
        public void close() {
            machine.close();
        }
    }
}
