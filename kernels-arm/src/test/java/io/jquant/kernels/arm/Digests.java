// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm;

import io.jquant.Bias;
import io.jquant.ConvolutionSpec;
import io.jquant.DataType;
import io.jquant.DynamicLinearSpec;
import io.jquant.EngineOptions;
import io.jquant.Extent;
import io.jquant.LinearSpec;
import io.jquant.MatmulSpec;
import io.jquant.MatrixBatch;
import io.jquant.kernels.testing.RandomSpecs;
import io.jquant.kernels.testing.Samples;
import io.jquant.spi.ConvolutionKernel;
import io.jquant.spi.EngineBackend;
import io.jquant.spi.LinearKernel;
import io.jquant.spi.MatmulKernel;
import io.jquant.spi.Tier;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * What random operators answer, a checksum for every hundred of them. The same seeds give the same operators and
 * operands on every machine, so checksums taken on one CPU are compared with those of another, and a CPU that is
 * emulated slowly need not run the definition beside its kernels.
 */
public final class Digests {
    /** Cases of a checksum. */
    public static final int BLOCK = 100;
    private static final int BLOCKS = 21;
    private static final String RESOURCE = "digests.tsv";

    private final EngineBackend backend;
    private final CRC32C sum = new CRC32C();

    public Digests(EngineBackend backend) {
        this.backend = backend;
    }

    /** The families of operators. */
    public enum Family {
        LINEAR, CONVOLUTION, DEPTHWISE, MATMUL, DYNAMIC_LINEAR
    }

    /** The checksum of a family's cases from {@code block * BLOCK} on. */
    public long of(Family family, int block) {
        sum.reset();
        for (long seed = (long) block * BLOCK; seed < (block + 1L) * BLOCK; seed++) {
            Samples samples = new Samples(seed);
            RandomSpecs specs = new RandomSpecs(samples);
            switch (family) {
                case LINEAR -> linear(samples, specs.linear(specs.size(1300), specs.size(200)));
                case CONVOLUTION -> {
                    int dimensions = 1 + (int) (seed % 3);
                    convolution(samples, specs.image(dimensions), specs.convolution(dimensions));
                }
                case DEPTHWISE -> {
                    int dimensions = 1 + (int) (seed % 3);
                    convolution(samples, wider(specs.image(dimensions), dimensions), specs.depthwise(dimensions));
                }
                case MATMUL -> matmul(samples, specs);
                case DYNAMIC_LINEAR -> dynamicLinear(samples, specs.dynamicLinear(specs.size(700), specs.size(200)));
            }
        }
        return sum.getValue();
    }

    /** Windows of depthwise convolutions are larger. */
    private static Extent wider(Extent image, int dimensions) {
        return new Extent(image.depth(), image.height() + (dimensions > 1 ? 2 : 0), image.width() + 2);
    }

    private static MemorySegment output(DataType type, long elements) {
        return MemorySegment.ofArray(new byte[Math.toIntExact(type.bytes(elements))]);
    }

    private void add(MemorySegment output) {
        sum.update(output.asByteBuffer());
    }

    private void linear(Samples samples, LinearSpec spec) {
        int rows = samples.upTo(40);
        int out = spec.outFeatures();
        MemorySegment y = output(spec.epilogue().type(), (long) rows * out);
        MemorySegment addend = spec.epilogue().addend() == null ? null : samples.bytes((long) rows * out);
        MemorySegment weights = samples.bytes((long) out * spec.inFeatures());
        try (LinearKernel kernel = backend.linear(spec, weights, samples.bias(out, spec.input().scale()))) {
            kernel.run(rows, samples.bytes((long) rows * spec.inFeatures()), spec.inFeatures(), y, out, addend, out);
        }
        add(y);
    }

    private void convolution(Samples samples, Extent in, ConvolutionSpec spec) {
        int batch = samples.upTo(2);
        int out = spec.outChannels();
        long pixels = batch * spec.outputExtent(in).volume();
        MemorySegment y = output(spec.epilogue().type(), pixels * out);
        MemorySegment addend = spec.epilogue().addend() == null ? null : samples.bytes(pixels * out);
        MemorySegment weights = samples.bytes(spec.weights());
        try (ConvolutionKernel kernel = backend.convolution(spec, weights, samples.bias(out, spec.input().scale()))) {
            kernel.run(batch, in, samples.bytes(batch * in.volume() * spec.inChannels()), spec.inChannels(), y, out,
                    addend, out);
        }
        add(y);
    }

    private void matmul(Samples samples, RandomSpecs specs) {
        int depth = specs.size(700);
        MatmulSpec spec = specs.matmul(depth);
        int rows = specs.size(30);
        int columns = specs.size(150);
        MemorySegment y = output(spec.epilogue().type(), 2L * rows * columns);
        try (MatmulKernel kernel = backend.matmul(spec)) {
            kernel.run(MatrixBatch.contiguous(2, rows, depth, columns), samples.bytes(2L * rows * depth),
                    samples.bytes(2L * depth * columns), y);
        }
        add(y);
    }

    private void dynamicLinear(Samples samples, DynamicLinearSpec spec) {
        int rows = samples.upTo(20);
        int out = spec.outFeatures();
        MemorySegment y = output(DataType.F32, (long) rows * out);
        MemorySegment weights = samples.bytes((long) out * spec.inFeatures());
        try (LinearKernel kernel = backend.dynamicLinear(spec, weights, Bias.none())) {
            kernel.run(rows, samples.floats((long) rows * spec.inFeatures(), 3), spec.inFeatures(), y, out, null, 0);
        }
        add(y);
    }

    /** The checksums of the resource, by family and block. */
    public static Map<String, Long> expected() {
        Map<String, Long> sums = new HashMap<>();
        try (var reader = new BufferedReader(new InputStreamReader(
                Digests.class.getResourceAsStream(RESOURCE), StandardCharsets.UTF_8))) {
            reader.lines().filter(line -> !line.startsWith("#")).map(line -> line.split("\t"))
                    .forEach(fields -> sums.put(fields[0] + fields[1], Long.parseLong(fields[2], 16)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sums;
    }

    /** Prints the resource, from engine qnnpack's definition. */
    public static void main(String[] args) {
        EngineOptions scalar = EngineOptions.defaults().withEngine("qnnpack").withTier(Tier.SCALAR).withThreads(1);
        System.out.println("# Engine qnnpack: family, hundred of seeds, CRC-32C of the outputs; printed by Digests");
        try (EngineBackend backend = DigestTest.open(scalar)) {
            Digests digests = new Digests(backend);
            for (Family family : Family.values()) {
                for (int block = 0; block < BLOCKS; block++) {
                    System.out.printf("%s\t%d\t%08x%n", family, block, digests.of(family, block));
                }
            }
        }
    }
}
