// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.DataType;
import io.jquant.Extent;
import io.jquant.VectorScoringSpec;
import io.jquant.VectorScoringSpec.Metric;
import io.jquant.cpu.Architecture;
import io.jquant.cpu.CpuInfo;
import io.jquant.cpu.Isa;
import io.jquant.kernels.common.GemmKernel;
import io.jquant.kernels.common.GemmShape;
import io.jquant.kernels.common.KernelSet;
import io.jquant.kernels.common.OutputStage;
import io.jquant.kernels.common.ScratchPool;
import io.jquant.kernels.portable.ReferenceBackend;
import io.jquant.kernels.testing.Comparison;
import io.jquant.kernels.testing.GuardPages;
import io.jquant.kernels.testing.Product;
import io.jquant.kernels.testing.RandomSpecs;
import io.jquant.kernels.testing.Samples;
import io.jquant.spi.Candidate;
import io.jquant.spi.EngineBackend;
import io.jquant.spi.EngineConfiguration;
import io.jquant.spi.Numerics;
import io.jquant.spi.Tier;
import io.jquant.spi.VectorScoringKernel;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Machine code on emulated CPUs while the JVM stays on its own. {@code -Djquant.test.cases=N} runs more than the few
 * cases that an emulator does in seconds, {@code -Djquant.test.seed=N} draws others.
 */
@ParameterizedClass
@EnumSource
class EmulatedCodeTest {
    private static final List<Metric> METRICS = List.of(Metric.values());
    private static final int CASES = Integer.getInteger("jquant.test.cases", 20);
    private static final long SEED = Long.getLong("jquant.test.seed", 0);
    private static final List<DataType> TYPES = List.of(DataType.U8, DataType.S8, DataType.F32, DataType.S32);
    private static final int OPERANDS = 6;
    private static final long OPERAND_BYTES = 1 << 18;

    @Parameter
    private EmulatedKernels emulated;

    @BeforeEach
    void assumeEmulated() {
        assumeTrue(Architecture.current() == Architecture.X86_64, "addresses and conventions are this process's");
        emulated.way().assumeUsable();
    }

    @Test
    void productsBetweenGuardPages() {
        List<GuardPages> guards = new ArrayList<>();
        try (KernelSet kernels = emulated.open(); ScratchPool pool = new ScratchPool(kernels)) {
            IntStream.range(0, 2 * OPERANDS).forEach(i -> guards.add(new GuardPages(OPERAND_BYTES, i < OPERANDS)));
            for (long seed = SEED; seed < SEED + CASES; seed++) {
                Random random = new Random(seed);
                OutputStage any = Product.stage(random, TYPES.get(random.nextInt(TYPES.size())));
                OutputStage stage = any.type() == DataType.F32 && random.nextBoolean() ? any.withRowScales() : any;
                GemmKernel kernel = kernels.gemm(new GemmShape(1, 1, true), stage);
                int rows = 1 + random.nextInt(random.nextBoolean() ? 8 : 70);
                int columns = 1 + random.nextInt(70);
                int depth = 1 + random.nextInt(random.nextBoolean() ? 70 : 400);
                Product product = new Product(random, kernel, stage, rows, columns, depth, random.nextInt(3),
                        Product.weights(random, columns, depth), memory(guards, random.nextInt(3)), pool.borrow());
                product.check(kernel.specialize(product.block.b), emulated + ", seed " + seed);
            }
        } finally {
            guards.forEach(GuardPages::close);
        }
    }

    /** Operands that end where memory does, begin where it does, or are on the heap. */
    private static Product.Memory memory(List<GuardPages> guards, int kind) {
        if (kind == 2) {
            return bytes -> MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
        }
        int[] next = new int[1];
        return bytes -> guards.get(kind * OPERANDS + next[0]++ % OPERANDS).of(bytes);
    }

    @Test
    void operatorsAreAsTheirDefinitions() {
        EngineConfiguration definition = new EngineConfiguration(
                new Candidate(Tier.SCALAR, Isa.SCALAR, new Candidate.Usable()), CpuInfo.current(), 1, null);
        try (EngineBackend fast = emulated.way().open(1, null);
                EngineBackend reference = new ReferenceBackend(Numerics.FBGEMM, definition)) {
            Comparison comparison = new Comparison(fast, reference);
            for (long seed = SEED; seed < SEED + CASES; seed++) {
                run(comparison, new Samples(seed), emulated + ", seed " + seed);
            }
        }
    }

    private static void run(Comparison comparison, Samples samples, String message) {
        RandomSpecs specs = new RandomSpecs(samples);
        int rows = samples.random().nextInt(50);
        int dimensions = samples.upTo(3);
        comparison.linear(samples, rows, specs.linear(specs.size(700), specs.size(130)), message);
        comparison.dynamicLinear(samples, rows, specs.dynamicLinear(specs.size(500), specs.size(130)), message);
        comparison.groupedLinear(samples, rows, specs.groupedLinear(specs.size(600), specs.size(130)), message);
        comparison.convolution(samples, samples.upTo(2), specs.image(dimensions), specs.convolution(dimensions),
                message);
        comparison.convolution(samples, samples.upTo(2), Extent.of(8 + samples.upTo(6), 8 + samples.upTo(20)),
                specs.depthwise(2), message);
        int depth = specs.size(300);
        comparison.matmul(samples, samples.upTo(3), specs.size(40), depth, specs.size(100), specs.matmul(depth),
                message);
    }

    @Test
    void scoresAreThoseOfThisCpu() {
        assumeTrue(CpuInfo.current().whyNot(Isa.AVX2).isEmpty(), () -> CpuInfo.current().whyNot(Isa.AVX2));
        KernelSet own = NativeKernelProvider.kernels(Isa.AVX2, NativeCall.THIS, false);
        try (KernelSet kernels = emulated.open()) {
            for (long seed = SEED; seed < SEED + CASES; seed++) {
                Samples samples = new Samples(seed);
                Metric metric = METRICS.get(samples.random().nextInt(METRICS.size()));
                DataType type = metric == Metric.PRODUCT && samples.random().nextBoolean() ? DataType.U8 : DataType.S8;
                int dimension = 32 + samples.upTo(500);
                VectorScoringSpec spec =
                        new VectorScoringSpec(dimension, dimension + samples.random().nextInt(20), type, metric);
                compare(kernels.vectorScoring(spec), own.vectorScoring(spec), samples, spec, "seed " + seed);
            }
        }
    }

    private static void compare(VectorScoringKernel kernel, VectorScoringKernel definition, Samples samples,
            VectorScoringSpec spec, String message) {
        int rowCount = samples.upTo(9);
        int count = samples.random().nextInt(23);
        MemorySegment query = samples.bytes(spec.dimension());
        MemorySegment rows = samples.bytes((rowCount - 1L) * spec.rowStride() + spec.dimension());
        MemorySegment ordinals = MemorySegment.ofArray(samples.random().ints(count, 0, rowCount).toArray());
        MemorySegment actual = MemorySegment.ofArray(new int[count * spec.metric().results()]);
        MemorySegment expected = MemorySegment.ofArray(new int[count * spec.metric().results()]);
        assertEquals(definition.run(query, rows, rowCount, ordinals, count, expected),
                kernel.run(query, rows, rowCount, ordinals, count, actual), message);
        assertEquals(-1, actual.mismatch(expected), () -> message + ", " + spec);
    }

    /** So that it is seen to be the CPU that runs the code. */
    @Test
    void aCpuWithoutTheInstructionsStops() {
        try (KernelSet kernels = emulated.open("corei7_haswell_4770"); ScratchPool pool = new ScratchPool(kernels)) {
            Random random = new Random(SEED);
            OutputStage stage = Product.stage(random, DataType.U8);
            GemmKernel kernel = kernels.gemm(new GemmShape(1, 1, true), stage);
            Product product = new Product(random, kernel, stage, 9, 9, 64, 0, Product.weights(random, 9, 64),
                    bytes -> MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]), pool.borrow());
            assertThrows(IllegalStateException.class, () -> product.check(kernel, "unfit"));
        }
    }
}
