// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing.golden;

import io.jquant.Activation;
import io.jquant.Binary;
import io.jquant.BinarySpec;
import io.jquant.BinarySpec.Function;
import io.jquant.Concat;
import io.jquant.ConcatSpec;
import io.jquant.Engine;
import io.jquant.ImmutableFloats;
import io.jquant.LayerNormSpec;
import io.jquant.QuantizationParameters;
import io.jquant.RowWise;
import io.jquant.SoftmaxSpec;
import io.jquant.Unary;
import io.jquant.UnaryFunction;
import io.jquant.UnarySpec;
import io.jquant.golden.GoldenCase;
import io.jquant.golden.GoldenTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sums, products, concatenation, functions of one element, softmax, layer norm. */
final class ElementOperators {
    private ElementOperators() {
    }

    static GoldenOperator binary(Function function) {
        return (engine, golden, peer) -> {
            GoldenTensor a = golden.input("a");
            GoldenTensor b = golden.input("b");
            MemorySegment y = Arguments.bytes(golden.output("y").size());
            try (Binary binary = engine.binary(new BinarySpec(function, Arguments.activation(golden),
                    Arguments.u8(golden, "a"), Arguments.u8(golden, "b"), Arguments.result(golden)))) {
                binary.run(shape(a), Arguments.segment(a), shape(b), Arguments.segment(b), y);
            }
            return Map.of("y", y);
        };
    }

    private static int[] shape(GoldenTensor tensor) {
        return tensor.shape().stream().mapToInt(Integer::intValue).toArray();
    }

    static Map<String, MemorySegment> concat(Engine engine, GoldenCase golden, Peer peer) {
        List<QuantizationParameters> parameters = new ArrayList<>();
        List<MemorySegment> segments = new ArrayList<>();
        List<Integer> shape = golden.input("a").shape();
        int dim = golden.integer("dim");
        long rows = Arguments.product(shape.subList(0, dim));
        for (String name : List.of("a", "b", "c")) {
            if (golden.inputs().containsKey(name)) {
                parameters.add(Arguments.u8(golden, name));
                segments.add(Arguments.segment(golden.input(name)));
            }
        }
        long[] columns = segments.stream().mapToLong(segment -> segment.byteSize() / rows).toArray();
        QuantizationParameters output = Arguments.result(golden);
        MemorySegment y = Arguments.bytes(golden.output("y").size());
        try (Concat concat = engine.concat(new ConcatSpec(parameters, output))) {
            concat.run(rows, columns, segments, y);
        }
        if (golden.flag("relu")) {
            apply(engine, new UnarySpec(new UnaryFunction.Clamp(Activation.RELU), output, output), y, y);
        }
        return Map.of("y", y);
    }

    private static void apply(Engine engine, UnarySpec spec, MemorySegment x, MemorySegment y) {
        try (Unary unary = engine.unary(spec)) {
            unary.run(y.byteSize(), x, y);
        }
    }

    /** What of a case makes the function. */
    @FunctionalInterface
    interface Maker {
        UnaryFunction make(GoldenCase golden);
    }

    static GoldenOperator unary(Maker maker) {
        return (engine, golden, peer) -> {
            MemorySegment y = Arguments.bytes(golden.output("y").size());
            apply(engine, new UnarySpec(maker.make(golden), Arguments.u8(golden, "x"), Arguments.result(golden)),
                    Arguments.segment(golden.input("x")), y);
            return Map.of("y", y);
        };
    }

    static UnaryFunction clamp(GoldenCase golden) {
        return new UnaryFunction.Clamp(new Activation((float) golden.real("low"), (float) golden.real("high")));
    }

    static UnaryFunction leakyRelu(GoldenCase golden) {
        return new UnaryFunction.LeakyRelu((float) golden.real("slope"));
    }

    static UnaryFunction elu(GoldenCase golden) {
        return new UnaryFunction.Elu((float) golden.real("alpha"), (float) golden.real("scale"),
                (float) golden.real("input_scale"));
    }

    static UnaryFunction celu(GoldenCase golden) {
        return new UnaryFunction.Elu((float) golden.real("alpha"), 1, (float) (1 / golden.real("alpha")));
    }

    static Map<String, MemorySegment> softmax(Engine engine, GoldenCase golden, Peer peer) {
        GoldenTensor x = golden.input("x");
        int rows = x.shape().get(0);
        int columns = x.shape().get(1);
        byte[] bytes = x.bytes();
        boolean first = golden.integer("dim") == 0;
        int size = first ? rows : columns;
        MemorySegment input = MemorySegment.ofArray(first ? Arguments.transpose(bytes, 1, rows, columns) : bytes);
        MemorySegment y = Arguments.bytes(bytes.length);
        try (RowWise softmax = engine.softmax(
                new SoftmaxSpec(size, Arguments.u8(golden, "x"), Arguments.result(golden)))) {
            softmax.run(bytes.length / size, input, y);
        }
        return Map.of("y", first
                ? MemorySegment.ofArray(Arguments.transpose(y.toArray(ValueLayout.JAVA_BYTE), 1, columns, rows)) : y);
    }

    static Map<String, MemorySegment> layerNorm(Engine engine, GoldenCase golden, Peer peer) {
        GoldenTensor x = golden.input("x");
        int size = 1;
        for (long along : golden.integers("normalized_shape")) {
            size *= Math.toIntExact(along);
        }
        MemorySegment y = Arguments.bytes(x.size());
        try (RowWise norm = engine.layerNorm(new LayerNormSpec(size, (float) golden.real("eps"),
                optional(golden, "weight"), optional(golden, "bias"), Arguments.u8(golden, "x"),
                Arguments.result(golden)))) {
            norm.run(x.size() / size, Arguments.segment(x), y);
        }
        return Map.of("y", y);
    }

    private static ImmutableFloats optional(GoldenCase golden, String name) {
        GoldenTensor tensor = golden.inputs().get(name);
        return tensor == null ? null : new ImmutableFloats(tensor.floats());
    }
}
