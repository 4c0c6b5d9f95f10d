// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.Bias;
import io.jquant.ConvolutionSpec;
import io.jquant.DataType;
import io.jquant.EngineOptions;
import io.jquant.Epilogue;
import io.jquant.Extent;
import io.jquant.PackedConvolution;
import io.jquant.QuantizationParameters;
import io.jquant.Window;
import io.jquant.spi.ConvolutionKernel;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Convolutions of one to three dimensions, plain, grouped, depthwise, dilated, transposed. */
public abstract class ConvolutionCases extends EngineCases {
    private static final QuantizationParameters ONE = QuantizationParameters.perTensor(DataType.S8, 1, 0);

    protected ConvolutionCases(EngineOptions options) {
        super(options);
    }

    /** How the channels of a random convolution are grouped. */
    enum Grouping {
        NONE, GROUPS, DEPTHWISE, MULTIPLIER
    }

    @Test
    void computesByHand() {
        // 2x2 over 1..9 with a padding of 1 at the end: sums of 1*a + 10*b + 100*c + 1000*d
        ConvolutionSpec spec = ConvolutionSpec.of(1, 1, 1,
                Window.of(Extent.of(2, 2)).withPadding(Extent.ZERO, Extent.padding(1, 1)), ONE, ONE,
                Epilogue.accumulators());
        int[] output = new int[9];
        try (PackedConvolution convolution = engine().convolution(spec,
                MemorySegment.ofArray(new byte[] {1, 10, 100, 120}), Bias.none())) {
            convolution.run(1, Extent.of(3, 3), MemorySegment.ofArray(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9}),
                    MemorySegment.ofArray(output));
        }
        assertArrayEquals(new int[] {21 + 400 + 600, 32 + 500 + 720, 3 + 600, 54 + 700 + 960, 65 + 800 + 1080,
            6 + 900, 87, 98, 9}, output);
    }

    @Test
    void transposesByHand() {
        // each input spreads (1, 10, 100) over three outputs, two apart
        ConvolutionSpec spec = new ConvolutionSpec(1, 1, 1, Window.of(Extent.of(3)).withStride(Extent.of(2)), true,
                Extent.ZERO, ONE, ONE, Epilogue.accumulators());
        int[] output = new int[7];
        try (PackedConvolution convolution = engine().convolution(spec, MemorySegment.ofArray(new byte[] {1, 10, 100}),
                Bias.none())) {
            convolution.run(1, Extent.of(3), MemorySegment.ofArray(new byte[] {1, 2, 3}),
                    MemorySegment.ofArray(output));
        }
        assertArrayEquals(new int[] {1, 10, 102, 20, 203, 30, 300}, output);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 255})
    void padsWithTheZeroPoint(int zeroPoint) {
        QuantizationParameters input = QuantizationParameters.perTensor(DataType.U8, 1, zeroPoint);
        ConvolutionSpec spec = ConvolutionSpec.of(2, 1, 1,
                Window.of(Extent.of(3, 3)).withPadding(Extent.padding(2, 2)), input,
                QuantizationParameters.perTensor(DataType.U8, 1, 3), Epilogue.accumulators());
        byte[] pixels = new byte[2 * 2 * 2];
        Arrays.fill(pixels, (byte) zeroPoint);
        int[] output = new int[16];
        try (PackedConvolution convolution = engine().convolution(spec, new Samples(1).bytes(18), Bias.none())) {
            convolution.run(1, Extent.of(2, 2), MemorySegment.ofArray(pixels), MemorySegment.ofArray(output));
        }
        assertArrayEquals(new int[16], output);
    }

    @ParameterizedTest
    @EnumSource
    void equalsBruteForce(Grouping grouping) {
        for (long seed = 0; seed < 30; seed++) {
            check(new Samples(seed), grouping, 1 + (int) seed % 3, false, "seed " + seed);
        }
    }

    @ParameterizedTest
    @EnumSource
    void transposedEqualsBruteForce(Grouping grouping) {
        for (long seed = 100; seed < 118; seed++) {
            check(new Samples(seed), grouping, 1 + (int) seed % 3, true, "seed " + seed);
        }
    }

    /** Images whose pixels have other bytes between them, under windows of several taps, give the same sums. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 15, 64})
    void takesPixelsThatLieApart(int gap) {
        int channels = 9;
        Extent line = Extent.of(9);
        ConvolutionSpec spec = ConvolutionSpec.of(channels, 44, 1, Window.of(Extent.of(4)),
                QuantizationParameters.perTensor(DataType.U8, 0.05f, 1), ONE, Epilogue.accumulators());
        Samples samples = new Samples(gap);
        long pixels = 2 * line.volume();
        MemorySegment apart = samples.bytes(pixels * (channels + gap));
        MemorySegment together = MemorySegment.ofArray(new byte[Math.toIntExact(pixels * channels)]);
        for (long pixel = 0; pixel < pixels; pixel++) {
            MemorySegment.copy(apart, pixel * (channels + gap), together, pixel * channels, channels);
        }
        try (PackedConvolution convolution = engine().convolution(spec, samples.bytes(spec.weights()), Bias.none())) {
            assertArrayEquals(sums(convolution, line, together, channels),
                    sums(convolution, line, apart, channels + gap), () -> "gap " + gap);
        }
    }

    private static int[] sums(PackedConvolution convolution, Extent line, MemorySegment pixels, long stride) {
        int outputs = convolution.spec().outChannels();
        int[] sums = new int[Math.toIntExact(2 * convolution.spec().outputExtent(line).volume() * outputs)];
        convolution.run(2, line, pixels, stride, MemorySegment.ofArray(sums), outputs, null, 0);
        return sums;
    }

    private static Extent extent(Samples samples, int dimensions, int least, int most) {
        int span = most - least + 1;
        return new Extent(dimensions > 2 ? least + samples.random().nextInt(span) : Math.min(least, 1),
                dimensions > 1 ? least + samples.random().nextInt(span) : Math.min(least, 1),
                least + samples.random().nextInt(span));
    }

    private static ConvolutionSpec spec(Samples samples, Grouping grouping, int dimensions, boolean transposed) {
        int groups = grouping == Grouping.NONE ? 1 : samples.upTo(grouping == Grouping.GROUPS ? 3 : 20);
        int inChannels = groups * (grouping == Grouping.NONE || grouping == Grouping.GROUPS ? samples.upTo(9) : 1);
        int outChannels = groups * (grouping == Grouping.DEPTHWISE ? 1 : samples.upTo(9));
        Extent stride = extent(samples, dimensions, 1, 2);
        Window window = new Window(extent(samples, dimensions, 1, 3), stride, extent(samples, dimensions, 1, 2),
                extent(samples, dimensions, 0, 1), extent(samples, dimensions, 0, 2));
        Extent outputPadding = transposed
                ? new Extent(stride.depth() - 1, stride.height() - 1, stride.width() - 1) : Extent.ZERO;
        QuantizationParameters input = samples.perTensor();
        int terms = inChannels / groups * (int) window.kernel().volume();
        return new ConvolutionSpec(inChannels, outChannels, groups, window, transposed, outputPadding, input,
                samples.weight(outChannels, transposed ? 1 : 0),
                samples.epilogue(input.scale() * 0.06 * 80 * 80 * Math.sqrt(terms), true));
    }

    private void check(Samples samples, Grouping grouping, int dimensions, boolean transposed, String message) {
        ConvolutionSpec spec = spec(samples, grouping, dimensions, transposed);
        Extent in = extent(samples, dimensions, 5, 7);
        Extent size = spec.outputExtent(in);
        int batch = samples.upTo(2);
        int inputStride = spec.inChannels() + samples.random().nextInt(2) * 3;
        long outputStride = spec.outChannels() + samples.random().nextInt(2) * 2L;
        long pixels = batch * size.volume();
        MemorySegment weights = samples.bytes(spec.weights());
        Bias bias = samples.bias(spec.outChannels(), 1);
        MemorySegment x = samples.bytes((batch * in.volume() - 1) * inputStride + spec.inChannels());
        MemorySegment addend = spec.epilogue().addend() == null ? null : samples.bytes(pixels * spec.outChannels());
        DataType type = spec.epilogue().type();
        Guarded output = new Guarded(samples.random(),
                type.bytes((pixels - 1) * outputStride + spec.outChannels()));
        try (PackedConvolution convolution = engine().convolution(spec, weights, bias)) {
            convolution.run(batch, in, x, inputStride, output.segment(), outputStride, addend, spec.outChannels());
        }
        output.assertUntouched(type.bytes(spec.outChannels()), type.bytes(outputStride), message);
        long[] sums = new ConvolutionSums(spec, in, x, inputStride, weights).of(batch);
        for (int i = 0; i < sums.length; i++) {
            int channel = i % spec.outChannels();
            long added = addend == null ? 0 : BruteForce.distance(spec.epilogue().addend(), 0, addend, i);
            long at = i / spec.outChannels() * outputStride + channel;
            int element = i;
            assertEquals(BruteForce.element(engine().numerics(), spec.input(), spec.weight(), channel,
                    spec.epilogue(), bias, sums[i], added), BruteForce.stored(type, output.segment(), at),
                    () -> message + ", element " + element + ", " + spec + ", input " + in);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void givesTheWeightsBack(boolean transposed) {
        for (Grouping grouping : Grouping.values()) {
            Samples samples = new Samples(9);
            ConvolutionSpec spec = spec(samples, grouping, 3, transposed);
            MemorySegment weights = samples.bytes(spec.weights());
            MemorySegment back = MemorySegment.ofArray(new byte[Math.toIntExact(spec.weights())]);
            try (var backend = openBackend();
                    ConvolutionKernel kernel = backend.convolution(spec, weights, Bias.none())) {
                kernel.unpack(back);
            }
            assertEquals(-1, weights.mismatch(back), grouping + ", " + spec);
        }
    }
}
