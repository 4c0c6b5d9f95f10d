// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import static io.jquant.Specs.S8;
import static io.jquant.Specs.TO_F32;
import static io.jquant.Specs.TO_U8;
import static io.jquant.Specs.U8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jquant.spi.EngineBackend;
import io.jquant.spi.Numerics;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What engines refuse to prepare and operators refuse to run. */
class EngineTest {
    private static final Engine ENGINE = StubBackend.engine();
    private static final long MAX = Long.MAX_VALUE;

    private static MemorySegment bytes(int number) {
        return MemorySegment.ofArray(new byte[number]);
    }

    private static MemorySegment longs(long... values) {
        return MemorySegment.ofArray(values);
    }

    private static PackedLinear linear() {
        return ENGINE.linear(Specs.linear(3, 2), bytes(6), Bias.none());
    }

    private static PackedLinear adding() {
        return ENGINE.linear(new LinearSpec(3, 2, U8, S8, TO_U8.withAddend(S8)), bytes(6), Bias.none());
    }

    private static PackedConvolution convolution() {
        return ENGINE.convolution(ConvolutionSpec.of(3, 2, 1, Window.of(Extent.of(2, 2)), U8, S8, TO_F32), bytes(24),
                Bias.none());
    }

    static Stream<Refusal> preparing() {
        RecurrentSpec cell = Specs.cell(RecurrentSpec.Cell.GRU, 2, 1);
        DynamicLinearSpec dynamic = Specs.dynamicLinear(3, 2);
        GroupedLinearSpec grouped = new GroupedLinearSpec(24, 2, 16, true, Activation.NONE);
        Bias integers = Bias.of(1, 2);
        ParameterChoice choice = ParameterChoice.affine(DataType.U8);
        return Stream.of(
                Refusal.of("spec = null: must be given", () -> ENGINE.linear(null, bytes(6), Bias.none())),
                Refusal.of("weights = null: must be given",
                        () -> ENGINE.linear(Specs.linear(3, 2), null, Bias.none())),
                Refusal.of("weights = 5 bytes: must be at least 6 bytes",
                        () -> ENGINE.linear(Specs.linear(3, 2), bytes(5), Bias.none())),
                Refusal.of("bias = null: must be given", () -> ENGINE.linear(Specs.linear(3, 2), bytes(6), null)),
                Refusal.of("bias.length = 3: must be outChannels, 2",
                        () -> ENGINE.linear(Specs.linear(3, 2), bytes(6), Bias.of(1, 2, 3))),
                Refusal.of("weights = 5 bytes: must be at least 6 bytes",
                        () -> ENGINE.dynamicLinear(dynamic, bytes(5), Bias.none())),
                Refusal.of("bias = integers: must be none or real",
                        () -> ENGINE.dynamicLinear(dynamic, bytes(6), integers)),
                Refusal.of("bias.length = 1: must be outChannels, 2",
                        () -> ENGINE.dynamicLinear(dynamic, bytes(6), Bias.of(1f))),
                Refusal.of("weights = 49 bytes: must be at least 50 bytes",
                        () -> ENGINE.groupedLinear(grouped, bytes(49), Bias.none())),
                Refusal.of("bias = integers: must be none or real",
                        () -> ENGINE.groupedLinear(grouped, bytes(50), integers)),
                Refusal.of("weights = 35 bytes: must be at least 36 bytes",
                        () -> ENGINE.convolution(Specs.convolution(2, 3, 1), bytes(35), Bias.none())),
                Refusal.of("bias.length = 2: must be outChannels, 3",
                        () -> ENGINE.convolution(Specs.convolution(2, 3, 1), bytes(36), integers)),
                Refusal.of("inputWeights = 5 bytes: must be at least 6 bytes",
                        () -> ENGINE.recurrentCell(cell, bytes(5), bytes(3), Bias.none(), Bias.none())),
                Refusal.of("hiddenWeights = 2 bytes: must be at least 3 bytes",
                        () -> ENGINE.recurrentCell(cell, bytes(6), bytes(2), Bias.none(), Bias.none())),
                Refusal.of("inputBias = integers: must be none or real",
                        () -> ENGINE.recurrentCell(cell, bytes(6), bytes(3), integers, Bias.none())),
                Refusal.of("hiddenBias = null: must be given",
                        () -> ENGINE.recurrentCell(cell, bytes(6), bytes(3), Bias.none(), null)),
                Refusal.of("table = 47 bytes: must be at least 48 bytes",
                        () -> ENGINE.embeddingBag(new EmbeddingBagSpec(8, 4, 4, false), bytes(47))),
                Refusal.of("table = 27 bytes: must be at least 28 bytes",
                        () -> ENGINE.embeddingBag(new EmbeddingBagSpec(4, 4, 5, false), bytes(27))),
                Refusal.of("spec = null: must be given", () -> ENGINE.matmul(null)),
                Refusal.of("spec = null: must be given", () -> ENGINE.movement(null)),
                Refusal.of("count = -1: must be 0 or more", () -> ENGINE.chooseParameters(-1, bytes(0), choice)),
                Refusal.of("values = 7 bytes: must be at least 8 bytes",
                        () -> ENGINE.chooseParameters(2, bytes(7), choice)),
                Refusal.of("choice = null: must be given", () -> ENGINE.chooseParameters(2, bytes(8), null)),
                Refusal.of("values = -Infinity to 0.0: must be finite",
                        () -> ENGINE.chooseParameters(1,
                                MemorySegment.ofArray(new float[] {Float.NEGATIVE_INFINITY}), choice)),
                Refusal.of("min = NaN: must be finite", () -> ENGINE.chooseParameters(Float.NaN, 1, choice)),
                Refusal.of("max = 0.0: must be finite and at least min, 1.0",
                        () -> ENGINE.chooseParameters(1, 0, choice)),
                Refusal.of("options = null: must be given", () -> Engine.open(null)),
                Refusal.of("file = null: must be given", () -> ENGINE.load((Path) null)),
                Refusal.of("stream = null: must be given", () -> ENGINE.load((InputStream) null)));
    }

    static Stream<Refusal> matrices() {
        MemorySegment shared = bytes(100);
        return Stream.of(
                Refusal.of("rows = -1: must be 0 or more", () -> linear().run(-1, bytes(9), bytes(9))),
                Refusal.of("input = 5 bytes: must be at least 6 bytes", () -> linear().run(2, bytes(5), bytes(4))),
                Refusal.of("output = 3 bytes: must be at least 4 bytes", () -> linear().run(2, bytes(6), bytes(3))),
                Refusal.of("output = null: must be given", () -> linear().run(2, bytes(6), null)),
                Refusal.of("output = read-only memory: must be writable",
                        () -> linear().run(2, bytes(6), bytes(4).asReadOnly())),
                Refusal.of("output = memory that overlaps input: must be memory of its own",
                        () -> linear().run(2, shared, shared.asSlice(5))),
                Refusal.of("input stride = 2: must be at least 3, the elements of a row",
                        () -> linear().run(2, bytes(9), 2, bytes(9), 2, null, 0)),
                Refusal.of("output stride = 1: must be at least 2, the elements of a row",
                        () -> linear().run(2, bytes(9), 3, bytes(9), 1, null, 0)),
                Refusal.of("input = 9223372036854775806 * 3: must be below 2^63",
                        () -> linear().run(MAX, bytes(9), bytes(9))),
                Refusal.of("addend = given: must be null: the epilogue has none",
                        () -> linear().run(1, bytes(9), 3, bytes(9), 2, bytes(9), 2)),
                Refusal.of("addend = null: must be given: the epilogue has one",
                        () -> adding().run(1, bytes(9), bytes(9))),
                Refusal.of("addend = 6 bytes: must be at least 7 bytes",
                        () -> adding().run(2, bytes(9), 3, bytes(9), 2, bytes(6), 5)),
                Refusal.of("output = memory that overlaps addend: must be memory of its own",
                        () -> adding().run(2, bytes(9), 3, shared, 3, shared, 2)),
                Refusal.of("batch = -1: must be 0 or more",
                        () -> convolution().run(-1, Extent.of(2, 2), bytes(9), bytes(9))),
                Refusal.of("input = null: must be given", () -> convolution().run(1, null, bytes(9), bytes(9))),
                Refusal.of("input extent = 1x1x2: must be at least the window's reach, 2 on axis 1 with its padding",
                        () -> convolution().run(1, Extent.of(1, 2), bytes(9), bytes(9))),
                Refusal.of("input = 26 bytes: must be at least 27 bytes",
                        () -> convolution().run(1, Extent.of(3, 3), bytes(26), bytes(32))),
                Refusal.of("output = 31 bytes: must be at least 32 bytes",
                        () -> convolution().run(1, Extent.of(3, 3), bytes(27), bytes(31))),
                Refusal.of("input = 9223372036854775807 * 4: must be below 2^63",
                        () -> convolution().run(MAX, Extent.of(2, 2), bytes(9), bytes(9))),
                Refusal.of("shape = null: must be given",
                        () -> ENGINE.matmul(new MatmulSpec(U8, S8, TO_F32)).run(null, shared, shared, shared)),
                Refusal.of("left = 11 bytes: must be at least 12 bytes", () -> matmul(11, 20, 60)),
                Refusal.of("right = 19 bytes: must be at least 20 bytes", () -> matmul(12, 19, 60)),
                Refusal.of("output = 59 bytes: must be at least 60 bytes", () -> matmul(12, 20, 59)));
    }

    private static void matmul(int left, int right, int output) {
        ENGINE.matmul(new MatmulSpec(U8, S8, TO_F32)).run(MatrixBatch.contiguous(1, 3, 4, 5), bytes(left),
                bytes(right), bytes(output));
    }

    static Stream<Refusal> elements() {
        Unary unary = ENGINE.unary(new UnarySpec(new UnaryFunction.Gelu(), U8, S8));
        Binary binary = ENGINE.binary(new BinarySpec(BinarySpec.Function.ADD, Activation.NONE, U8, U8, U8));
        RowWise softmax = ENGINE.softmax(new SoftmaxSpec(4, U8, U8));
        Conversion channels = ENGINE.conversion(new ConversionSpec(null, Specs.channels(3, 1)));
        Conversion requantize = ENGINE.conversion(new ConversionSpec(U8, S8));
        MemorySegment shared = bytes(100);
        return Stream.of(
                Refusal.of("count = -1: must be 0 or more", () -> unary.run(-1, bytes(1), bytes(1))),
                Refusal.of("output = memory that overlaps input: must be input itself or memory of its own",
                        () -> unary.run(4, shared, shared.asSlice(1))),
                Refusal.of("output = 3 bytes: must be at least 4 bytes", () -> unary.run(4, bytes(4), bytes(3))),
                Refusal.of("right = 3 bytes: must be at least 4 bytes",
                        () -> binary.run(4, bytes(4), bytes(3), bytes(4))),
                Refusal.of("output = memory that overlaps right: must be right itself or memory of its own",
                        () -> binary.run(4, shared.asSlice(0, 4), shared.asSlice(2, 4), shared.asSlice(0, 4))),
                Refusal.of("left = 5 bytes: must be at least 6 bytes",
                        () -> binary.run(new int[] {2, 3}, bytes(5), new int[] {3}, bytes(3), bytes(6))),
                Refusal.of("output = 11 bytes: must be at least 12 bytes",
                        () -> binary.run(new int[] {4, 1}, bytes(4), new int[] {3}, bytes(3), bytes(11))),
                Refusal.of("output = memory that overlaps left: must be memory of its own",
                        () -> binary.run(new int[] {2, 3}, shared, new int[] {3}, bytes(3), shared)),
                Refusal.of("rows = -1: must be 0 or more", () -> softmax.run(-1, bytes(4), bytes(4))),
                Refusal.of("rows = 9223372036854775807 * 4: must be below 2^63",
                        () -> softmax.run(MAX, bytes(4), bytes(4))),
                Refusal.of("count = -1: must be 0 or more", () -> requantize.run(-1, bytes(1), bytes(1))),
                Refusal.of("channels = 3: must be 1; give outer and inner otherwise",
                        () -> channels.run(3, bytes(12), bytes(3))),
                Refusal.of("outer = -1: must be 0 or more", () -> channels.run(-1, 1, bytes(12), bytes(3))),
                Refusal.of("inner = -1: must be 0 or more", () -> channels.run(1, -1, bytes(12), bytes(3))),
                Refusal.of("input = 23 bytes: must be at least 24 bytes",
                        () -> channels.run(1, 2, bytes(23), bytes(6))),
                Refusal.of("input = 2305843009213693953 * 4: must be below 2^63",
                        () -> channels.run(1, 768_614_336_404_564_651L, bytes(23), bytes(6))),
                Refusal.of("output = memory that overlaps input: must be memory of its own",
                        () -> channels.run(1, 1, shared, shared)));
    }

    static Stream<Refusal> places() {
        Spatial pooling = ENGINE.pooling(
                new PoolingSpec(new Pooling.Max(Window.of(Extent.of(2, 2)), false), 3, U8, U8));
        Spatial resize = ENGINE.resize(new ResizeSpec(ResizeSpec.Mode.BILINEAR, false, Extent.of(4, 4), 1, U8));
        Movement swap = ENGINE.movement(new MovementSpec.Transpose(4, new ImmutableInts(1, 0)));
        Movement pad = ENGINE.movement(
                new MovementSpec.Pad(2, new ImmutableInts(1), new ImmutableInts(2), 0));
        return Stream.of(
                Refusal.of("batch = -1: must be 0 or more",
                        () -> pooling.run(-1, Extent.of(2, 2), bytes(12), bytes(3))),
                Refusal.of("inputExtent = null: must be given", () -> pooling.run(1, null, bytes(12), bytes(3))),
                Refusal.of("inputExtent = 0x0x0: must be at least 1 each", () -> pooling.outputExtent(Extent.ZERO)),
                Refusal.of("input = 11 bytes: must be at least 12 bytes",
                        () -> pooling.run(1, Extent.of(2, 2), bytes(11), bytes(3))),
                Refusal.of("output = 2 bytes: must be at least 3 bytes",
                        () -> pooling.run(1, Extent.of(2, 2), bytes(12), bytes(2))),
                Refusal.of("input extent = 2x1x1: must be of depth 1 for bilinear",
                        () -> resize.run(1, new Extent(2, 1, 1), bytes(2), bytes(32))),
                Refusal.of("shape = null: must be given", () -> swap.run(null, bytes(24), bytes(24))),
                Refusal.of("shape.length = 1: must be the permutation's, 2",
                        () -> swap.run(new int[] {6}, bytes(24), bytes(24))),
                Refusal.of("input = 23 bytes: must be at least 24 bytes",
                        () -> swap.run(new int[] {2, 3}, bytes(23), bytes(24))),
                Refusal.of("output = 9 bytes: must be at least 10 bytes",
                        () -> pad.run(new int[] {2}, bytes(4), bytes(9))));
    }

    static Stream<Refusal> joins() {
        Concat concat = ENGINE.concat(new ConcatSpec(List.of(U8, S8), U8));
        MemorySegment shared = bytes(100);
        List<MemorySegment> two = List.of(bytes(6), bytes(4));
        long[] columns = {3, 2};
        return Stream.of(
                Refusal.of("rows = -1: must be 0 or more", () -> concat.run(-1, columns, two, bytes(10))),
                Refusal.of("columns = null: must be given", () -> concat.run(2, null, two, bytes(10))),
                Refusal.of("segments = null: must be given", () -> concat.run(2, columns, null, bytes(10))),
                Refusal.of("columns.length = 1: must be the inputs' number, 2",
                        () -> concat.run(2, new long[1], two, bytes(10))),
                Refusal.of("segments.size = 1: must be the inputs' number, 2",
                        () -> concat.run(2, columns, two.subList(0, 1), bytes(10))),
                Refusal.of("segments[1] = null: must be given",
                        () -> concat.run(2, columns, Arrays.asList(bytes(6), null), bytes(10))),
                Refusal.of("columns[0] = -3: must be 0 or more",
                        () -> concat.run(2, new long[] {-3, 2}, two, bytes(10))),
                Refusal.of("columns = 9223372036854775807 + 2: must be below 2^63",
                        () -> concat.run(2, new long[] {MAX, 2}, two, bytes(10))),
                Refusal.of("segments[1] = 4 bytes: must be at least 6 bytes",
                        () -> concat.run(3, new long[] {2, 2}, two, bytes(12))),
                Refusal.of("output = 9 bytes: must be at least 10 bytes",
                        () -> concat.run(2, columns, two, bytes(9))),
                Refusal.of("output = null: must be given", () -> concat.run(2, columns, two, null)),
                Refusal.of("output = memory that overlaps segments[0]: must be memory of its own",
                        () -> concat.run(2, columns, List.of(shared, bytes(4)), shared)));
    }

    static Stream<Refusal> cells() {
        PackedRecurrentCell lstm = ENGINE.recurrentCell(Specs.cell(RecurrentSpec.Cell.LSTM, 2, 1), bytes(8), bytes(4),
                Bias.none(), Bias.none());
        PackedRecurrentCell gru = ENGINE.recurrentCell(Specs.cell(RecurrentSpec.Cell.GRU, 2, 1), bytes(6), bytes(3),
                Bias.none(), Bias.none());
        MemorySegment h = bytes(4);
        MemorySegment c = bytes(4);
        MemorySegment x = bytes(8);
        return Stream.of(
                Refusal.of("cell = LSTM: must be GRU, which has no memory", () -> lstm.run(1, x, h, bytes(4))),
                Refusal.of("cell = GRU: must be LSTM, which has a memory",
                        () -> gru.run(1, x, h, c, bytes(4), bytes(4))),
                Refusal.of("batch = -1: must be 0 or more", () -> gru.run(-1, x, h, bytes(4))),
                Refusal.of("input = 8 bytes: must be at least 16 bytes", () -> gru.run(2, x, h, bytes(4))),
                Refusal.of("newHidden = null: must be given", () -> gru.run(1, x, h, null)),
                Refusal.of("newHidden = memory that overlaps input: must be memory of its own",
                        () -> gru.run(1, x, h, x)),
                Refusal.of("cell = 3 bytes: must be at least 4 bytes",
                        () -> lstm.run(1, x, h, bytes(3), bytes(4), bytes(4))),
                Refusal.of("newCell = null: must be given", () -> lstm.run(1, x, h, c, bytes(4), null)),
                Refusal.of("newCell = memory that overlaps newHidden: must be memory of its own",
                        () -> lstm.run(1, x, bytes(4), c, h, h)),
                Refusal.of("newCell = memory that overlaps hidden: must be memory of its own",
                        () -> lstm.run(1, x, h, c, bytes(4), h)),
                Refusal.of("newHidden = memory that overlaps cell: must be memory of its own",
                        () -> lstm.run(1, x, h, c, c, bytes(4))));
    }

    static Stream<Refusal> bags() {
        PackedEmbeddingBag bag = ENGINE.embeddingBag(new EmbeddingBagSpec(8, 5, 2, false), bytes(50));
        BiFunction<long[], long[], MemorySegment> run = (indices, offsets) -> {
            MemorySegment output = bytes(100);
            bag.run(offsets.length - 1, longs(indices), longs(offsets), null, output);
            return output;
        };
        long[] three = {0, 4, 2};
        return Stream.of(
                Refusal.of("bags = -1: must be 0 or more", () -> bag.run(-1, longs(0), longs(0), null, bytes(8))),
                Refusal.of("offsets = 9223372036854775807 + 1: must be below 2^63",
                        () -> bag.run(MAX, longs(0), longs(0), null, bytes(8))),
                Refusal.of("offsets = 8 bytes: must be at least 16 bytes",
                        () -> bag.run(1, longs(0), longs(0), null, bytes(8))),
                Refusal.of("indices = null: must be given", () -> bag.run(1, null, longs(0, 0), null, bytes(8))),
                Refusal.of("output = null: must be given",
                        () -> bag.run(1, longs(0), longs(0, 1), bytes(4), null)),
                Refusal.of("output = 7 bytes: must be at least 8 bytes",
                        () -> bag.run(1, longs(0), longs(0, 1), null, bytes(7))),
                Refusal.of("weights = 3 bytes: must be at least 4 bytes",
                        () -> bag.run(1, longs(0), longs(0, 1), bytes(3), bytes(8))),
                Refusal.of("indices[1] = 5: must be 0 or more and below rows, 5",
                        () -> run.apply(new long[] {0, 5}, new long[] {0, 2})),
                Refusal.of("indices[0] = -1: must be 0 or more and below rows, 5",
                        () -> run.apply(new long[] {-1}, new long[] {0, 1})),
                Refusal.of("offsets[0] = -1: must be at least 0, and at most the number of indices, 3",
                        () -> run.apply(three, new long[] {-1, 3})),
                Refusal.of("offsets[2] = 1: must be at least the one before, 2, and at most the number of indices, 3",
                        () -> run.apply(three, new long[] {0, 2, 1})),
                Refusal.of("offsets[1] = 4: must be at least the one before, 0, and at most the number of indices, 3",
                        () -> run.apply(three, new long[] {0, 4})));
    }

    @ParameterizedTest
    @MethodSource({"preparing", "matrices", "elements", "places", "joins", "cells", "bags"})
    void refuses(Refusal refusal) {
        refusal.check();
    }

    @Test
    void whatIsEmptyIsRun() {
        StubBackend backend = new StubBackend(Numerics.FBGEMM);
        Engine engine = StubBackend.engine(backend);
        MemorySegment none = bytes(0);
        engine.linear(Specs.linear(3, 2), bytes(6), Bias.none()).run(0, none, none);
        engine.convolution(Specs.transposed(2, 2, 1), bytes(16), Bias.none()).run(0, Extent.of(2, 2), none, none);
        engine.matmul(new MatmulSpec(U8, S8, TO_F32)).run(MatrixBatch.contiguous(0, 3, 4, 5), none, none, none);
        engine.concat(new ConcatSpec(List.of(U8, S8), U8)).run(0, new long[] {3, 2}, List.of(none, none), none);
        engine.conversion(new ConversionSpec(null, U8)).run(0, none, none);
        engine.embeddingBag(new EmbeddingBagSpec(8, 1, 1, true), bytes(9)).run(0, none, longs(0), null, none);
        assertEquals(6, backend.runs());
    }

    @Test
    void inPlaceIsAllowedWhereItIsSaid() {
        StubBackend backend = new StubBackend(Numerics.FBGEMM);
        Engine engine = StubBackend.engine(backend);
        MemorySegment x = bytes(12);
        engine.unary(new UnarySpec(new UnaryFunction.Tanh(), U8, U8)).run(12, x, x);
        engine.softmax(new SoftmaxSpec(4, U8, U8)).run(3, x, x);
        engine.binary(new BinarySpec(BinarySpec.Function.ADD, Activation.NONE, U8, U8, U8)).run(12, x, x, x);
        engine.conversion(new ConversionSpec(U8, S8)).run(12, x, x);
        engine.linear(new LinearSpec(3, 2, U8, S8, TO_U8.withAddend(S8)), bytes(6), Bias.none()).run(2, bytes(6), 3,
                x, 4, x, 4);
        engine.recurrentCell(Specs.cell(RecurrentSpec.Cell.GRU, 2, 3), bytes(18), bytes(27), Bias.none(), Bias.none())
                .run(1, bytes(8), x, x);
        assertEquals(6, backend.runs());
    }

    @Test
    void whatABackendLacksIsNamed() {
        EngineBackend bare = () -> Numerics.FBGEMM;
        Engine engine = StubBackend.engine(bare);
        String message = assertThrows(UnsupportedOperationException.class,
                () -> engine.layerNorm(new LayerNormSpec(1, 0, null, null, U8, U8))).getMessage();
        assertEquals(bare.getClass().getSimpleName() + " has no operator layerNorm", message);
    }

    @Test
    void operatorsKnowWhatTheyWereMadeOf() {
        LinearSpec spec = Specs.linear(3, 2);
        PackedLinear linear = ENGINE.linear(spec, bytes(6), Bias.none());
        assertSame(spec, linear.spec());
        assertEquals(3, linear.inFeatures());
        assertEquals(2, linear.outFeatures());
        assertEquals(Numerics.FBGEMM, linear.numerics());
        assertEquals(Extent.of(2, 1), convolution().spec().outputExtent(Extent.of(3, 2)));
        assertEquals(0.5f, ENGINE.chooseParameters(0, 127.5f, ParameterChoice.affine(DataType.U8)).scale());
    }
}
