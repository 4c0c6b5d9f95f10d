// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm;

import io.jquant.cpu.Architecture;
import io.jquant.cpu.CpuInfo;
import io.jquant.cpu.Isa;
import io.jquant.kernels.testing.GroupedKernelSuite;
import io.jquant.kernels.testing.KernelWay;
import io.jquant.spi.Numerics;
import io.jquant.spi.Tier;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kernel for Arm, whichever provider offers it; {@code -Djquant.test.brief=true} leaves some to other CPUs. */
@ParameterizedClass
@MethodSource("ways")
class GroupedKernelTest extends GroupedKernelSuite {
    GroupedKernelTest(KernelWay way) {
        super(way);
    }

    static Stream<KernelWay> ways() {
        String tier = System.getProperty("jquant.test.tier", "");
        return KernelWay.all().filter(way -> way.offer().isa().architecture().equals(Optional.of(Architecture.AARCH64)))
                .filter(way -> tier.isEmpty() || way.offer().tier().spelling().equals(tier))
                .filter(way -> !Boolean.getBoolean("jquant.test.brief") || isOfThisCpu(way));
    }

    /** Machine code for less than this CPU has is tested on CPUs that have no more, and engine fbgemm on x86. */
    private static boolean isOfThisCpu(KernelWay way) {
        CpuInfo cpu = CpuInfo.current();
        boolean isBest = Arrays.stream(Isa.values())
                .noneMatch(isa -> isa.compareTo(way.offer().isa()) > 0 && cpu.supports(isa));
        return way.numerics() == Numerics.QNNPACK && (way.offer().tier() != Tier.NATIVE_CODE || isBest);
    }
}
