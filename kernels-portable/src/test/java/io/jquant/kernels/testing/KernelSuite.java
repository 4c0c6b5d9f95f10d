// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.Bias;
import io.jquant.ConvolutionSpec;
import io.jquant.DataType;
import io.jquant.DynamicLinearSpec;
import io.jquant.Epilogue;
import io.jquant.Extent;
import io.jquant.LinearSpec;
import io.jquant.MatmulSpec;
import io.jquant.MatrixBatch;
import io.jquant.Pooling;
import io.jquant.PoolingSpec;
import io.jquant.QuantizationParameters;
import io.jquant.Window;
import io.jquant.cpu.CpuInfo;
import io.jquant.cpu.Isa;
import io.jquant.kernels.portable.ReferenceBackend;
import io.jquant.spi.Candidate;
import io.jquant.spi.ConvolutionKernel;
import io.jquant.spi.EngineBackend;
import io.jquant.spi.EngineConfiguration;
import io.jquant.spi.LinearKernel;
import io.jquant.spi.MatmulKernel;
import io.jquant.spi.Numerics;
import io.jquant.spi.SpatialKernel;
import io.jquant.spi.Tier;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kernels against the definitions, bit by bit. A module that provides kernels extends this class by one that is a
 * {@code ParameterizedClass} over {@link KernelWay#all}. {@code -Djquant.test.cases=N} sets the number of random cases.
 */
public abstract class KernelSuite {
    private static final int CASES = Integer.getInteger("jquant.test.cases", 200);
    private static final long SEED = 20261129;
    private static final int MOST_ELEMENTS = 131;
    private static final int[] ZERO_POINTS = {0, 1, 127, 128, 255};

    private final KernelWay way;
    private EngineBackend fast;
    private EngineBackend reference;
    private Comparison comparison;

    protected KernelSuite(KernelWay way) {
        this.way = way;
    }

    @BeforeEach
    void open() {
        way.assumeUsable();
        fast = way.open(1, null);
        reference = definition(way.numerics());
        comparison = new Comparison(fast, reference);
    }

    /** The definitions, under the formulas of an engine. */
    public static EngineBackend definition(Numerics numerics) {
        return new ReferenceBackend(numerics, new EngineConfiguration(
                new Candidate(Tier.SCALAR, Isa.SCALAR, new Candidate.Usable()), CpuInfo.current(), 1, null));
    }

    @AfterEach
    void close() {
        if (fast != null) {
            fast.close();
            reference.close();
        }
    }

    @Test
    void randomLinear() {
        for (long seed = 0; seed < CASES; seed++) {
            Samples samples = new Samples(seed);
            RandomSpecs specs = new RandomSpecs(samples);
            LinearSpec spec = specs.linear(specs.size(1300), specs.size(200));
            comparison.linear(samples, samples.random().nextInt(40), spec, "seed " + seed);
        }
    }

    @Test
    void randomDynamicLinear() {
        for (long seed = 0; seed < CASES; seed++) {
            Samples samples = new Samples(seed);
            RandomSpecs specs = new RandomSpecs(samples);
            int rows = samples.random().nextInt(20);
            DynamicLinearSpec spec = specs.dynamicLinear(specs.size(700), specs.size(200));
            comparison.dynamicLinear(samples, rows, spec, "seed " + seed);
            comparison.dynamicLinear(samples, 1 + rows % 3, RandomSpecs.symmetric(spec), "seed " + seed);
            comparison.dynamicLinear(samples, 2L * rows, RandomSpecs.symmetric(spec), "seed " + seed);
        }
    }

    @Test
    void rangesOfAnyNumbers() {
        Random random = new Random(SEED);
        float[] odd = {0, -0f, Float.NaN, Float.intBitsToFloat(-1), Float.MIN_VALUE, -Float.MIN_VALUE,
            Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
        for (int count = 0; count < 150; count++) {
            for (int kind = 0; kind < 4; kind++) {
                float[] values = new float[count];
                for (int i = 0; i < count; i++) {
                    float number = kind == 0 ? Float.intBitsToFloat(random.nextInt())
                            : (float) random.nextGaussian() * (kind - 1);
                    values[i] = random.nextInt(40) == 0 ? odd[random.nextInt(odd.length)] : number;
                }
                comparison.range(MemorySegment.ofArray(values), "seed " + SEED + ", kind " + kind);
            }
        }
    }

    @Test
    void randomMatmul() {
        for (long seed = 0; seed < CASES; seed++) {
            Samples samples = new Samples(seed);
            RandomSpecs specs = new RandomSpecs(samples);
            int depth = specs.size(700);
            comparison.matmul(samples, samples.upTo(4), specs.size(30), depth, specs.size(150), specs.matmul(depth),
                    "seed " + seed);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void randomConvolution(int dimensions) {
        for (long seed = 0; seed < CASES; seed++) {
            Samples samples = new Samples(seed);
            RandomSpecs specs = new RandomSpecs(samples);
            comparison.convolution(samples, 1 + (int) seed % 2, specs.image(dimensions), specs.convolution(dimensions),
                    "seed " + seed);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void randomDepthwise(int dimensions) {
        for (long seed = 0; seed < CASES; seed++) {
            Samples samples = new Samples(seed);
            RandomSpecs specs = new RandomSpecs(samples);
            Extent image = specs.image(dimensions);
            Extent in = new Extent(image.depth(), dimensions > 1 ? image.height() + 2 : 1, image.width() + 2);
            comparison.convolution(samples, 1 + (int) seed % 2, in, specs.depthwise(dimensions), "seed " + seed);
        }
    }

    /** Three taps of three rows, where rows of the output that follow each other share rows of the input. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void depthwiseRowsThatShareTheirInput(int step) {
        Samples samples = new Samples(step);
        Window window = Window.of(Extent.of(3, 3)).withStride(Extent.of(step, 1)).withDilation(Extent.of(step, 1))
                .withPadding(Extent.padding(1, 1));
        for (int channels : new int[] {31, 32, 33, 64}) {
            for (int rows = 1; rows <= 5; rows++) {
                for (int width : new int[] {1, 2, 3, 4, 5, 56, 57, 113}) {
                    QuantizationParameters input = samples.perTensor();
                    QuantizationParameters weight = samples.weight(channels, 0);
                    ConvolutionSpec spec = ConvolutionSpec.of(channels, channels, channels, window, input, weight,
                            samples.epilogue(input.scale() * (double) weight.scale() * 80 * 80 * 3, true));
                    // the window spans 2 * step + 1 rows, of which the padding has two
                    comparison.convolution(samples, 1, Extent.of((rows + 1) * step - 1, width), spec, "rows");
                }
            }
        }
    }

    /** Every number of rows and columns up to a little more than two tiles of any kernel, depths in between. */
    @Test
    void everyTail() {
        Samples samples = new Samples(7);
        RandomSpecs specs = new RandomSpecs(samples);
        int depth = 0;
        for (int rows = 1; rows <= 33; rows++) {
            for (int columns = 1 + rows % 3; columns <= 131; columns += 3) {
                depth = depth % 131 + 1;
                comparison.linear(samples, rows, specs.linear(depth, columns), "tail");
            }
        }
    }

    /** The largest sums there are, and zero points of every kind on both sides. */
    @ParameterizedTest
    @ValueSource(ints = {1, 511, 512, 513, 1024, 1025, 3000})
    void extremes(int depth) {
        Samples samples = new Samples(depth);
        MemorySegment rows = filled(7 * depth, 255);
        for (int inputZero : ZERO_POINTS) {
            for (int weightZero : ZERO_POINTS) {
                QuantizationParameters input = QuantizationParameters.perTensor(DataType.U8, 1, inputZero);
                QuantizationParameters weight = QuantizationParameters.perTensor(DataType.U8, 1, weightZero);
                LinearSpec spec = new LinearSpec(depth, 5, input, weight, Epilogue.accumulators());
                String message = "zero points " + inputZero + ", " + weightZero;
                for (int count : new int[] {1, 2, 7}) {
                    comparison.linear(samples, count, spec, rows, depth, filled(5 * depth, 255), message);
                    comparison.linear(samples, count, spec, rows, depth, filled(5 * depth, 0), message);
                }
                comparison.linear(samples, 3, spec, message);
            }
        }
    }

    private static MemorySegment filled(int bytes, int value) {
        byte[] values = new byte[bytes];
        Arrays.fill(values, (byte) value);
        return MemorySegment.ofArray(values);
    }

    /** Operands that end, then begin, where memory does. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void staysWithinItsOperands(boolean atEnd) {
        assumeTrue(GuardPages.AVAILABLE, "no mmap here");
        Samples samples = new Samples(11);
        RandomSpecs specs = new RandomSpecs(samples);
        try (GuardPages x = new GuardPages(1 << 19, atEnd); GuardPages y = new GuardPages(1 << 19, atEnd);
                GuardPages z = new GuardPages(1 << 19, atEnd)) {
            for (int rows = 1; rows <= 29; rows++) {
                for (int columns = 1 + rows % 5; columns <= 131; columns += 5) {
                    LinearSpec spec = specs.linear(samples.upTo(70), columns);
                    long outBytes = spec.epilogue().type().bytes((long) rows * columns);
                    MemorySegment input = x.of((long) rows * spec.inFeatures());
                    MemorySegment output = y.of(outBytes);
                    MemorySegment addend = spec.epilogue().addend() == null ? null : z.of((long) rows * columns);
                    try (LinearKernel kernel = fast.linear(spec,
                            samples.bytes((long) columns * spec.inFeatures()), Bias.none())) {
                        kernel.run(rows, input, spec.inFeatures(), output, columns, addend, columns);
                    }
                    assertEquals(outBytes, output.byteSize());
                }
            }
            for (int i = 0; i < 100; i++) {
                ConvolutionSpec spec = i % 2 == 0 ? specs.convolution(2) : specs.depthwise(2);
                Extent in = Extent.of(12, 12);
                long pixels = spec.outputExtent(in).volume();
                int out = spec.outChannels();
                MemorySegment addend = spec.epilogue().addend() == null ? null : z.of(pixels * out);
                try (ConvolutionKernel kernel = fast.convolution(spec, samples.bytes(spec.weights()), Bias.none())) {
                    kernel.run(1, in, x.of(in.volume() * spec.inChannels()), spec.inChannels(),
                            y.of(spec.epilogue().type().bytes(pixels * out)), out, addend, out);
                }
            }
        }
    }

    /** Once compiled, a call leaves nothing to the garbage collector. */
    @Test
    void allocatesNothing() {
        Samples samples = new Samples(3);
        QuantizationParameters u8 = QuantizationParameters.perTensor(DataType.U8, 0.5f, 3);
        ConvolutionSpec spec = ConvolutionSpec.of(8, 16, 1,
                Window.of(Extent.of(3, 3)).withPadding(Extent.padding(1, 1)), u8, u8, Epilogue.quantized(u8));
        LinearSpec layer = new LinearSpec(64, 32, u8, u8, Epilogue.quantized(u8));
        MemorySegment x = samples.bytes(4096);
        MemorySegment y = MemorySegment.ofArray(new byte[4096]);
        Extent in = Extent.of(4, 4);
        try (ConvolutionKernel convolution = fast.convolution(spec, samples.bytes(spec.weights()), Bias.none());
                LinearKernel linear = fast.linear(layer, samples.bytes(64 * 32), Bias.none())) {
            assertEquals(0, Garbage.least(() -> linear.run(5, x, 64, y, 32, null, 0)), "linear");
            assertEquals(0, Garbage.least(() -> convolution.run(1, in, x, 8, y, 16, null, 0)), "convolution");
        }
        MatrixBatch shape = MatrixBatch.contiguous(2, 5, 64, 32);
        try (MatmulKernel matmul = fast.matmul(new MatmulSpec(u8, u8, Epilogue.quantized(u8)))) {
            assertEquals(0, Garbage.least(() -> matmul.run(shape, x, x, y)), "matmul");
        }
    }

    /** The same for depthwise convolutions. */
    @Test
    void depthwiseAllocatesNothing() {
        Samples samples = new Samples(3);
        QuantizationParameters u8 = QuantizationParameters.perTensor(DataType.U8, 0.5f, 3);
        ConvolutionSpec spec = ConvolutionSpec.of(8, 8, 8,
                Window.of(Extent.of(3, 3)).withPadding(Extent.padding(1, 1)), u8, u8, Epilogue.quantized(u8));
        MemorySegment x = samples.bytes(4096);
        MemorySegment y = MemorySegment.ofArray(new byte[4096]);
        Extent in = Extent.of(4, 4);
        try (ConvolutionKernel kernel = fast.convolution(spec, samples.bytes(8 * 9), Bias.none())) {
            assumeTrue(!isDefinition(kernel), "no kernel for depthwise convolutions");
            assertEquals(0, Garbage.least(() -> kernel.run(1, in, x, 8, y, 8, null, 0)));
        }
    }

    /** Whether there is no kernel, so that the definition runs, which may allocate. */
    static boolean isDefinition(Object kernel) {
        return kernel.getClass().getPackage() == ReferenceBackend.class.getPackage();
    }

    /** Operators on elements: every length up to a little more than two of any kernel's steps, where memory ends. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void elementsOfEveryNumber(boolean atEnd) {
        ElementCheck.everyNumber(way, atEnd);
    }

    /** Poolings of every number of channels up to a little more than two of any kernel's steps. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pooledChannelsOfEveryNumber(boolean atEnd) {
        assumeTrue(GuardPages.AVAILABLE, "no mmap here");
        Samples samples = new Samples(17);
        Window window = Window.of(Extent.of(2, 3)).withPadding(Extent.padding(1, 0));
        List<Pooling> poolings = List.of(new Pooling.Max(window, false), new Pooling.Average(window, false, true, 0),
                new Pooling.Average(Window.of(new Extent(2, 1, 2)), false, false, 3),
                new Pooling.AdaptiveAverage(Extent.ONE));
        try (GuardPages x = new GuardPages(1 << 16, atEnd); GuardPages y = new GuardPages(1 << 13, atEnd)) {
            for (int channels = 1; channels <= MOST_ELEMENTS; channels++) {
                for (Pooling pooling : poolings) {
                    // now and then more pixels than sums of 16 bits have room for
                    boolean large = channels % 8 == 3 && pooling instanceof Pooling.AdaptiveAverage;
                    Extent in = large ? new Extent(2, 3, 50) : new Extent(2, 3, 4);
                    QuantizationParameters p = samples.perTensor();
                    PoolingSpec spec = new PoolingSpec(pooling, channels, p, p);
                    MemorySegment input = x.of(in.volume() * channels)
                            .copyFrom(samples.bytes(in.volume() * channels));
                    MemorySegment expected = MemorySegment.ofArray(
                            new byte[(int) pooling.outputExtent(in).volume() * channels]);
                    MemorySegment actual = y.of(expected.byteSize());
                    try (SpatialKernel kernel = fast.pooling(spec);
                            SpatialKernel definition = reference.pooling(spec)) {
                        assumeTrue(!isDefinition(kernel), "no kernels for poolings");
                        definition.run(1, in, input, expected);
                        kernel.run(1, in, input, actual);
                    }
                    ElementForce.assertSame(expected, actual, spec.toString());
                }
            }
        }
    }

    /** Once compiled, operators on elements leave nothing to the garbage collector either. */
    @Test
    void elementsAllocateNothing() {
        int count = 100;
        MemorySegment x = MemorySegment.ofArray(new byte[4 * count]);
        List<MemorySegment> inputs = List.of(x, x);
        MemorySegment y = MemorySegment.ofArray(new byte[4 * count]);
        int kernels = 0;
        for (ElementLine line : ElementLine.kinds()) {
            try (ElementLine.Operator operator = line.open().apply(fast)) {
                if (isDefinition(operator.kernel())) {
                    continue;
                }
                kernels++;
                ElementLine.Run run = operator.run();
                assertEquals(0, Garbage.least(() -> run.run(count, inputs, y)), line.name());
            }
        }
        assumeTrue(kernels > 0, "no kernels for elements");
    }

    /** One packed operator, run by many threads at once, each of them helped. */
    @Test
    void threadsGiveTheSame() throws InterruptedException, ExecutionException {
        Samples samples = new Samples(5);
        // just enough work for threads to be asked
        LinearSpec spec = new LinearSpec(190, 150, samples.perTensor(), samples.weight(150, 0),
                Epilogue.accumulators());
        int rows = 97;
        MemorySegment weights = samples.bytes(190L * 150);
        MemorySegment x = samples.bytes(rows * 190L);
        MemorySegment expected = MemorySegment.ofArray(new byte[rows * 150 * 4]);
        try (LinearKernel kernel = reference.linear(spec, weights, Bias.none())) {
            kernel.run(rows, x, 190, expected, 150, null, 0);
        }
        for (int threads : new int[] {2, 3}) {
            try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
                    EngineBackend backend = way.open(threads, threads == 2 ? null : callers);
                    LinearKernel kernel = backend.linear(spec, weights, Bias.none())) {
                List<Future<Long>> results = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    int few = i % 2 == 0 ? rows : 1 + i % 7;
                    results.add(callers.submit(() -> {
                        MemorySegment y = MemorySegment.ofArray(new byte[few * 150 * 4]);
                        kernel.run(few, x, 190, y, 150, null, 0);
                        return y.mismatch(expected.asSlice(0, y.byteSize()));
                    }));
                }
                for (Future<Long> result : results) {
                    assertEquals(-1L, result.get());
                }
            }
        }
    }
}
