// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.Activation;
import io.jquant.Bias;
import io.jquant.GroupedLinearSpec;
import io.jquant.spi.EngineBackend;
import io.jquant.spi.LinearKernel;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers with weights of 4 bits against their definition, bit by bit; extended as {@link KernelSuite} is. */
public abstract class GroupedKernelSuite {
    private static final int CASES = Integer.getInteger("jquant.test.cases", 30);
    private static final int[] GROUP_SIZES = {16, 32, 64, 128, 256};

    private final KernelWay way;
    private EngineBackend fast;
    private EngineBackend reference;
    private Comparison comparison;

    protected GroupedKernelSuite(KernelWay way) {
        this.way = way;
    }

    @BeforeEach
    void open() {
        way.assumeUsable();
        fast = way.open(1, null);
        reference = KernelSuite.definition(way.numerics());
        comparison = new Comparison(fast, reference);
    }

    @AfterEach
    void close() {
        if (fast != null) {
            fast.close();
            reference.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void random(int threads) {
        try (EngineBackend many = way.open(threads, null)) {
            Comparison shared = new Comparison(many, reference);
            for (long seed = 0; seed < CASES / threads; seed++) {
                Samples samples = new Samples(seed);
                RandomSpecs specs = new RandomSpecs(samples);
                shared.groupedLinear(samples, (long) samples.random().nextInt(20) * threads,
                        specs.groupedLinear(specs.size(700), specs.size(130)), "seed " + seed);
            }
        }
    }

    /** Every number of rows and columns up to a little more than two tiles, depths that end within groups. */
    @Test
    void everyTail() {
        Samples samples = new Samples(7);
        int depth = 0;
        for (int rows = 1; rows <= 13; rows++) {
            for (int columns = 1 + rows % 3; columns <= 67; columns += 3) {
                depth = depth % 71 + 1;
                GroupedLinearSpec spec = new GroupedLinearSpec(depth, columns, GROUP_SIZES[(rows + columns) % 3],
                        columns % 2 == 0, Activation.NONE);
                comparison.groupedLinear(samples, rows, spec, "tail");
            }
        }
    }

    /** The largest sums of groups there are. */
    @Test
    void extremes() {
        for (int groupSize : GROUP_SIZES) {
            for (int value : new int[] {0, 255}) {
                for (int zeroPoint : new int[] {0, 255}) {
                    GroupedLinearSpec spec = new GroupedLinearSpec(3 * groupSize, 5, groupSize, true, Activation.NONE);
                    comparison.groupedLinear(2, spec, GroupedWeights.filled(spec, value, zeroPoint), groupSize
                            + " of " + value + ", zero points " + zeroPoint);
                }
            }
        }
    }

    /** Operands that end, then begin, where memory does. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void staysWithinItsOperands(boolean atEnd) {
        assumeTrue(GuardPages.AVAILABLE, "no mmap here");
        Samples samples = new Samples(11);
        RandomSpecs specs = new RandomSpecs(samples);
        try (GuardPages x = new GuardPages(1 << 16, atEnd); GuardPages y = new GuardPages(1 << 16, atEnd)) {
            for (int rows = 1; rows <= 13; rows++) {
                for (int columns = 1 + rows % 5; columns <= 67; columns += 5) {
                    GroupedLinearSpec spec = specs.groupedLinear(samples.upTo(150), columns);
                    MemorySegment input = x.of(4L * rows * spec.inFeatures()).fill((byte) 1);
                    MemorySegment output = y.of(4L * rows * columns);
                    MemorySegment weights = GroupedWeights.random(samples, spec, rows % 2 == 0).segment();
                    MemorySegment expected = MemorySegment.ofArray(new float[rows * columns]);
                    try (LinearKernel mine = fast.groupedLinear(spec, weights, Bias.none());
                            LinearKernel theirs = reference.groupedLinear(spec, weights, Bias.none())) {
                        mine.run(rows, input, spec.inFeatures(), output, columns, null, 0);
                        theirs.run(rows, input, spec.inFeatures(), expected, columns, null, 0);
                    }
                    assertEquals(-1, output.mismatch(expected), "rows " + rows + ", " + spec);
                }
            }
        }
    }

    /** Once compiled, a call leaves nothing to the garbage collector. */
    @Test
    void allocatesNothing() {
        way.assumeInThisProcess();
        Samples samples = new Samples(3);
        GroupedLinearSpec spec = new GroupedLinearSpec(100, 70, 32, true, Activation.RELU);
        MemorySegment x = samples.floats(500, 1);
        MemorySegment y = MemorySegment.ofArray(new float[350]);
        MemorySegment weights = GroupedWeights.random(samples, spec, true).segment();
        try (LinearKernel kernel = fast.groupedLinear(spec, weights, Bias.none())) {
            assumeTrue(!KernelSuite.isDefinition(kernel), "no kernel for weights of 4 bits");
            assertEquals(0, Garbage.least(() -> kernel.run(5, x, 100, y, 70, null, 0)));
        }
    }
}
