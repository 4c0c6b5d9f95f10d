// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing.golden;

import io.jquant.Conversion;
import io.jquant.ConversionSpec;
import io.jquant.DataType;
import io.jquant.EmbeddingBagSpec;
import io.jquant.Engine;
import io.jquant.PackedEmbeddingBag;
import io.jquant.ParameterChoice;
import io.jquant.QuantizationParameters;
import io.jquant.golden.GoldenCase;
import io.jquant.golden.GoldenTensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Between real numbers and quantized ones: conversions, choice of parameters, embedding bags. */
final class FloatOperators {
    private FloatOperators() {
    }

    private static MemorySegment convert(Engine engine, ConversionSpec spec, GoldenTensor x, int axis) {
        List<Integer> shape = x.shape();
        long outer = Arguments.product(shape.subList(0, axis));
        long inner = x.size() / outer / spec.channels();
        MemorySegment y = Arguments.bytes(spec.outputType().bytes(x.size()));
        try (Conversion conversion = engine.conversion(spec)) {
            conversion.run(outer, inner, Arguments.segment(x), y);
        }
        return y;
    }

    static Map<String, MemorySegment> quantizePerTensor(Engine engine, GoldenCase golden, Peer peer) {
        QuantizationParameters to = QuantizationParameters.perTensor(Arguments.type(golden),
                (float) golden.real("scale"), golden.integer("zero_point"));
        return Map.of("y", convert(engine, new ConversionSpec(null, to), golden.input("x"), 0));
    }

    static Map<String, MemorySegment> dequantizePerTensor(Engine engine, GoldenCase golden, Peer peer) {
        QuantizationParameters from = QuantizationParameters.perTensor(inputType(golden),
                (float) golden.real("scale"), golden.integer("zero_point"));
        return Map.of("y", convert(engine, new ConversionSpec(from, null), golden.input("x"), 0));
    }

    private static DataType inputType(GoldenCase golden) {
        return DataType.valueOf(golden.input("x").type().name());
    }

    private static QuantizationParameters perChannel(GoldenCase golden, DataType type) {
        return QuantizationParameters.perChannel(type, Arguments.floats(golden.input("scales").doubles()),
                golden.input("zero_points").ints(), golden.integer("axis"));
    }

    static Map<String, MemorySegment> quantizePerChannel(Engine engine, GoldenCase golden, Peer peer) {
        QuantizationParameters to = perChannel(golden, Arguments.type(golden));
        return Map.of("y", convert(engine, new ConversionSpec(null, to), golden.input("x"), to.axis()));
    }

    static Map<String, MemorySegment> dequantizePerChannel(Engine engine, GoldenCase golden, Peer peer) {
        QuantizationParameters from = perChannel(golden, inputType(golden));
        return Map.of("y", convert(engine, new ConversionSpec(from, null), golden.input("x"), from.axis()));
    }

    static Map<String, MemorySegment> requantize(Engine engine, GoldenCase golden, Peer peer) {
        QuantizationParameters to = QuantizationParameters.perTensor(Arguments.type(golden),
                (float) golden.real("y_scale"), golden.integer("y_zero_point"));
        return Map.of("y", convert(engine, new ConversionSpec(Arguments.u8(golden, "x"), to), golden.input("x"), 0));
    }

    private static QuantizationParameters choose(Engine engine, GoldenCase golden, Peer peer, DataType type) {
        // PyTorch's wrapper of QNNPACK ignores the argument
        boolean reduceRange = golden.flag("reduce_range") && peer != Peer.QNNPACK;
        GoldenTensor x = golden.input("x");
        return engine.chooseParameters(x.size(), Arguments.segment(x),
                new ParameterChoice(type, reduceRange, false, false));
    }

    static Map<String, MemorySegment> chooseParameters(Engine engine, GoldenCase golden, Peer peer) {
        QuantizationParameters chosen = choose(engine, golden, peer, DataType.U8);
        return Map.of("scale", MemorySegment.ofArray(new double[] {chosen.scale()}),
                "zero_point", MemorySegment.ofArray(new long[] {chosen.zeroPoint()}));
    }

    static Map<String, MemorySegment> quantizeDynamic(Engine engine, GoldenCase golden, Peer peer) {
        QuantizationParameters chosen = choose(engine, golden, peer, Arguments.type(golden));
        return Map.of("y_scale", MemorySegment.ofArray(new double[] {chosen.scale()}),
                "y_zero_point", MemorySegment.ofArray(new long[] {chosen.zeroPoint()}),
                "y", convert(engine, new ConversionSpec(null, chosen), golden.input("x"), 0));
    }

    /** The choice of parameters that ends an observer's step: FBGEMM's own where PyTorch was built with it. */
    static Map<String, MemorySegment> observe(Engine engine, GoldenCase golden, Peer peer) {
        float[] min = golden.output("running_min").floats();
        float[] max = golden.output("running_max").floats();
        DataType type = golden.integer("quant_min") < 0 ? DataType.S8 : DataType.U8;
        boolean reduced = golden.integer("quant_max") < type.max();
        ParameterChoice choice = new ParameterChoice(type, reduced, golden.flag("symmetric"), false);
        float[] scales = new float[min.length];
        int[] zeroPoints = new int[min.length];
        for (int i = 0; i < min.length; i++) {
            QuantizationParameters chosen = engine.chooseParameters(min[i], max[i], choice);
            scales[i] = chosen.scale();
            zeroPoints[i] = chosen.zeroPoint();
        }
        return Map.of("scale", MemorySegment.ofArray(scales), "zero_point", MemorySegment.ofArray(zeroPoints));
    }

    static GoldenOperator embeddingBag(int bits) {
        return (engine, golden, peer) -> {
            long[] indices = golden.input("indices").longs();
            long[] offsets = golden.input("offsets").longs();
            if (!golden.flag("include_last_offset")) {
                offsets = Arrays.copyOf(offsets, offsets.length + 1);
                offsets[offsets.length - 1] = indices.length;
            }
            GoldenTensor weights = golden.inputs().get("per_sample_weights");
            return Map.of("y", sum(engine, bits, golden, indices, offsets,
                    weights == null ? null : Arguments.segment(weights)));
        };
    }

    /** A table given back as real numbers: a bag for every row. */
    static GoldenOperator embeddingRows(int bits) {
        return (engine, golden, peer) -> {
            int rows = golden.input("packed").shape().get(0);
            return Map.of("weight", sum(engine, bits, golden, LongStream.range(0, rows).toArray(),
                    LongStream.rangeClosed(0, rows).toArray(), null));
        };
    }

    private static MemorySegment sum(Engine engine, int bits, GoldenCase golden, long[] indices, long[] offsets,
            MemorySegment weights) {
        GoldenTensor packed = golden.input("packed");
        int rows = packed.shape().get(0);
        int rowBytes = packed.shape().get(1);
        int dimension = bits == 8 ? rowBytes - 2 * Float.BYTES : (rowBytes - 2 * Short.BYTES) * 2;
        int bags = offsets.length - 1;
        MemorySegment y = Arguments.bytes((long) bags * dimension * Float.BYTES);
        try (PackedEmbeddingBag bag = engine.embeddingBag(new EmbeddingBagSpec(bits, rows, dimension, false),
                Arguments.segment(packed))) {
            bag.run(bags, MemorySegment.ofArray(indices), MemorySegment.ofArray(offsets), weights, y);
        }
        return y;
    }
}
