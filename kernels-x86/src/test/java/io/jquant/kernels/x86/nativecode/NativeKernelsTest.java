// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.DataType;
import io.jquant.cpu.Isa;
import io.jquant.kernels.common.GemmKernel;
import io.jquant.kernels.common.OutputStage;
import io.jquant.kernels.common.Scratch;
import io.jquant.kernels.testing.GemmKernelSuite;
import io.jquant.kernels.testing.Product;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Machine code on its own. */
@ParameterizedClass
@EnumSource(names = {"AVX2", "AVX_VNNI", "AVX512_VNNI", "AMX"})
class NativeKernelsTest extends GemmKernelSuite {
    NativeKernelsTest(Isa isa) {
        super(new NativeKernelProvider(), isa);
    }

    @Test
    void panelsOfSmallAndOfLargeWeights() {
        assumeTrue(isa == Isa.AVX2, "only AVX2 looks at weights");
        Scratch scratch = pool.borrow();
        for (int pattern = 0; pattern < 32; pattern++) {
            int depth = 1 + random.nextInt(100);
            byte[] weights = Product.weights(random, 80, depth);
            for (int column = 0; column < 80 && pattern == 0; column += 16) {
                weights[column * depth] = Byte.MIN_VALUE;
            }
            for (int column = 0; column < 80; column++) {
                if (((pattern >> (column / 16)) & 1) != 0) {
                    for (int k = 0; k < depth; k++) {
                        weights[column * depth + k] >>= 1;
                    }
                }
            }
            OutputStage stage = Product.stage(random, DataType.U8);
            GemmKernel kernel = kernel(stage);
            int rows = 1 + random.nextInt(pattern % 3 == 0 ? 2 : 20);
            Product product = new Product(random, kernel, stage, rows, 80, depth, 1, weights,
                    bytes -> arena.allocate(bytes, 64), scratch);
            GemmKernel special = kernel.specialize(product.block.b);
            if (pattern != 0) {
                assertNotSame(kernel, special, "small weights are made use of");
            } else if (depth > 30) {
                assertSame(kernel, special, "large weights are not");
            }
            product.check(special, "pattern " + pattern + ", seed " + SEED);
        }
    }
}
