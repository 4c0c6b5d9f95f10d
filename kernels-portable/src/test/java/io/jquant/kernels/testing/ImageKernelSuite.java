// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.Bias;
import io.jquant.ConvolutionSpec;
import io.jquant.DataType;
import io.jquant.Epilogue;
import io.jquant.Extent;
import io.jquant.QuantizationParameters;
import io.jquant.Window;
import io.jquant.cpu.CpuInfo;
import io.jquant.cpu.Isa;
import io.jquant.kernels.portable.ReferenceBackend;
import io.jquant.spi.Candidate;
import io.jquant.spi.ConvolutionKernel;
import io.jquant.spi.EngineBackend;
import io.jquant.spi.EngineConfiguration;
import io.jquant.spi.Tier;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Convolutions that machine code reads from the image itself: every width, window and number of channels' tail. A
 * module that provides such code extends this class by one that is a {@code ParameterizedClass} over its kernels.
 */
public abstract class ImageKernelSuite {
    private static final int BYTES = 1 << 21;
    private static final List<Epilogue> EPILOGUES = List.of(quantized(DataType.U8), quantized(DataType.S8),
            quantized(DataType.U8), Epilogue.floating(), quantized(DataType.U8), Epilogue.accumulators());

    private final KernelWay way;
    private EngineBackend fast;
    private EngineBackend reference;
    private GuardPages x;
    private GuardPages y;
    private int step;

    protected ImageKernelSuite(KernelWay way) {
        this.way = way;
    }

    private static Epilogue quantized(DataType type) {
        return Epilogue.quantized(QuantizationParameters.perTensor(type, 20, type == DataType.U8 ? 100 : -7));
    }

    @BeforeEach
    void open() {
        way.assumeUsable();
        assumeTrue(GuardPages.AVAILABLE, "no mmap here");
        fast = way.open(1, null);
        reference = new ReferenceBackend(way.numerics(), new EngineConfiguration(
                new Candidate(Tier.SCALAR, Isa.SCALAR, new Candidate.Usable()), CpuInfo.current(), 1, null));
    }

    @AfterEach
    void close() {
        if (fast != null) {
            fast.close();
            reference.close();
        }
    }

    private void check(Extent in, int inChannels, int outChannels, int groups, Window window) {
        Samples samples = new Samples(++step);
        DataType type = step % 5 == 0 ? DataType.S8 : DataType.U8;
        QuantizationParameters input = QuantizationParameters.perTensor(type, 0.5f, samples.zeroPoint(type));
        // now and then zero points beyond 8 bits' reach
        QuantizationParameters weight = step % 7 == 0 ? QuantizationParameters.perTensor(DataType.U8, 0.25f, 3)
                : QuantizationParameters.perTensor(DataType.S8, 0.25f, 0);
        ConvolutionSpec spec = ConvolutionSpec.of(inChannels, outChannels, groups, window, input, weight,
                EPILOGUES.get(step % EPILOGUES.size()));
        long pixels = spec.outputExtent(in).volume();
        long outBytes = spec.epilogue().type().bytes(pixels * outChannels);
        MemorySegment pixelsIn = x.of(in.volume() * inChannels).copyFrom(samples.bytes(in.volume() * inChannels));
        MemorySegment mine = y.of(outBytes);
        MemorySegment theirs = MemorySegment.ofArray(new byte[(int) outBytes]);
        MemorySegment weights = samples.bytes(spec.weights());
        if (step % 3 == 0) {
            halvePanels(weights, spec.weights() / outChannels);
        }
        Bias bias = samples.bias(outChannels, 0.5f);
        try (ConvolutionKernel kernel = fast.convolution(spec, weights, bias);
                ConvolutionKernel definition = reference.convolution(spec, weights, bias)) {
            kernel.run(1, in, pixelsIn, inChannels, mine, outChannels, null, 0);
            definition.run(1, in, pixelsIn, inChannels, theirs, outChannels, null, 0);
            assertEquals(-1, mine.mismatch(theirs), () -> way + ", input " + in + ", " + spec);
            MemorySegment back = MemorySegment.ofArray(new byte[(int) weights.byteSize()]);
            kernel.unpack(back);
            assertEquals(-1, back.mismatch(weights), () -> "weights of " + spec);
        }
    }

    /** Makes weights of every other panel of 16 columns small enough for sums of 16 bits. */
    private void halvePanels(MemorySegment weights, long columnBytes) {
        for (long i = 0; i < weights.byteSize(); i++) {
            if (i / columnBytes / 16 % 2 == step % 2) {
                weights.set(JAVA_BYTE, i, (byte) (weights.get(JAVA_BYTE, i) >> 1));
            }
        }
    }

    private void atBothEnds(Runnable cases) {
        for (boolean atEnd : new boolean[] {true, false}) {
            try (GuardPages input = new GuardPages(BYTES, atEnd); GuardPages output = new GuardPages(BYTES, atEnd)) {
                x = input;
                y = output;
                cases.run();
            }
        }
    }

    private static Window window(int height, int width, int stepDown, int stepAcross) {
        return Window.of(Extent.of(height, width)).withStride(Extent.of(stepDown, stepAcross))
                .withPadding(Extent.padding(height / 2, width / 2));
    }

    @Test
    void depthwiseOfEveryWindow() {
        atBothEnds(() -> {
            for (int height = 1; height <= 8; height++) {
                for (int width = 1; width <= 8; width++) {
                    for (int stride = 1; stride <= 3; stride++) {
                        int channels = 1 + (step * 11) % 70;
                        check(Extent.of(8, 8 + step % 6), channels, channels, channels,
                                window(height, width, 1 + step % 2, stride));
                    }
                }
            }
        });
    }

    @Test
    void depthwiseOfEveryNumberOfChannels() {
        atBothEnds(() -> {
            for (int channels = 2; channels <= 130; channels++) {
                check(Extent.of(4, 5), channels, channels, channels, window(3, 3, 1, 1 + channels % 2));
                check(Extent.of(5, 7), channels, channels, channels,
                        window(3, 2, 1, 1).withDilation(Extent.of(2, 1 + channels % 2)));
            }
        });
    }

    /** Few channels: several pixels at a time, the last ones of a row on their own. */
    @Test
    void depthwiseOfFewChannels() {
        atBothEnds(() -> {
            for (int channels = 16; channels <= 32; channels += 16) {
                for (int width = 1; width <= 11; width++) {
                    check(Extent.of(4, width), channels, channels, channels, window(3, 3, 1, 1));
                    check(Extent.of(5, width + 4), channels, channels, channels,
                            Window.of(Extent.of(4, 1 + width % 5)));
                }
            }
        });
    }

    @Test
    void imagesOfEveryWidth() {
        atBothEnds(() -> {
            for (int width = 1; width <= 70; width++) {
                for (int stride = 1; stride <= 2; stride++) {
                    int inChannels = 1 + width % 9;
                    int outChannels = 1 + step * 7 % 50;
                    check(Extent.of(5, width), inChannels, outChannels, 1, window(3, 1 + width % 4, 1, stride));
                    check(Extent.of(6, width + 6), 4 * inChannels, outChannels, 1,
                            window(2, 3, 1, stride).withDilation(Extent.of(2, 2)));
                }
            }
        });
    }

    /** Pieces of the depth that are one step of a kernel, and many, with every kind of tail. */
    @Test
    void imagesOfEveryDepth() {
        atBothEnds(() -> {
            for (int inChannels = 1; inChannels <= 420; inChannels += 1 + inChannels / 8) {
                int outChannels = 1 + step * 7 % 70;
                check(Extent.of(5, 7 + step % 30), inChannels, outChannels, 1, window(3, 3, 1, 1));
                check(Extent.of(4, 9 + step % 60), inChannels, outChannels, 1, window(2, 1, 1, 1 + step % 2));
            }
        });
    }

    @Test
    void volumesAndManyLines() {
        atBothEnds(() -> {
            check(new Extent(4, 5, 9), 3, 7, 1, Window.of(new Extent(2, 3, 3)));
            check(new Extent(3, 4, 12), 8, 33, 1, Window.of(new Extent(3, 2, 3)).withStride(new Extent(1, 2, 1)));
            check(new Extent(3, 4, 9), 6, 6, 6, Window.of(new Extent(2, 2, 3)));
            check(Extent.of(120, 30), 32, 70, 1, window(3, 3, 1, 1));
            check(Extent.of(60, 60), 40, 40, 40, window(3, 3, 1, 1));
        });
    }
}
