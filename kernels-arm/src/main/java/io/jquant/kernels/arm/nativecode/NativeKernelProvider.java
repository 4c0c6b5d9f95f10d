// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import io.jquant.codegen.GeneratedCode;
import io.jquant.cpu.Architecture;
import io.jquant.cpu.Isa;
import io.jquant.kernels.arm.vector.VectorKernelProvider;
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
import io.jquant.spi.Candidate;
import io.jquant.spi.FloatKernels;
import io.jquant.spi.Tier;
import java.util.List;

/** Offers the kernels that are assembled at run time. */
public final class NativeKernelProvider implements KernelProvider {
    /** Made by {@link java.util.ServiceLoader}. */
    public NativeKernelProvider() {
    }

    @Override
    public List<Offer> offers() {
        return List.of(offer(Isa.NEON_I8MM, Way.MATRIX), offer(Isa.NEON_DOTPROD, Way.DOT),
                offer(Isa.NEON, Way.WIDENING));
    }

    private static Offer offer(Isa isa, Way way) {
        return new Offer(Tier.NATIVE_CODE, isa, _ -> verdict(), () -> kernels(way, Machine.THIS));
    }

    private static Candidate.Verdict verdict() {
        String reason = Architecture.current() == Architecture.AARCH64 ? GeneratedCode.whyNot()
                : "native code: the kernels are AArch64 machine code";
        return reason.isEmpty() ? new Candidate.Usable() : new Candidate.Unavailable(reason);
    }

    /** The kernels, for a machine to run that is closed with them. */
    static KernelSet kernels(Way way, Machine machine) {
        return new Kernels(way, machine, VectorOffer.dynamic(128));
    }

    private record Kernels(Way way, Machine machine, DynamicKernels dynamic) implements KernelSet {
        @Override
        public GemmKernel gemm(GemmShape shape, OutputStage stage) {
            return new ArmGemm(way, CodeStage.fused(stage), machine);
        }

        @Override
        public DepthwiseKernel depthwise(DepthwiseShape shape, OutputStage stage) {
            return new ArmDepthwise(shape, CodeStage.fused(stage), way, machine);
        }

        @Override
        public GroupedKernel grouped(int groupSize, boolean zeroPoints) {
            return new ArmGrouped(way, groupSize, zeroPoints, machine);
        }

        @Override
        public ElementKernels elements() {
            return new ArmElements(machine);
        }

        @Override
        public FloatKernels floats() {
            return VectorKernelProvider.floats();
        }

        @Override
        public void close() {
            machine.close();
        }
    }
}
