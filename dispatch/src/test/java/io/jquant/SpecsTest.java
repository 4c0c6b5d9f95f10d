// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import static io.jquant.Specs.S32;
import static io.jquant.Specs.S8;
import static io.jquant.Specs.TO_F32;
import static io.jquant.Specs.TO_U8;
import static io.jquant.Specs.U8;
import static io.jquant.Specs.channels;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the specifications of operators refuse. */
class SpecsTest {
    private static final QuantizationParameters S4 = QuantizationParameters.perTensor(DataType.S4, 1, 0);
    private static final QuantizationParameters TWO = channels(2, 0);
    private static final Window POINT = Window.of(Extent.ONE);
    private static final String TWO_TEXT = "S8(2 channels on axis 0)";
    private static final String EXACT = ": must be at most 33025, so that int32 sums are exact";

    private static LinearSpec linear(int in, int out, QuantizationParameters input, QuantizationParameters weight) {
        return new LinearSpec(in, out, input, weight, TO_U8);
    }

    private static ConvolutionSpec convolution(int in, int out, int groups) {
        return ConvolutionSpec.of(in, out, groups, POINT, U8, S8, TO_U8);
    }

    private static ConvolutionSpec transposed(Window window, Extent outputPadding, QuantizationParameters weight) {
        return new ConvolutionSpec(2, 2, 1, window, true, outputPadding, U8, weight, TO_U8);
    }

    private static RecurrentSpec cell(RecurrentSpec.Cell cell, int input, int hidden, QuantizationParameters weight) {
        return new RecurrentSpec(cell, input, hidden, weight, S8, false);
    }

    static Stream<Refusal> linears() {
        return Stream.of(
                Refusal.of("inFeatures = 0: must be above 0", () -> linear(0, 1, U8, S8)),
                Refusal.of("outFeatures = -1: must be above 0", () -> linear(1, -1, U8, S8)),
                Refusal.of("inFeatures = 33026" + EXACT, () -> linear(33_026, 1, U8, S8)),
                Refusal.of("input = null: must be given", () -> linear(1, 1, null, S8)),
                Refusal.of("input = S32(scale 0.125, zeroPoint 0): must be of type U8 or S8",
                        () -> linear(1, 1, S32, S8)),
                Refusal.of("input = " + TWO_TEXT + ": must be per tensor", () -> linear(1, 1, TWO, S8)),
                Refusal.of("weight = null: must be given", () -> linear(1, 1, U8, null)),
                Refusal.of("weight = S4(scale 1.0, zeroPoint 0): must be of type U8 or S8",
                        () -> linear(1, 1, U8, S4)),
                Refusal.of("weight = S8(2 channels on axis 1): must be per channel on axis 0",
                        () -> linear(1, 2, U8, channels(2, 1))),
                Refusal.of("weight.channels = 2: must be the output's channels, 3", () -> linear(1, 3, U8, TWO)),
                Refusal.of("epilogue = null: must be given", () -> new LinearSpec(1, 1, U8, S8, null)),
                Refusal.of("activation = null: must be given",
                        () -> new DynamicLinearSpec(1, 1, S8, null, false, false)),
                Refusal.of("inFeatures = 0: must be above 0",
                        () -> new DynamicLinearSpec(0, 1, S8, Activation.NONE, false, false)),
                Refusal.of("weight.channels = 2: must be the output's channels, 1",
                        () -> new DynamicLinearSpec(1, 1, TWO, Activation.NONE, false, false)),
                Refusal.of("inFeatures = 0: must be above 0", () -> grouped(0, 1, 32)),
                Refusal.of("inFeatures = 268435457: must be at most 268435456", () -> grouped((1 << 28) + 1, 1, 32)),
                Refusal.of("outFeatures = 0: must be above 0", () -> grouped(1, 0, 32)),
                Refusal.of("groupSize = 48: must be 16, 32, 64, 128 or 256", () -> grouped(1, 1, 48)),
                Refusal.of("groupSize = 512: must be 16, 32, 64, 128 or 256", () -> grouped(1, 1, 512)),
                Refusal.of("activation = null: must be given", () -> new GroupedLinearSpec(1, 1, 32, true, null)),
                Refusal.of("left = null: must be given", () -> new MatmulSpec(null, U8, TO_F32)),
                Refusal.of("right = " + TWO_TEXT + ": must be per tensor", () -> new MatmulSpec(U8, TWO, TO_F32)),
                Refusal.of("epilogue = null: must be given", () -> new MatmulSpec(U8, U8, null)),
                Refusal.of("epilogue.addend = S8(scale 0.25, zeroPoint -3): must be null",
                        () -> new MatmulSpec(U8, U8, TO_U8.withAddend(S8))));
    }

    private static GroupedLinearSpec grouped(int inFeatures, int outFeatures, int groupSize) {
        return new GroupedLinearSpec(inFeatures, outFeatures, groupSize, false, Activation.NONE);
    }

    static Stream<Refusal> convolutions() {
        Window two = POINT.withStride(Extent.of(2, 2));
        return Stream.of(
                Refusal.of("inChannels = 0: must be above 0", () -> convolution(0, 1, 1)),
                Refusal.of("outChannels = 0: must be above 0", () -> convolution(1, 0, 1)),
                Refusal.of("groups = 0: must be above 0", () -> convolution(1, 1, 0)),
                Refusal.of("inChannels = 3: must be a multiple of groups, 2", () -> convolution(3, 2, 2)),
                Refusal.of("outChannels = 3: must be a multiple of groups, 2", () -> convolution(2, 3, 2)),
                Refusal.of("window = null: must be given",
                        () -> ConvolutionSpec.of(1, 1, 1, null, U8, S8, TO_U8)),
                Refusal.of("input = null: must be given",
                        () -> ConvolutionSpec.of(1, 1, 1, POINT, null, S8, TO_U8)),
                Refusal.of("epilogue = null: must be given",
                        () -> ConvolutionSpec.of(1, 1, 1, POINT, U8, S8, null)),
                Refusal.of("weight.channels = 2: must be the output's channels, 4",
                        () -> ConvolutionSpec.of(1, 4, 1, POINT, U8, TWO, TO_U8)),
                Refusal.of("inChannels / groups * kernel = 33028" + EXACT,
                        () -> ConvolutionSpec.of(16_514, 2, 1, Window.of(Extent.of(1, 2)), U8, S8, TO_U8)),
                Refusal.of("outputPadding = null: must be given", () -> transposed(two, null, S8)),
                Refusal.of("outputPadding = 0x-1x0: must be at least 0 each",
                        () -> transposed(two, Extent.padding(-1, 0), S8)),
                Refusal.of("outputPadding = 0x2x0: must be below the stride or the dilation",
                        () -> transposed(two, Extent.padding(2, 0), S8)),
                Refusal.of("outputPadding = 0x1x0: must be zero where the convolution is not transposed",
                        () -> new ConvolutionSpec(2, 2, 1, two, false, Extent.padding(1, 0), U8, S8, TO_U8)),
                Refusal.of("weight = " + TWO_TEXT + ": must be per channel on axis 1",
                        () -> transposed(two, Extent.ZERO, TWO)));
    }

    static Stream<Refusal> others() {
        ImmutableFloats three = new ImmutableFloats(1, 2, 3);
        return Stream.of(
                Refusal.of("function = null: must be given", () -> new UnarySpec(null, U8, U8)),
                Refusal.of("input = " + TWO_TEXT + ": must be per tensor",
                        () -> new UnarySpec(new UnaryFunction.Tanh(), TWO, U8)),
                Refusal.of("output = null: must be given", () -> new UnarySpec(new UnaryFunction.Tanh(), U8, null)),
                Refusal.of("bounds = null: must be given", () -> new UnaryFunction.Clamp(null)),
                Refusal.of("slope = NaN: must be finite", () -> new UnaryFunction.LeakyRelu(Float.NaN)),
                Refusal.of("alpha = Infinity: must be finite",
                        () -> new UnaryFunction.Elu(Float.POSITIVE_INFINITY, 1, 1)),
                Refusal.of("scale = NaN: must be finite", () -> new UnaryFunction.Elu(1, Float.NaN, 1)),
                Refusal.of("inputScale = NaN: must be finite", () -> new UnaryFunction.Elu(1, 1, Float.NaN)),
                Refusal.of("function = null: must be given",
                        () -> new BinarySpec(null, Activation.NONE, U8, U8, U8)),
                Refusal.of("activation = null: must be given",
                        () -> new BinarySpec(BinarySpec.Function.ADD, null, U8, U8, U8)),
                Refusal.of("right = null: must be given",
                        () -> new BinarySpec(BinarySpec.Function.ADD, Activation.NONE, U8, null, U8)),
                Refusal.of("inputs = null: must be given", () -> new ConcatSpec(null, U8)),
                Refusal.of("inputs.size = 0: must be above 0", () -> new ConcatSpec(List.of(), U8)),
                Refusal.of("inputs[1] = null: must be given", () -> new ConcatSpec(Arrays.asList(U8, null), U8)),
                Refusal.of("from and to = null: must be given, at least one of them",
                        () -> new ConversionSpec(null, null)),
                Refusal.of("from = S4(scale 1.0, zeroPoint 0): must be of type U8, S8 or S32",
                        () -> new ConversionSpec(S4, U8)),
                Refusal.of("to = S8(3 channels on axis 0): must be of the channels of from, " + TWO_TEXT,
                        () -> new ConversionSpec(TWO, channels(3, 0))),
                Refusal.of("to = S8(2 channels on axis 1): must be of the channels of from, " + TWO_TEXT,
                        () -> new ConversionSpec(TWO, channels(2, 1))),
                Refusal.of("bits = 2: must be 8 or 4", () -> new EmbeddingBagSpec(2, 1, 1, false)),
                Refusal.of("rows = 0: must be at least 1", () -> new EmbeddingBagSpec(8, 0, 1, false)),
                Refusal.of("dimension = 0: must be above 0", () -> new EmbeddingBagSpec(8, 1, 0, false)),
                Refusal.of("table = 9223372036854775807 * 9: must be below 2^63",
                        () -> new EmbeddingBagSpec(8, Long.MAX_VALUE, 1, false).weightBytes()),
                Refusal.of("size = 0: must be above 0", () -> new SoftmaxSpec(0, U8, U8)),
                Refusal.of("size = 0: must be above 0", () -> new LayerNormSpec(0, 0, null, null, U8, U8)),
                Refusal.of("epsilon = -1.0: must be finite and 0 or more",
                        () -> new LayerNormSpec(3, -1, null, null, U8, U8)),
                Refusal.of("epsilon = NaN: must be finite and 0 or more",
                        () -> new LayerNormSpec(3, Float.NaN, null, null, U8, U8)),
                Refusal.of("gamma.length = 3: must be size, 4", () -> new LayerNormSpec(4, 0, three, null, U8, U8)),
                Refusal.of("beta.length = 3: must be size, 4", () -> new LayerNormSpec(4, 0, null, three, U8, U8)),
                Refusal.of("beta[0] = NaN: must be finite",
                        () -> new LayerNormSpec(1, 0, null, new ImmutableFloats(Float.NaN), U8, U8)),
                Refusal.of("cell = null: must be given", () -> cell(null, 1, 1, S8)),
                Refusal.of("inputSize = 0: must be above 0", () -> cell(RecurrentSpec.Cell.GRU, 0, 1, S8)),
                Refusal.of("hiddenSize = 33026" + EXACT, () -> cell(RecurrentSpec.Cell.GRU, 1, 33_026, S8)),
                Refusal.of("weight.channels = 2: must be the output's channels, 4",
                        () -> cell(RecurrentSpec.Cell.LSTM, 1, 1, TWO)),
                Refusal.of("type = F32: must be U8 or S8", () -> ParameterChoice.affine(DataType.F32)),
                Refusal.of("type = null: must be U8 or S8", () -> ParameterChoice.affine(null)),
                Refusal.of("bias = null: must be given", () -> new Bias.Real(null)),
                Refusal.of("bias = null: must be given", () -> new Bias.Quantized(null)),
                Refusal.of("bias[1] = NaN: must be finite", () -> Bias.of(1, Float.NaN)),
                Refusal.of("bias[0] = -Infinity: must be finite",
                        () -> new Bias.Real(new ImmutableFloats(Float.NEGATIVE_INFINITY))),
                Refusal.of("bias.length = 2: must be outChannels, 3", () -> Bias.of(1, 2).requireChannels(3)));
    }

    static Stream<Refusal> spatial() {
        Window padded = Window.of(Extent.of(3, 3)).withPadding(Extent.padding(0, 3));
        Pooling.Max max = new Pooling.Max(POINT, false);
        return Stream.of(
                Refusal.of("window = null: must be given", () -> new Pooling.Max(null, false)),
                Refusal.of("padding on axis 2 = 3: must be below the window's reach, 3",
                        () -> new Pooling.Max(padded, false)),
                Refusal.of("padding on axis 2 = 3: must be below the window's reach, 3",
                        () -> new Pooling.Average(padded, false, true, 0)),
                Refusal.of("dilation = 1x1x2: must be 1 each",
                        () -> new Pooling.Average(POINT.withDilation(Extent.of(2)), false, true, 0)),
                Refusal.of("divisorOverride = -1: must be 0 or more",
                        () -> new Pooling.Average(POINT, false, true, -1)),
                Refusal.of("output = 1x0x1: must be at least 1 each",
                        () -> new Pooling.AdaptiveAverage(Extent.of(0, 1))),
                Refusal.of("output = null: must be given", () -> new Pooling.AdaptiveMax(null)),
                Refusal.of("pooling = null: must be given", () -> new PoolingSpec(null, 1, U8, U8)),
                Refusal.of("channels = 0: must be above 0", () -> new PoolingSpec(max, 0, U8, U8)),
                Refusal.of("output = S8(scale 0.25, zeroPoint -3): must be of the input's type, U8",
                        () -> new PoolingSpec(max, 1, U8, S8)),
                Refusal.of("output = U8(scale 1.0, zeroPoint 0): must be the input's parameters, "
                        + "U8(scale 0.5, zeroPoint 128)",
                        () -> new PoolingSpec(max, 1, U8, QuantizationParameters.perTensor(DataType.U8, 1, 0))),
                Refusal.of("mode = null: must be given", () -> new ResizeSpec(null, false, Extent.ONE, 1, U8)),
                Refusal.of("output.depth = 2: must be 1 for bilinear",
                        () -> new ResizeSpec(ResizeSpec.Mode.BILINEAR, false, new Extent(2, 1, 1), 1, U8)),
                Refusal.of("alignCorners = true: must be false for nearest",
                        () -> new ResizeSpec(ResizeSpec.Mode.NEAREST, true, Extent.ONE, 1, U8)),
                Refusal.of("channels = 0: must be above 0",
                        () -> new ResizeSpec(ResizeSpec.Mode.NEAREST, false, Extent.ONE, 0, U8)),
                Refusal.of("input extent = 2x1x1: must be of depth 1 for bilinear",
                        () -> new ResizeSpec(ResizeSpec.Mode.BILINEAR, false, Extent.ONE, 1, U8)
                                .outputExtent(new Extent(2, 1, 1))));
    }

    static Stream<Refusal> movements() {
        ImmutableInts zeros = new ImmutableInts(0, 0);
        MovementSpec pad = new MovementSpec.Pad(1, zeros, new ImmutableInts(0, 5), 0);
        MovementSpec swap = new MovementSpec.Transpose(1, new ImmutableInts(1, 0));
        return Stream.of(
                Refusal.of("elementBytes = 3: must be 1, 2, 4 or 8", () -> new MovementSpec.ChannelShuffle(3, 1)),
                Refusal.of("groups = 0: must be above 0", () -> new MovementSpec.ChannelShuffle(1, 0)),
                Refusal.of("begin = null: must be given", () -> new MovementSpec.Pad(1, null, zeros, 0)),
                Refusal.of("end.length = 2: must be begin's, 1",
                        () -> new MovementSpec.Pad(1, new ImmutableInts(0), zeros, 0)),
                Refusal.of("end[1] = -1: must be 0 or more",
                        () -> new MovementSpec.Pad(1, zeros, new ImmutableInts(0, -1), 0)),
                Refusal.of("permutation = [0, 0]: must be every axis once",
                        () -> new MovementSpec.Transpose(1, zeros)),
                Refusal.of("permutation = [0, 2]: must be every axis once",
                        () -> new MovementSpec.Transpose(1, new ImmutableInts(0, 2))),
                Refusal.of("input shape = null: must be given", () -> pad.outputShape((int[]) null)),
                Refusal.of("input shape[0] = -3: must be 0 or more", () -> swap.outputShape(-3, 2)),
                Refusal.of("shape.length = 1: must be the padding's, 2", () -> pad.outputShape(1)),
                Refusal.of("shape.length = 3: must be the permutation's, 2", () -> swap.outputShape(1, 2, 3)),
                Refusal.of("padded shape[1] = 2147483651: must be below 2^31",
                        () -> pad.outputShape(1, Integer.MAX_VALUE - 1)),
                Refusal.of("channels = 5: must be a multiple of groups, 2",
                        () -> new MovementSpec.ChannelShuffle(1, 2).outputShape(3, 5)),
                Refusal.of("shape.length = 0: must be above 0",
                        () -> new MovementSpec.ChannelShuffle(1, 2).outputShape()));
    }

    @ParameterizedTest
    @MethodSource({"linears", "convolutions", "others", "spatial", "movements"})
    void refuses(Refusal refusal) {
        refusal.check();
    }
}
