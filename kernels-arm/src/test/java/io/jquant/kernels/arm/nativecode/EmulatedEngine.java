// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import io.jquant.cpu.CpuInfo;
import io.jquant.cpu.Isa;
import io.jquant.kernels.common.KernelBackend;
import io.jquant.kernels.common.KernelProvider;
import io.jquant.kernels.portable.TableProvider;
import io.jquant.kernels.testing.KernelWay;
import io.jquant.spi.Candidate;
import io.jquant.spi.Numerics;
import io.jquant.spi.Tier;
import java.util.List;

/** Engine qnnpack, its machine code run by an Arm CPU that is imitated: {@code jquant.engine=emulated-CPU}. */
public abstract class EmulatedEngine extends TableProvider {
    private static final String PREFIX = "emulated-";

    private EmulatedEngine(Way way) {
        super(name(way), List.of(new Row(Tier.NATIVE_CODE, Isa.SCALAR, _ -> verdict(),
                configuration -> new KernelBackend(Numerics.QNNPACK, configuration,
                        NativeKernelProvider.kernels(way, new EmulatedMachine(cpu(way)))))));
    }

    /** The name of the engine. */
    static String name(Way way) {
        return PREFIX + cpu(way);
    }

    /** A CPU, by the emulator's name, that has what the code needs and no more. */
    static String cpu(Way way) {
        return switch (way) {
            case WIDENING -> "cortex-a72";
            case DOT -> "neoverse-n1";
            case MATRIX -> "neoverse-v1";
        };
    }

    /** Some kernels on some CPU, as tests of kernels want them. */
    static KernelWay way(Way way, String cpu) {
        return new KernelWay(new KernelProvider.Offer(Tier.NATIVE_CODE, Isa.SCALAR, _ -> verdict(),
                () -> NativeKernelProvider.kernels(way, new EmulatedMachine(cpu))), Numerics.QNNPACK);
    }

    private static Candidate.Verdict verdict() {
        String reason = EmulatedMachine.whyNot();
        return reason.isEmpty() ? new Candidate.Usable() : new Candidate.Unavailable(reason);
    }

    @Override
    public final int priority(CpuInfo cpu) {
        return -1;
    }

    /** NEON alone. */
    public static final class CortexA72 extends EmulatedEngine {
        /** Made by {@link java.util.ServiceLoader}. */
        public CortexA72() {
            super(Way.WIDENING);
        }
    }

    /** Dot products. */
    public static final class NeoverseN1 extends EmulatedEngine {
        /** Made by {@link java.util.ServiceLoader}. */
        public NeoverseN1() {
            super(Way.DOT);
        }
    }

    /** Products of matrices. */
    public static final class NeoverseV1 extends EmulatedEngine {
        /** Made by {@link java.util.ServiceLoader}. */
        public NeoverseV1() {
            super(Way.MATRIX);
        }
    }
}
