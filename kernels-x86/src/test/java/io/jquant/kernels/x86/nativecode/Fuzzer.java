// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.Bias;
import io.jquant.ConvolutionSpec;
import io.jquant.Extent;
import io.jquant.LinearSpec;
import io.jquant.MatmulSpec;
import io.jquant.MatrixBatch;
import io.jquant.cpu.CpuInfo;
import io.jquant.cpu.Isa;
import io.jquant.kernels.portable.ReferenceBackend;
import io.jquant.kernels.testing.Comparison;
import io.jquant.kernels.testing.GuardPages;
import io.jquant.kernels.testing.KernelWay;
import io.jquant.kernels.testing.RandomSpecs;
import io.jquant.kernels.testing.Samples;
import io.jquant.spi.Candidate;
import io.jquant.spi.ConvolutionKernel;
import io.jquant.spi.EngineBackend;
import io.jquant.spi.EngineConfiguration;
import io.jquant.spi.LinearKernel;
import io.jquant.spi.MatmulKernel;
import io.jquant.spi.Tier;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs random operators on machine code and on the definition until its time is over: on the heap and off it, among
 * canaries, and between pages that nobody may touch. A process of its own, which a fault ends.
 */
final class Fuzzer {
    /** What comes before the number of cases in the last line. */
    static final String DONE = "cases without a difference: ";

    private static final int PAGES = 1 << 20;

    private final EngineBackend fast;
    private final EngineBackend reference;
    private final Comparison comparison;
    private final String way;

    private Fuzzer(KernelWay way, int threads) {
        this.way = way.toString();
        fast = way.open(threads, null);
        reference = new ReferenceBackend(way.numerics(), new EngineConfiguration(
                new Candidate(Tier.SCALAR, Isa.SCALAR, new Candidate.Usable()), CpuInfo.current(), 1, null));
        comparison = new Comparison(fast, reference);
    }

    /** Arguments: seconds, and the seed of the first case. */
    public static void main(String[] arguments) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[0]));
        long seed = Long.parseLong(arguments[1]);
        List<Fuzzer> fuzzers = new ArrayList<>();
        KernelWay.all().filter(way -> way.offer().tier() == Tier.NATIVE_CODE
                && CpuInfo.current().whyNot(way.offer().isa()).isEmpty()
                && way.offer().verdict().apply(CpuInfo.current()) instanceof Candidate.Usable).forEach(way -> {
                    fuzzers.add(new Fuzzer(way, 1));
                    fuzzers.add(new Fuzzer(way, 3));
                });
        long cases = 0;
        long report = System.nanoTime();
        for (; System.nanoTime() < end; cases++) {
            Fuzzer fuzzer = fuzzers.get((int) (cases % fuzzers.size()));
            // if this case ends the process, its last line says which it was
            System.out.print("\rseed " + (seed + cases) + " " + fuzzer.way);
            fuzzer.run(new Samples(seed + cases), "seed " + (seed + cases) + ", " + fuzzer.way);
            if (System.nanoTime() - report > TimeUnit.MINUTES.toNanos(1)) {
                report = System.nanoTime();
                System.out.println("\n" + cases + " so far");
            }
        }
        System.out.println("\n" + DONE + cases);
        // helping threads of the backends are daemons
        System.exit(0);
    }

    private void run(Samples samples, String message) {
        RandomSpecs specs = new RandomSpecs(samples);
        int dimensions = samples.upTo(3);
        switch (samples.random().nextInt(10)) {
            case 0 -> comparison.linear(samples, samples.random().nextInt(60), specs.linear(specs.size(1300),
                    specs.size(200)), message);
            case 1 -> comparison.dynamicLinear(samples, samples.random().nextInt(40), specs.dynamicLinear(
                    specs.size(700), specs.size(200)), message);
            case 2 -> comparison.convolution(samples, samples.upTo(2), specs.image(dimensions),
                    specs.convolution(dimensions), message);
            case 3 -> comparison.convolution(samples, samples.upTo(2), wide(samples), specs.depthwise(2), message);
            case 4 -> {
                int depth = specs.size(700);
                comparison.matmul(samples, samples.upTo(4), specs.size(40), depth, specs.size(150),
                        specs.matmul(depth), message);
            }
            case 5 -> guardedLinear(samples, specs.size(60), specs.linear(specs.size(700), specs.size(150)), message);
            case 6 -> guardedConvolution(samples, wide(samples), specs.convolution(2), message);
            case 7 -> guardedConvolution(samples, wide(samples), specs.depthwise(2), message);
            case 8 -> comparison.groupedLinear(samples, samples.random().nextInt(60), specs.groupedLinear(
                    specs.size(900), specs.size(200)), message);
            default -> {
                int depth = specs.size(300);
                guardedMatmul(samples, specs.size(40), depth, specs.size(100), specs.matmul(depth), message);
            }
        }
    }

    private static Extent wide(Samples samples) {
        return Extent.of(8 + samples.upTo(6), 8 + samples.upTo(40));
    }

    /** Memory that ends or begins where memory does, filled with samples. */
    private static MemorySegment fill(GuardPages pages, Samples samples, long bytes) {
        return pages.of(bytes).copyFrom(samples.bytes(bytes));
    }

    private void guardedLinear(Samples samples, int rows, LinearSpec spec, String message) {
        int out = spec.outFeatures();
        MemorySegment weights = samples.bytes((long) spec.inFeatures() * out);
        Bias bias = samples.bias(out, spec.input().scale());
        withGuards(samples, (x, y, z) -> {
            MemorySegment input = fill(x, samples, (long) rows * spec.inFeatures());
            MemorySegment addend = spec.epilogue().addend() == null ? null : fill(z, samples, (long) rows * out);
            try (LinearKernel mine = fast.linear(spec, weights, bias);
                    LinearKernel theirs = reference.linear(spec, weights, bias)) {
                compare(y, spec.epilogue().type().bytes((long) rows * out),
                        to -> mine.run(rows, input, spec.inFeatures(), to, out, addend, out),
                        to -> theirs.run(rows, input, spec.inFeatures(), to, out, addend, out),
                        message + ", rows " + rows + ", " + spec);
            }
        });
    }

    private void guardedConvolution(Samples samples, Extent in, ConvolutionSpec spec, String message) {
        int out = spec.outChannels();
        long pixels = spec.outputExtent(in).volume();
        MemorySegment weights = samples.bytes(spec.weights());
        Bias bias = samples.bias(out, spec.input().scale());
        withGuards(samples, (x, y, z) -> {
            MemorySegment input = fill(x, samples, in.volume() * spec.inChannels());
            MemorySegment addend = spec.epilogue().addend() == null ? null : fill(z, samples, pixels * out);
            try (ConvolutionKernel mine = fast.convolution(spec, weights, bias);
                    ConvolutionKernel theirs = reference.convolution(spec, weights, bias)) {
                compare(y, spec.epilogue().type().bytes(pixels * out),
                        to -> mine.run(1, in, input, spec.inChannels(), to, out, addend, out),
                        to -> theirs.run(1, in, input, spec.inChannels(), to, out, addend, out),
                        message + ", input " + in + ", " + spec);
            }
        });
    }

    private void guardedMatmul(Samples samples, int m, int k, int n, MatmulSpec spec, String message) {
        MatrixBatch shape = MatrixBatch.contiguous(2, m, k, n);
        withGuards(samples, (x, y, z) -> {
            MemorySegment left = fill(x, samples, 2L * m * k);
            MemorySegment right = fill(z, samples, 2L * k * n);
            try (MatmulKernel mine = fast.matmul(spec); MatmulKernel theirs = reference.matmul(spec)) {
                compare(y, spec.epilogue().type().bytes(2L * m * n), to -> mine.run(shape, left, right, to),
                        to -> theirs.run(shape, left, right, to), message + ", " + shape + ", " + spec);
            }
        });
    }

    private static void compare(GuardPages pages, long bytes, Consumer<MemorySegment> mine,
            Consumer<MemorySegment> theirs, String message) {
        MemorySegment actual = pages.of(bytes);
        MemorySegment expected = MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
        mine.accept(actual);
        theirs.accept(expected);
        assertEquals(-1, actual.mismatch(expected), message);
    }

    private interface Guards {
        void run(GuardPages x, GuardPages y, GuardPages z);
    }

    private static void withGuards(Samples samples, Guards use) {
        try (GuardPages x = new GuardPages(PAGES, samples.random().nextBoolean());
                GuardPages y = new GuardPages(4 * PAGES, samples.random().nextBoolean());
                GuardPages z = new GuardPages(PAGES, samples.random().nextBoolean())) {
            use.run(x, y, z);
        }
    }
}
