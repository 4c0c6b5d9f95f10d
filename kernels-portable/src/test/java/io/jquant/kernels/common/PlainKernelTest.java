// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.kernels.testing.KernelSuite;
import io.jquant.kernels.testing.KernelWay;
import io.jquant.spi.Numerics;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Packing, blocks, tails, epilogue and threads, on kernels of odd and of usual tiles. */
@ParameterizedClass
@MethodSource("ways")
class PlainKernelTest extends KernelSuite {
    PlainKernelTest(KernelWay way) {
        super(way);
    }

    static Stream<KernelWay> ways() {
        return Stream.of(new Tile(3, 5, 4, 12), new Tile(12, 32, 4, 4)).map(tile -> new KernelWay(
                PlainKernels.offer(tile), tile.rows() == 3 ? Numerics.QNNPACK : Numerics.FBGEMM));
    }
}
