// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.vector;

import io.jquant.DataType;
import io.jquant.kernels.common.GemmKernel;
import io.jquant.kernels.common.GemmShape;
import io.jquant.kernels.common.OutputStage;
import io.jquant.kernels.common.Scratch;
import io.jquant.kernels.common.ScratchPool;
import io.jquant.kernels.testing.Product;
import io.jquant.kernels.vector.FloatTile;
import io.jquant.kernels.vector.VectorKernels;
import java.lang.foreign.Arena;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Products of a few rows at the edges of what 16 bits hold, on registers or, where there are none, without them. */
class FewRowsTest {
    private static final OutputStage SUMS = new OutputStage(DataType.S32, 0, Float.NEGATIVE_INFINITY,
            Float.POSITIVE_INFINITY, false, false, null);
    private static final int COLUMNS = 37;
    private static final int[] DEPTHS = {16, 1008, 1024, 1040, 2064};

    static Stream<FloatTile> tiles() {
        return Stream.of(new Avx2Tile(), new Avx512Tile());
    }

    private static byte[] weights(int depth, IntUnaryOperator weight) {
        byte[] weights = new byte[COLUMNS * depth];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (byte) weight.applyAsInt(i % depth);
        }
        return weights;
    }

    private static void check(FloatTile tile, int depth, byte[] weights, int[] values, Random random, String what) {
        VectorKernels kernels = new VectorKernels(tile);
        ScratchPool pool = new ScratchPool(kernels);
        Scratch scratch = pool.borrow();
        try (Arena arena = Arena.ofConfined()) {
            GemmKernel kernel = kernels.gemm(new GemmShape(depth, COLUMNS, true), SUMS);
            for (int rows = 1; rows <= 5; rows++) {
                Product product = new Product(random, kernel, SUMS, rows, COLUMNS, depth, 16 * (rows % 2), weights,
                        bytes -> arena.allocate(bytes, 64), scratch);
                GemmKernel special = kernel.specialize(product.block.b);
                product.check(special, what + ", rows " + rows + ", depth " + depth);
                for (int value : values) {
                    product.setRows((byte) value);
                    product.check(special, what + " times " + value + ", rows " + rows + ", depth " + depth);
                }
            }
        } finally {
            pool.giveBack(scratch);
            pool.close();
        }
    }

    @ParameterizedTest
    @MethodSource("tiles")
    void extremes(FloatTile tile) {
        Random random = new Random(7);
        for (int depth : DEPTHS) {
            for (int even : new int[] {-128, 127}) {
                for (int odd : new int[] {-128, -127, 127}) {
                    check(tile, depth, weights(depth, k -> k % 2 == 0 ? even : odd), new int[] {0, 1, 128, 255},
                            random, even + " and " + odd);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("tiles")
    void anything(FloatTile tile) {
        for (int seed = 0; seed < 5; seed++) {
            Random random = new Random(seed);
            int depth = 16 * (1 + random.nextInt(200));
            check(tile, depth, Product.weights(random, COLUMNS, depth), new int[] {0, 255}, random, "seed " + seed);
        }
    }
}
