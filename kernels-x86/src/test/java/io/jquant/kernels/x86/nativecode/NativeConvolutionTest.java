// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import io.jquant.cpu.Architecture;
import io.jquant.kernels.testing.ImageKernelSuite;
import io.jquant.kernels.testing.KernelWay;
import io.jquant.spi.Numerics;
import io.jquant.spi.Tier;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Machine code that reads images. */
@ParameterizedClass
@MethodSource("ways")
class NativeConvolutionTest extends ImageKernelSuite {
    NativeConvolutionTest(KernelWay way) {
        super(way);
    }

    static Stream<KernelWay> ways() {
        return KernelWay.all().filter(way -> way.offer().tier() == Tier.NATIVE_CODE
                && way.offer().isa().architecture().equals(Optional.of(Architecture.X86_64))
                && way.numerics() == Numerics.FBGEMM);
    }
}
