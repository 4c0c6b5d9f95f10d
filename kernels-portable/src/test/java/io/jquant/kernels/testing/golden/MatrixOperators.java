// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing.golden;

import io.jquant.Bias;
import io.jquant.ConvolutionSpec;
import io.jquant.DynamicLinearSpec;
import io.jquant.Engine;
import io.jquant.Epilogue;
import io.jquant.Extent;
import io.jquant.LinearSpec;
import io.jquant.Matmul;
import io.jquant.MatmulSpec;
import io.jquant.MatrixBatch;
import io.jquant.PackedConvolution;
import io.jquant.PackedLinear;
import io.jquant.Window;
import io.jquant.golden.GoldenCase;
import io.jquant.golden.GoldenTensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/** Linear layers, convolutions, products of two matrices. */
final class MatrixOperators {
    private MatrixOperators() {
    }

    static Map<String, MemorySegment> linear(Engine engine, GoldenCase golden, Peer peer) {
        List<Integer> weights = golden.input("weight").shape();
        List<Integer> input = golden.input("x").shape();
        MemorySegment y = Arguments.bytes(golden.output("y").size());
        LinearSpec spec = new LinearSpec(weights.get(1), weights.get(0), Arguments.u8(golden, "x"),
                Arguments.weight(golden),
                Epilogue.quantized(Arguments.result(golden)).with(Arguments.activation(golden)));
        try (PackedLinear linear = engine.linear(spec, Arguments.segment(golden.input("weight")),
                Arguments.bias(golden, "bias"))) {
            linear.run(input.get(0), Arguments.segment(golden.input("x")), y);
        }
        return Map.of("y", y);
    }

    static Map<String, MemorySegment> linearDynamic(Engine engine, GoldenCase golden, Peer peer) {
        List<Integer> weights = golden.input("weight").shape();
        List<Integer> input = golden.input("x").shape();
        MemorySegment y = Arguments.bytes(golden.output("y").size() * (long) Float.BYTES);
        Bias bias = Arguments.bias(golden, "bias");
        // PyTorch's wrapper of QNNPACK ignores the argument
        boolean reduceRange = golden.flag("reduce_range") && peer != Peer.QNNPACK;
        DynamicLinearSpec spec = new DynamicLinearSpec(weights.get(1), weights.get(0), Arguments.weight(golden),
                Arguments.activation(golden), false, reduceRange);
        try (PackedLinear linear = engine.dynamicLinear(spec, Arguments.segment(golden.input("weight")), bias)) {
            linear.run(input.get(0), Arguments.segment(golden.input("x")), y);
        }
        return Map.of("y", y);
    }

    static Map<String, MemorySegment> convolution(Engine engine, GoldenCase golden, Peer peer) {
        return convolution(engine, golden, false);
    }

    static Map<String, MemorySegment> convTranspose(Engine engine, GoldenCase golden, Peer peer) {
        return convolution(engine, golden, true);
    }

    private static Map<String, MemorySegment> convolution(Engine engine, GoldenCase golden, boolean transposed) {
        GoldenTensor x = golden.input("x");
        List<Integer> weights = golden.input("weight").shape();
        int groups = golden.integer("groups");
        int inChannels = x.shape().get(1);
        int outChannels = transposed ? weights.get(1) * groups : weights.get(0);
        Extent padding = Arguments.extent(golden.integers("padding"), 0);
        Window window = new Window(Arguments.image(weights), Arguments.extent(golden.integers("stride"), 1),
                Arguments.extent(golden.integers("dilation"), 1), padding, padding);
        Epilogue epilogue = Epilogue.quantized(Arguments.result(golden));
        ConvolutionSpec spec = new ConvolutionSpec(inChannels, outChannels, groups, window, transposed,
                transposed ? Arguments.extent(golden.integers("output_padding"), 0) : Extent.ZERO,
                Arguments.u8(golden, "x"), Arguments.weight(golden),
                transposed ? epilogue : epilogue.with(Arguments.activation(golden)));
        MemorySegment y = Arguments.bytes(golden.output("y").size());
        int batch = x.shape().get(0);
        try (PackedConvolution convolution = engine.convolution(spec, Arguments.segment(golden.input("weight")),
                Arguments.bias(golden, "bias"))) {
            convolution.run(batch, Arguments.image(x.shape()), Arguments.channelsLast(x), y);
        }
        return Map.of("y", Arguments.channelsFirst(y, batch, outChannels));
    }

    static Map<String, MemorySegment> matmul(Engine engine, GoldenCase golden, Peer peer) {
        List<Integer> left = golden.input("a").shape();
        int rank = left.size();
        MatrixBatch shape = MatrixBatch.contiguous(Arguments.product(left.subList(0, rank - 2)), left.get(rank - 2),
                left.get(rank - 1), golden.input("b").shape().get(rank - 1));
        MemorySegment y = Arguments.bytes(golden.output("y").size());
        try (Matmul matmul = engine.matmul(new MatmulSpec(Arguments.u8(golden, "a"), Arguments.u8(golden, "b"),
                Epilogue.quantized(Arguments.result(golden))))) {
            matmul.run(shape, Arguments.segment(golden.input("a")), Arguments.segment(golden.input("b")), y);
        }
        return Map.of("y", y);
    }
}
