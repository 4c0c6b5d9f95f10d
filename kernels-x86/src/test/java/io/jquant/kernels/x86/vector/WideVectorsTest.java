// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.vector;

import io.jquant.cpu.Isa;
import io.jquant.kernels.common.KernelProvider;
import io.jquant.kernels.testing.Comparison;
import io.jquant.kernels.testing.KernelSuite;
import io.jquant.kernels.testing.KernelWay;
import io.jquant.kernels.testing.RandomSpecs;
import io.jquant.kernels.testing.Samples;
import io.jquant.kernels.vector.VectorKernels;
import io.jquant.spi.Candidate;
import io.jquant.spi.EngineBackend;
import io.jquant.spi.Numerics;
import io.jquant.spi.Tier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The kernels for vectors of 512 bits on whatever CPU runs the tests: where there are none, the Vector API computes
 * them element by element, a hundred times slower and to the same bits.
 */
class WideVectorsTest {
    private static final int CASES = Integer.getInteger("jquant.test.cases", 20);

    @ParameterizedTest
    @EnumSource
    void areTheDefinition(Numerics numerics) {
        KernelProvider.Offer anywhere = new KernelProvider.Offer(Tier.VECTOR, Isa.SCALAR,
                _ -> new Candidate.Usable(), () -> new VectorKernels(new Avx512Tile()));
        try (EngineBackend fast = new KernelWay(anywhere, numerics).open(1, null);
                EngineBackend reference = KernelSuite.definition(numerics)) {
            Comparison comparison = new Comparison(fast, reference);
            for (long seed = 0; seed < CASES; seed++) {
                Samples samples = new Samples(seed);
                RandomSpecs specs = new RandomSpecs(samples);
                comparison.linear(samples, samples.upTo(9), specs.linear(specs.size(600), specs.size(90)),
                        "seed " + seed);
                int dimensions = 1 + (int) (seed % 3);
                comparison.convolution(samples, 1, specs.image(dimensions), specs.convolution(dimensions),
                        "seed " + seed);
            }
        }
    }
}
