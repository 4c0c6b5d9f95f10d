// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.DataType;
import io.jquant.graph.Attribute;
import io.jquant.graph.Dim;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Builds graphs in which every value is quantized and dequantized again; names are those of the dequantized form. */
final class QdqGraph {
    static final float SCALE = 0.0473f;
    static final int ZERO_POINT = 120;

    private final GraphBuilder builder = new GraphBuilder();
    private final Random random;
    private int opset = 20;

    QdqGraph(long seed) {
        random = new Random(seed);
    }

    QdqGraph opset(int version) {
        opset = version;
        return this;
    }

    /** A graph input of which the first size is left open. */
    String input(String name, long... sizes) {
        List<Dim> dims = new ArrayList<>(List.of(Dim.symbol("batch")));
        for (long size : sizes) {
            dims.add(Dim.of(size));
        }
        builder.input(new ValueInfo(name, DataType.F32, Shape.of(dims)));
        return quantized(name);
    }

    /** The dequantized form of a real value. */
    String quantized(String real) {
        return quantized(real, SCALE, ZERO_POINT);
    }

    String quantized(String real, float scale, int zeroPoint) {
        String s = builder.addInitializer("scale", Tensor.scalar(scale));
        String z = builder.addInitializer("zero", Tensor.scalar(DataType.U8, zeroPoint));
        String q = builder.freshName(real + "_q");
        String d = builder.freshName(real + "_d");
        builder.add(new Node("QuantizeLinear", List.of(real, s, z), List.of(q), Map.of()));
        builder.add(new Node("DequantizeLinear", List.of(q, s, z), List.of(d), Map.of()));
        return d;
    }

    /** Random s8 weights, per channel on an axis. */
    String weights(int axis, long... sizes) {
        Tensor integers = Tensor.allocate(DataType.S8, sizes);
        for (int i = 0; i < integers.count(); i++) {
            integers.setLong(i, random.nextInt(-127, 128));
        }
        float[] scales = new float[(int) sizes[axis]];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = 0.002f + 0.001f * random.nextFloat();
        }
        String d = builder.freshName("weights_d");
        builder.add(new Node("DequantizeLinear", List.of(builder.addInitializer("weights", integers),
                builder.addInitializer("weights_scale", Tensor.of(scales, scales.length))), List.of(d),
                Map.of("axis", Attribute.of(axis))));
        return d;
    }

    /** A constant that is quantized per tensor. */
    String constant(long... sizes) {
        Tensor integers = Tensor.allocate(DataType.U8, sizes);
        for (int i = 0; i < integers.count(); i++) {
            integers.setLong(i, random.nextInt(256));
        }
        String d = builder.freshName("constant_d");
        builder.add(new Node("DequantizeLinear", List.of(builder.addInitializer("constant", integers),
                builder.addInitializer("scale", Tensor.scalar(SCALE)),
                builder.addInitializer("zero", Tensor.scalar(DataType.U8, 100))), List.of(d), Map.of()));
        return d;
    }

    String real(float... values) {
        return builder.addInitializer("real", Tensor.of(values, values.length));
    }

    String scalar(float value) {
        return builder.addInitializer("scalar", Tensor.scalar(value));
    }

    String integers(long... values) {
        return builder.addInitializer("integers", Tensor.of(values, values.length));
    }

    /** A node whose output stays real. */
    String node(String opType, Map<String, Attribute> attributes, String... inputs) {
        String output = builder.freshName(opType + "_out");
        builder.add(new Node(opType, List.of(inputs), List.of(output), attributes));
        return output;
    }

    /** A node whose output is quantized. */
    String op(String opType, Map<String, Attribute> attributes, String... inputs) {
        return quantized(node(opType, attributes, inputs));
    }

    Model model(String... outputs) {
        for (String output : outputs) {
            builder.output(new ValueInfo(output, DataType.F32, Shape.UNKNOWN));
        }
        return new Model(8, Map.of("", opset), "", "", Map.of(), builder.prune().build());
    }

    Tensor values(long... sizes) {
        float[] data = new float[Tensor.count(sizes)];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) (random.nextGaussian() * 2);
        }
        return Tensor.of(data, sizes);
    }
}
