// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86;

import io.jquant.cpu.Architecture;
import io.jquant.kernels.testing.GroupedKernelSuite;
import io.jquant.kernels.testing.KernelWay;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kernel for x86, whichever provider offers it. */
@ParameterizedClass
@MethodSource("ways")
class GroupedKernelTest extends GroupedKernelSuite {
    GroupedKernelTest(KernelWay way) {
        super(way);
    }

    static Stream<KernelWay> ways() {
        String tier = System.getProperty("jquant.test.tier", "");
        return KernelWay.all().filter(way -> way.offer().isa().architecture().equals(Optional.of(Architecture.X86_64)))
                .filter(way -> tier.isEmpty() || way.offer().tier().spelling().equals(tier));
    }
}
