// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.vector;

import io.jquant.cpu.Isa;
import io.jquant.kernels.common.KernelProvider;
import io.jquant.kernels.testing.KernelSuite;
import io.jquant.kernels.testing.KernelWay;
import io.jquant.kernels.vector.VectorKernels;
import io.jquant.spi.Candidate;
import io.jquant.spi.Numerics;
import io.jquant.spi.Tier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The kernels for NEON on whatever CPU runs the tests: the Vector API's 128-bit vectors are the same anywhere, slow at
 * the worst. One run of the tests is with {@code -XX:MaxVectorSize=16}, so that those of the JVM's own width are, too.
 */
@ParameterizedClass
@MethodSource("ways")
class NarrowVectorsTest extends KernelSuite {
    NarrowVectorsTest(KernelWay way) {
        super(way);
    }

    static Stream<KernelWay> ways() {
        KernelProvider.Offer anywhere = new KernelProvider.Offer(Tier.VECTOR, Isa.SCALAR,
                _ -> new Candidate.Usable(), () -> new VectorKernels(new NeonTile()));
        return Stream.of(new KernelWay(anywhere, Numerics.QNNPACK));
    }
}
