// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.model;

import io.jquant.graph.Attribute;
import io.jquant.graph.Model;
import io.jquant.graph.Tensor;
import io.jquant.quantization.Quantizer;
import io.jquant.quantization.StaticOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Networks of well-known architectures with random weights: not what they answer counts, but how long they take. */
enum ShapedModel {
    /** ResNet-50: an image of 224 by 224, 25 million weights, 4.1 billion multiply-adds. */
    RESNET50(1, 3, 224, 224) {
        @Override
        Model build() {
            ShapedGraph graph = graph();
            String x = relu(graph, graph.conv(ShapedGraph.INPUT, 3, 64, 7, 2, 1, 1));
            x = graph.node("MaxPool", Map.of("kernel_shape", Attribute.ofInts(3, 3), "strides", Attribute.ofInts(2, 2),
                    "pads", Attribute.ofInts(1, 1, 1, 1)), x);
            int[] blocks = {3, 4, 6, 3};
            int channels = 64;
            for (int stage = 0; stage < blocks.length; stage++) {
                int width = 64 << stage;
                for (int block = 0; block < blocks[stage]; block++) {
                    x = bottleneck(graph, x, channels, width, block == 0 && stage > 0 ? 2 : 1);
                    channels = 4 * width;
                }
            }
            return graph.classifier(x, channels);
        }

        private static String bottleneck(ShapedGraph graph, String x, int channels, int width, int stride) {
            String y = relu(graph, graph.conv(x, channels, width, 1, 1, 1, 1));
            y = relu(graph, graph.conv(y, width, width, 3, stride, 1, 1));
            y = graph.conv(y, width, 4 * width, 1, 1, 1, 0.5);
            String skip = channels == 4 * width ? x : graph.conv(x, channels, 4 * width, 1, stride, 1, 0.7);
            return relu(graph, graph.node("Add", Map.of(), y, skip));
        }
    },

    /** MobileNetV2: an image of 224 by 224, 3.5 million weights, 0.3 billion multiply-adds. */
    MOBILENETV2(1, 3, 224, 224) {
        // of every stage: how much wider it is inside, channels, blocks, stride of the first
        private static final int[][] STAGES = {{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2},
            {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};

        @Override
        Model build() {
            ShapedGraph graph = graph();
            String x = relu6(graph, graph.conv(ShapedGraph.INPUT, 3, 32, 3, 2, 1, 1));
            int channels = 32;
            for (int[] stage : STAGES) {
                for (int block = 0; block < stage[2]; block++) {
                    x = inverted(graph, x, channels, stage[1], stage[0], block == 0 ? stage[3] : 1);
                    channels = stage[1];
                }
            }
            return graph.classifier(relu6(graph, graph.conv(x, channels, 1280, 1, 1, 1, 1)), 1280);
        }

        private static String inverted(ShapedGraph graph, String x, int from, int to, int wider, int stride) {
            int inside = from * wider;
            String y = wider == 1 ? x : relu6(graph, graph.conv(x, from, inside, 1, 1, 1, 1));
            y = relu6(graph, graph.conv(y, inside, inside, 3, stride, inside, 1));
            y = graph.conv(y, inside, to, 1, 1, 1, 0.7);
            return from == to && stride == 1 ? graph.node("Add", Map.of(), y, x) : y;
        }

        private static String relu6(ShapedGraph graph, String x) {
            return graph.node("Clip", Map.of(), x, graph.constant(Tensor.scalar(0)), graph.constant(Tensor.scalar(6)));
        }
    },

    /** The encoder of BERT-base: 128 embedded words, 12 layers, 85 million weights, 11 billion multiply-adds. */
    BERT(1, 128, 768) {
        private static final int WORDS = 128;
        private static final int WIDTH = 768;
        private static final int HEADS = 12;

        @Override
        Model build() {
            ShapedGraph graph = graph();
            String x = norm(graph, ShapedGraph.INPUT);
            for (int layer = 0; layer < 12; layer++) {
                x = norm(graph, graph.node("Add", Map.of(), graph.linear(attention(graph, x), WIDTH, WIDTH), x));
                String inside = gelu(graph, graph.linear(x, WIDTH, 4 * WIDTH));
                x = norm(graph, graph.node("Add", Map.of(), graph.linear(inside, 4 * WIDTH, WIDTH), x));
            }
            return graph.model(x);
        }

        private static String attention(ShapedGraph graph, String x) {
            String query = heads(graph, x, 0, 2, 1, 3);
            String key = heads(graph, x, 0, 2, 3, 1);
            String value = heads(graph, x, 0, 2, 1, 3);
            String scores = graph.node("Div", Map.of(), graph.node("MatMul", Map.of(), query, key),
                    graph.constant(Tensor.scalar((float) Math.sqrt(WIDTH / (double) HEADS))));
            String mixed = graph.node("MatMul", Map.of(), graph.node("Softmax", Map.of("axis", Attribute.of(-1)),
                    scores), value);
            String rows = graph.node("Transpose", Map.of("perm", Attribute.ofInts(0, 2, 1, 3)), mixed);
            return graph.node("Reshape", Map.of(), rows, graph.constant(Tensor.of(new long[] {1, WORDS, WIDTH}, 3)));
        }

        private static String heads(ShapedGraph graph, String x, long... order) {
            String rows = graph.node("Reshape", Map.of(), graph.linear(x, WIDTH, WIDTH),
                    graph.constant(Tensor.of(new long[] {1, WORDS, HEADS, WIDTH / HEADS}, 4)));
            return graph.node("Transpose", Map.of("perm", Attribute.ofInts(order)), rows);
        }

        private static String norm(ShapedGraph graph, String x) {
            float[] ones = new float[WIDTH];
            Arrays.fill(ones, 1);
            return graph.node("LayerNormalization", Map.of("axis", Attribute.of(-1)), x,
                    graph.constant(Tensor.of(ones, WIDTH)), graph.constant(graph.values(0.1, WIDTH)));
        }

        // as PyTorch exports it
        private static String gelu(ShapedGraph graph, String x) {
            String erf = graph.node("Erf", Map.of(), graph.node("Div", Map.of(), x,
                    graph.constant(Tensor.scalar((float) Math.sqrt(2)))));
            String product = graph.node("Mul", Map.of(), x,
                    graph.node("Add", Map.of(), erf, graph.constant(Tensor.scalar(1))));
            return graph.node("Mul", Map.of(), product, graph.constant(Tensor.scalar(0.5f)));
        }
    };

    @SuppressWarnings("ImmutableEnumChecker") // never handed out
    private final long[] input;

    ShapedModel(long... input) {
        this.input = input;
    }

    /** The float model. */
    abstract Model build();

    ShapedGraph graph() {
        return new ShapedGraph(spelling(), input);
    }

    String spelling() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A model by its name; an error lists them. */
    static ShapedModel parse(String name) {
        return Arrays.stream(values()).filter(model -> model.spelling().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--model = shaped:" + name + ": must be one of "
                        + Arrays.stream(values()).map(model -> "shaped:" + model.spelling())
                                .collect(Collectors.joining(", "))));
    }

    /** The model quantized for an engine, with random samples. */
    Model quantize(Model model, String engine) {
        Tensor sample = new ShapedGraph(spelling(), input).values(1, input);
        return Quantizer.staticQuantize(model, List.of(Map.of(ShapedGraph.INPUT, sample)),
                StaticOptions.forEngine(engine));
    }

    static String relu(ShapedGraph graph, String x) {
        return graph.node("Relu", Map.of(), x);
    }
}
