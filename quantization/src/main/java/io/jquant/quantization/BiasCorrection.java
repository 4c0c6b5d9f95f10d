// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.DataType;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import io.jquant.graph.exec.Executor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes from every bias of a quantized model what quantization adds to the mean of its output channel, layer after
 * layer, so that each is corrected for what those before it still do.
 */
final class BiasCorrection {
    private final Map<String, double[]> exact;
    private final List<Map<String, Tensor>> batches;

    private BiasCorrection(Map<String, double[]> exact, List<Map<String, Tensor>> batches) {
        this.exact = exact;
        this.batches = batches;
    }

    /** Means of channels while they are summed up. */
    private static final class Means {
        private double[] sums;
        private long count;

        void add(Tensor value, int axis) {
            int channels = value.dim(axis);
            if (sums == null) {
                sums = new double[channels];
            }
            int inner = 1;
            for (int i = axis + 1; i < value.rank(); i++) {
                inner *= value.dim(i);
            }
            for (int i = 0; i < value.count(); i++) {
                sums[i / inner % channels] += value.floats()[i];
            }
            count += value.count() / channels;
        }

        double[] get() {
            double[] means = sums.clone();
            for (int i = 0; i < means.length; i++) {
                means[i] /= Math.max(1, count);
            }
            return means;
        }
    }

    /** A layer's node that adds a bias in a quantized graph: its int32 initializer and that initializer's scales. */
    private record Biased(Node node, String value, Tensor integers, Tensor scales) {
        int axis() {
            return node.is("Conv") || node.is("ConvTranspose") ? 1 : -1;
        }
    }

    static Model correct(Model prepared, Model quantized, List<Map<String, Tensor>> batches) {
        List<Node> layers = quantized.graph().nodes().stream().filter(n -> biased(quantized, n) != null).toList();
        Map<String, Integer> axes = new HashMap<>();
        layers.forEach(n -> axes.put(n.output(0), biased(quantized, n).axis()));
        BiasCorrection correction = new BiasCorrection(means(prepared, axes, batches), batches);
        Model corrected = quantized;
        for (Node layer : layers) {
            corrected = correction.correct(corrected, layer);
        }
        return corrected;
    }

    private Model correct(Model model, Node layer) {
        Biased bias = biased(model, layer);
        double[] wanted = exact.get(layer.output(0));
        if (wanted == null) {
            // an output of the graph, renamed
            return model;
        }
        double[] found = means(model, Map.of(layer.output(0), bias.axis()), batches).get(layer.output(0));
        Tensor integers = Tensor.allocate(DataType.S32, bias.integers().shape());
        for (int i = 0; i < integers.count(); i++) {
            double step = bias.scales().floats()[bias.scales().count() == 1 ? 0 : i];
            double corrected = bias.integers().getLong(i) - Math.rint((found[i] - wanted[i]) / step);
            integers.ints()[i] = (int) Math.clamp(corrected, Integer.MIN_VALUE / 2.0, Integer.MAX_VALUE / 2.0);
        }
        GraphBuilder builder = new GraphBuilder(model.graph());
        return model.withGraph(builder.putInitializer(bias.value(), integers).build());
    }

    private static Biased biased(Model model, Node node) {
        int at = node.is("Add") ? -1 : 2;
        if (at < 0) {
            for (int side = 0; side < 2; side++) {
                Node other = model.graph().producer(node.input(1 - side));
                at = other != null && other.is("MatMul") ? side : at;
            }
        }
        Node dequantize = at < 0 || !(node.is("Add") || node.is("Conv") || node.is("ConvTranspose") || node.is("Gemm"))
                ? null
                : model.graph().producer(node.input(at));
        if (dequantize == null || !dequantize.is("DequantizeLinear")) {
            return null;
        }
        Tensor integers = model.graph().initializers().get(dequantize.input(0));
        Tensor scales = model.graph().initializers().get(dequantize.input(1));
        boolean whole = integers != null && integers.type() == DataType.S32 && integers.rank() == 1 && scales != null;
        return whole ? new Biased(node, dequantize.input(0), integers, scales) : null;
    }

    /** The means of the channels of values; an axis of -1 is the last. */
    private static Map<String, double[]> means(Model model, Map<String, Integer> axes,
            List<Map<String, Tensor>> batches) {
        Map<String, Means> all = new HashMap<>();
        Executor executor = Executor.plan(model);
        for (Map<String, Tensor> batch : batches) {
            executor.run(batch, (name, value) -> {
                Integer axis = axes.get(name);
                if (axis != null && value.type() == DataType.F32) {
                    all.computeIfAbsent(name, n -> new Means()).add(value, axis < 0 ? value.rank() - 1 : axis);
                }
            });
        }
        Map<String, double[]> means = new HashMap<>();
        all.forEach((name, sum) -> means.put(name, sum.get()));
        return means;
    }
}
