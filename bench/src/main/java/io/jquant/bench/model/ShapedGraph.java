// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.model;

import io.jquant.DataType;
import io.jquant.graph.Attribute;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/** A float graph of a known architecture with random weights, the same at every call. */
final class ShapedGraph {
    static final String INPUT = "input";
    static final String OUTPUT = "output";
    private static final int OPSET = 17;

    private final GraphBuilder builder = new GraphBuilder();
    private final SplittableRandom random = new SplittableRandom(20);
    private final String name;

    ShapedGraph(String name, long... input) {
        this.name = name;
        builder.name(name).input(new ValueInfo(INPUT, DataType.F32, Shape.of(input)));
    }

    /** A node's output. */
    String node(String opType, Map<String, Attribute> attributes, String... inputs) {
        String output = builder.freshName(opType.toLowerCase(Locale.ROOT));
        builder.add(new Node(opType, "", "node_" + output, List.of(inputs), List.of(output), attributes));
        return output;
    }

    /** Random numbers of mean 0. */
    Tensor values(double deviation, long... sizes) {
        float[] data = new float[Tensor.count(sizes)];
        for (int i = 0; i < data.length; i++) {
            // uniform: a tenth of the time of Gaussian numbers, of which some networks need 85 million
            data[i] = (float) (random.nextDouble(-1, 1) * deviation * Math.sqrt(3));
        }
        return Tensor.of(data, sizes);
    }

    String constant(Tensor tensor) {
        return builder.addInitializer("constant", tensor);
    }

    /** A square convolution that keeps the size but for its stride; {@code gain} is what it does to deviations. */
    String conv(String input, int from, int to, int kernel, int stride, int groups, double gain) {
        int perGroup = from / groups;
        Tensor weights = values(gain * Math.sqrt(2.0 / (perGroup * kernel * kernel)), to, perGroup, kernel, kernel);
        int pad = kernel / 2;
        return node("Conv", Map.of("kernel_shape", Attribute.ofInts(kernel, kernel), "strides",
                Attribute.ofInts(stride, stride), "pads", Attribute.ofInts(pad, pad, pad, pad), "group",
                Attribute.of(groups)), input, constant(weights), constant(values(0.1, to)));
    }

    /** The product of a matrix of rows with weights, and a bias. */
    String linear(String input, int from, int to) {
        String product = node("MatMul", Map.of(), input, constant(values(Math.sqrt(1.0 / from), from, to)));
        return node("Add", Map.of(), product, constant(values(0.1, to)));
    }

    /** Means over the image, and a linear layer of 1000 classes: the end of a network for images. */
    Model classifier(String input, int channels) {
        String flat = node("Flatten", Map.of(), node("GlobalAveragePool", Map.of(), input));
        return model(node("Gemm", Map.of("transB", Attribute.of(1)), flat,
                constant(values(Math.sqrt(1.0 / channels), 1000, channels)), constant(values(0.1, 1000))));
    }

    Model model(String output) {
        builder.add(new Node("Identity", List.of(output), List.of(OUTPUT), Map.of()));
        builder.output(new ValueInfo(OUTPUT, DataType.F32, Shape.UNKNOWN));
        return new Model(8, Map.of("", OPSET), "jquant bench", "", Map.of("name", name), builder.build());
    }
}
