// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static io.jquant.kernels.testing.ElementForce.s8;
import static io.jquant.kernels.testing.ElementForce.u8;

import io.jquant.Activation;
import io.jquant.Bias;
import io.jquant.BinarySpec;
import io.jquant.ConversionSpec;
import io.jquant.ConvolutionSpec;
import io.jquant.DataType;
import io.jquant.DynamicLinearSpec;
import io.jquant.EmbeddingBagSpec;
import io.jquant.Engine;
import io.jquant.Epilogue;
import io.jquant.Extent;
import io.jquant.GroupedLinearSpec;
import io.jquant.LinearSpec;
import io.jquant.MatmulSpec;
import io.jquant.MatrixBatch;
import io.jquant.PackedLinear;
import io.jquant.Pooling;
import io.jquant.PoolingSpec;
import io.jquant.QuantizationParameters;
import io.jquant.RecurrentSpec;
import io.jquant.RecurrentSpec.Cell;
import io.jquant.SoftmaxSpec;
import io.jquant.Spatial;
import io.jquant.UnaryFunction;
import io.jquant.UnarySpec;
import io.jquant.VectorScoringSpec;
import io.jquant.Window;
import io.jquant.kernels.testing.OperatorLine.Prepared;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** An operator of every family, on the same operands each time. */
public final class OperatorTable {
    private static final long SEED = 20261129;
    private static final QuantizationParameters INPUT = u8(0.05, 7);
    private static final QuantizationParameters OUTPUT = s8(2.5, -3);
    private static final QuantizationParameters ADDEND = u8(3, 128);
    private static final int HEIGHT = 5;

    private final Samples samples = new Samples(SEED);
    private final List<OperatorLine> lines = new ArrayList<>();
    private final int size;

    private OperatorTable(int size) {
        this.size = size;
    }

    /**
     * Operators with weights, and products.
     *
     * @param size rows of a matrix, or columns of an image; from 97 on, several threads work on the largest
     */
    public static List<OperatorLine> packed(int size) {
        OperatorTable table = new OperatorTable(size);
        table.linears();
        table.convolutions();
        table.others();
        return List.copyOf(table.lines);
    }

    /** The same, and those without weights. */
    public static List<OperatorLine> all(int size) {
        OperatorTable table = new OperatorTable(size);
        table.elements();
        table.images();
        List<OperatorLine> all = new ArrayList<>(packed(size));
        all.addAll(table.lines);
        return List.copyOf(all);
    }

    private void add(String name, List<MemorySegment> inputs, long outputBytes, Function<Engine, Prepared> open) {
        lines.add(new OperatorLine(name, inputs, Math.toIntExact(outputBytes), open));
    }

    private QuantizationParameters perChannel(int channels, int axis) {
        float[] scales = new float[channels];
        for (int i = 0; i < channels; i++) {
            scales[i] = 0.01f + samples.random().nextFloat() * 0.02f;
        }
        return QuantizationParameters.symmetricPerChannel(DataType.S8, scales, axis);
    }

    private void linears() {
        Epilogue quantized = Epilogue.quantized(OUTPUT).with(Activation.RELU);
        linear("linear", size, 190, 150, quantized);
        linear("linear of one row", 1, 190, 150, quantized);
        linear("linear with an addend", size, 67, 50, Epilogue.quantized(OUTPUT).withAddend(ADDEND));
        linear("linear to f32", size, 67, 50, Epilogue.floating());
        linear("linear to s32", size, 67, 50, Epilogue.accumulators());
        for (boolean perRow : new boolean[] {false, true}) {
            DynamicLinearSpec spec = new DynamicLinearSpec(190, 150, perChannel(150, 0), Activation.RELU, perRow,
                    false);
            MemorySegment weights = samples.bytes(spec.weightBytes());
            floatLinear("dynamic linear" + (perRow ? " per row" : ""), 190, 150,
                    engine -> engine.dynamicLinear(spec, weights, Bias.none()));
        }
        for (int groupSize : new int[] {32, 128}) {
            GroupedLinearSpec spec = new GroupedLinearSpec(190, 150, groupSize, groupSize == 32, Activation.NONE);
            MemorySegment weights = GroupedWeights.random(samples, spec, true).segment();
            floatLinear("linear of groups of " + groupSize, 190, 150,
                    engine -> engine.groupedLinear(spec, weights, Bias.none()));
        }
    }

    private void linear(String name, int rows, int in, int out, Epilogue epilogue) {
        LinearSpec spec = new LinearSpec(in, out, INPUT, perChannel(out, 0), epilogue);
        MemorySegment weights = samples.bytes(spec.weightBytes());
        Bias bias = samples.bias(out, INPUT.scale());
        boolean adds = epilogue.addend() != null;
        add(name, List.of(samples.bytes((long) rows * in), samples.bytes((long) rows * out)),
                epilogue.type().bytes((long) rows * out), engine -> {
                    PackedLinear linear = engine.linear(spec, weights, bias);
                    return new Prepared(linear,
                            (x, y) -> linear.run(rows, x.get(0), in, y, out, adds ? x.get(1) : null, out));
                });
    }

    private void floatLinear(String name, int in, int out, Function<Engine, PackedLinear> open) {
        int rows = size;
        add(name, List.of(samples.floats((long) rows * in, 3)), (long) Float.BYTES * rows * out, engine -> {
            PackedLinear linear = open.apply(engine);
            return new Prepared(linear, (x, y) -> linear.run(rows, x.getFirst(), y));
        });
    }

    private void convolutions() {
        Window three = Window.of(Extent.of(3, 3)).withPadding(Extent.padding(1, 1));
        Window two = Window.of(Extent.of(2, 2)).withStride(Extent.of(2, 2));
        Extent image = Extent.of(HEIGHT, size);
        convolution("convolution 3x3", image, 24, 40, 1, three, false, false);
        convolution("convolution 3x3 with an addend", image, 8, 16, 1, three, false, true);
        convolution("convolution 1x1", image, 40, 24, 1, Window.of(Extent.ONE), false, false);
        convolution("convolution 7x7 of 3 channels", Extent.of(HEIGHT + 4, size + 4), 3, 32, 1,
                Window.of(Extent.of(7, 7)).withStride(Extent.of(2, 2)).withPadding(Extent.padding(3, 3)), false,
                false);
        convolution("convolution of groups", image, 24, 40, 4, three, false, false);
        convolution("dilated convolution", image, 9, 11, 1, three.withDilation(Extent.of(1, 2)), false, false);
        convolution("transposed convolution", image, 12, 20, 1, two, true, false);
        convolution("transposed convolution of groups", image, 12, 20, 2, two, true, false);
        convolution("convolution of lines", Extent.of(size), 16, 24, 1, Window.of(Extent.of(3)), false, false);
        convolution("convolution of volumes", new Extent(3, HEIGHT, size), 4, 9, 1, Window.of(new Extent(2, 3, 3)),
                false, false);
        convolution("depthwise 3x3", image, 40, 40, 40, three, false, false);
        convolution("depthwise 3x3 with an addend", image, 19, 19, 19, three, false, true);
        convolution("depthwise 5x5, stride 2", image, 32, 32, 32, Window.of(Extent.of(5, 5))
                .withStride(Extent.of(2, 2)).withPadding(Extent.padding(2, 2)), false, false);
        convolution("depthwise, two of each channel", image, 10, 20, 10, three, false, false);
        convolution("transposed depthwise", image, 10, 10, 10, two, true, false);
    }

    private void convolution(String name, Extent in, int inChannels, int outChannels, int groups, Window window,
            boolean transposed, boolean adds) {
        Epilogue plain = Epilogue.quantized(OUTPUT);
        ConvolutionSpec spec = new ConvolutionSpec(inChannels, outChannels, groups, window, transposed, Extent.ZERO,
                INPUT, perChannel(outChannels, transposed ? 1 : 0), adds ? plain.withAddend(ADDEND) : plain);
        MemorySegment weights = samples.bytes(spec.weights());
        Bias bias = samples.bias(outChannels, INPUT.scale());
        long outputs = spec.outputExtent(in).volume() * outChannels;
        add(name, List.of(samples.bytes(in.volume() * inChannels), samples.bytes(outputs)), outputs, engine -> {
            var convolution = engine.convolution(spec, weights, bias);
            return new Prepared(convolution, (x, y) -> convolution.run(1, in, x.get(0), inChannels, y, outChannels,
                    adds ? x.get(1) : null, outChannels));
        });
    }

    private void others() {
        MatrixBatch shape = MatrixBatch.contiguous(2, size, 70, 60);
        add("matmul", List.of(samples.bytes(2L * size * 70), samples.bytes(2L * 70 * 60)),
                2L * size * 60, engine -> {
                    var matmul = engine.matmul(new MatmulSpec(INPUT, s8(0.1, 1), Epilogue.quantized(OUTPUT)));
                    return new Prepared(matmul, (x, y) -> matmul.run(shape, x.get(0), x.get(1), y));
                });
        recurrent(Cell.LSTM);
        recurrent(Cell.GRU);
        embeddingBag(8);
        embeddingBag(4);
    }

    private void recurrent(Cell cell) {
        int hidden = 48;
        int rows = cell.gates() * hidden;
        RecurrentSpec spec = new RecurrentSpec(cell, 40, hidden, perChannel(rows, 0), perChannel(rows, 0), false);
        MemorySegment inputWeights = samples.bytes((long) rows * spec.inputSize());
        MemorySegment hiddenWeights = samples.bytes((long) rows * hidden);
        int batch = 3;
        long state = (long) Float.BYTES * batch * hidden;
        List<MemorySegment> inputs = List.of(samples.floats((long) batch * spec.inputSize(), 1),
                samples.floats((long) batch * hidden, 1), samples.floats((long) batch * hidden, 1),
                MemorySegment.ofArray(new float[batch * hidden]));
        add(cell.toString(), inputs, state, engine -> {
            var step = engine.recurrentCell(spec, inputWeights, hiddenWeights, Bias.none(), Bias.none());
            return new Prepared(step, cell == Cell.GRU ? (x, y) -> step.run(batch, x.get(0), x.get(1), y)
                    : (x, y) -> step.run(batch, x.get(0), x.get(1), x.get(2), y, x.get(3)));
        });
    }

    private void embeddingBag(int bits) {
        EmbeddingBagSpec spec = new EmbeddingBagSpec(bits, 30, 70, bits == 8);
        MemorySegment table = EmbeddingBagCases.table(samples, spec);
        int bags = 4;
        MemorySegment indices = MemorySegment.ofArray(samples.random().longs(3L * bags, 0, spec.rows()).toArray());
        MemorySegment offsets = MemorySegment.ofArray(new long[] {0, 3, 3, 8, 12});
        add("embedding bag of " + bits + " bits", List.of(indices, offsets, samples.floats(3L * bags, 1)),
                (long) Float.BYTES * bags * spec.dimension(), engine -> {
                    var bag = engine.embeddingBag(spec, table);
                    return new Prepared(bag, (x, y) -> bag.run(bags, x.get(0), x.get(1), x.get(2), y));
                });
    }

    private void elements() {
        long count = 101L * size;
        conversion("quantize", null, INPUT, count);
        conversion("dequantize", INPUT, null, count);
        conversion("requantize", INPUT, OUTPUT, count);
        for (BinarySpec.Function function : BinarySpec.Function.values()) {
            BinarySpec spec = new BinarySpec(function, Activation.RELU, INPUT, s8(0.07, 5), OUTPUT);
            add(function.toString(), List.of(samples.bytes(count), samples.bytes(count)), count, engine -> {
                var binary = engine.binary(spec);
                return new Prepared(binary, (x, y) -> binary.run(count, x.get(0), x.get(1), y));
            });
        }
        for (UnaryFunction function : List.of(new UnaryFunction.Clamp(Activation.RELU6), new UnaryFunction.Sigmoid())) {
            UnarySpec spec = new UnarySpec(function, INPUT, INPUT);
            add(function.toString(), List.of(samples.bytes(count)), count, engine -> {
                var unary = engine.unary(spec);
                return new Prepared(unary, (x, y) -> unary.run(count, x.getFirst(), y));
            });
        }
        int rows = size;
        add("softmax", List.of(samples.bytes(50L * rows)), 50L * rows, engine -> {
            var softmax = engine.softmax(new SoftmaxSpec(50, INPUT, u8(1.0 / 256, 0)));
            return new Prepared(softmax, (x, y) -> softmax.run(rows, x.getFirst(), y));
        });
    }

    private void conversion(String name, QuantizationParameters from, QuantizationParameters to, long count) {
        ConversionSpec spec = new ConversionSpec(from, to);
        MemorySegment input = from == null ? samples.floats(count, 5) : samples.bytes(count);
        add(name, List.of(input), spec.outputType().bytes(count), engine -> {
            var conversion = engine.conversion(spec);
            return new Prepared(conversion, (x, y) -> conversion.run(count, x.getFirst(), y));
        });
    }

    private void images() {
        Window window = Window.of(Extent.of(2, 3)).withPadding(Extent.padding(1, 0));
        pooling("max pooling", new Pooling.Max(window, false));
        pooling("average pooling", new Pooling.Average(window, false, true, 0));
        pooling("global average", new Pooling.AdaptiveAverage(Extent.ONE));
        int dimension = 96;
        int rows = 9;
        MemorySegment ordinals = MemorySegment.ofArray(samples.random().ints(7, 0, rows).toArray());
        add("scores of vectors", List.of(samples.bytes(dimension), samples.bytes((long) rows * dimension), ordinals),
                7L * Integer.BYTES, engine -> {
                    var scoring = engine.vectorScoring(
                            VectorScoringSpec.contiguous(dimension, VectorScoringSpec.Metric.PRODUCT));
                    return new Prepared(scoring,
                            (x, y) -> scoring.run(x.get(0), x.get(1), rows, x.get(2), 7, y));
                });
    }

    private void pooling(String name, Pooling pooling) {
        int channels = 37;
        Extent in = Extent.of(HEIGHT, size);
        add(name, List.of(samples.bytes(in.volume() * channels)), pooling.outputExtent(in).volume() * channels,
                engine -> {
                    Spatial spatial = engine.pooling(new PoolingSpec(pooling, channels, INPUT, INPUT));
                    return new Prepared(spatial, (x, y) -> spatial.run(1, in, x.getFirst(), y));
                });
    }
}
