// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.DataType;
import io.jquant.QuantizationParameters;
import io.jquant.graph.Attribute;
import io.jquant.graph.Graph;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Quantizes weights and biases: the integers become initializers, read through DequantizeLinear. */
final class WeightConverter {
    /** Beyond this many steps a bias no longer fits its int32 sum with room to spare. */
    private static final double MOST_BIAS_STEPS = 1 << 30;

    /** A weight together with the bias and the activation that its scales go with. */
    private record Use(String weight, String bias, String activation) {
    }

    private final Graph graph;
    private final QuantizationPlan plan;
    private final Map<String, QuantizationParameters> activations;
    private final GraphBuilder out;
    private final Map<Use, String> names = new HashMap<>();
    private final Map<Use, QuantizationParameters> parameters = new HashMap<>();

    WeightConverter(Graph graph, QuantizationPlan plan, Map<String, QuantizationParameters> activations,
            GraphBuilder out) {
        this.graph = graph;
        this.plan = plan;
        this.activations = activations;
        this.out = out;
    }

    /** The name of a node's weight, quantized and dequantized. */
    String weight(Node node, QuantizationPlan.Planned planned) {
        Use use = new Use(node.input(1), plan.biasOf(node), node.input(0));
        return names.computeIfAbsent(use, u -> {
            Tensor weight = graph.initializers().get(u.weight());
            QuantizationParameters p = choose(node, planned, u, weight);
            parameters.put(u, p);
            return write(u.weight(), quantize(weight, p), p);
        });
    }

    /** The name of a bias, quantized to steps of the sums and dequantized. */
    String bias(String value, QuantizationPlan.Planned planned) {
        Use use = new Use(planned.weight(), value, planned.activation());
        QuantizationParameters weight = parameters.get(use);
        float input = activations.get(planned.activation()).scale();
        float[] scales = new float[weight.channels()];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = input * weight.scale(i);
        }
        QuantizationParameters p = weight.isPerTensor()
                ? QuantizationParameters.perTensor(DataType.S32, scales[0], 0)
                : QuantizationParameters.symmetricPerChannel(DataType.S32, scales, 0);
        return write(value, quantize(graph.initializers().get(value), p), p);
    }

    private QuantizationParameters choose(Node node, QuantizationPlan.Planned planned, Use use, Tensor weight) {
        Observer observer = planned.config().weight().apply(outputAxis(node));
        observer.observe(weight);
        QuantizationParameters p = observer.parameters();
        if (use.bias().isEmpty()) {
            return p;
        }
        Tensor bias = graph.initializers().get(use.bias());
        double input = activations.get(use.activation()).scale();
        float[] scales = new float[p.channels()];
        int[] zeroPoints = new int[p.channels()];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = p.scale(i);
            zeroPoints[i] = p.zeroPoint(i);
        }
        for (int i = 0; i < bias.count(); i++) {
            // a channel of tiny weights with a large bias: coarser weights, so that the bias can be said in their steps
            int channel = p.isPerTensor() ? 0 : i;
            float least = (float) (Math.abs(bias.getDouble(i)) / MOST_BIAS_STEPS / input);
            scales[channel] = Math.max(scales[channel], least);
        }
        return p.isPerTensor()
                ? QuantizationParameters.perTensor(p.type(), scales[0], zeroPoints[0])
                : QuantizationParameters.perChannel(p.type(), scales, zeroPoints, p.axis());
    }

    /** The axis of a weight's output channels, if its channels can have scales of their own. */
    private static int outputAxis(Node node) {
        return switch (node.opType()) {
            case "MatMul" -> 1;
            case "ConvTranspose" -> node.intAttribute("group", 1) == 1 ? 1 : QuantizationParameters.NO_AXIS;
            default -> 0;
        };
    }

    private String write(String value, Tensor quantized, QuantizationParameters p) {
        String data = out.addInitializer(value + "_quantized", quantized);
        float[] scales = new float[p.channels()];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = p.scale(i);
        }
        String scale = out.addInitializer(value + "_scale",
                p.isPerTensor() ? Tensor.scalar(p.scale()) : Tensor.of(scales, scales.length));
        // zero points of weights are written though they are zeros: ONNX Runtime, asked for exact sums, needs them
        List<String> inputs = p.type() == DataType.S32
                ? List.of(data, scale)
                : List.of(data, scale, out.addInitializer(value + "_zero_point", zeroPoints(p)));
        String name = out.freshName(value + "_dequantized");
        out.add(new Node("DequantizeLinear", "", name, inputs, List.of(name),
                p.isPerTensor() ? Map.of() : Map.of("axis", Attribute.of(p.axis()))));
        return name;
    }

    private static Tensor zeroPoints(QuantizationParameters p) {
        Tensor points = p.isPerTensor() ? Tensor.allocate(p.type()) : Tensor.allocate(p.type(), p.channels());
        for (int i = 0; i < p.channels(); i++) {
            points.setLong(i, p.zeroPoint(i));
        }
        return points;
    }

    /** Quantizes a constant by division, as ONNX defines it. */
    static Tensor quantize(Tensor real, QuantizationParameters p) {
        Tensor quantized = Tensor.allocate(p.type(), real.shape());
        int inner = 1;
        for (int i = p.axis() + 1; i < real.rank() && !p.isPerTensor(); i++) {
            inner *= real.dim(i);
        }
        float[] from = real.floats();
        for (int i = 0; i < real.count(); i++) {
            int channel = p.isPerTensor() ? 0 : i / inner % p.channels();
            double steps = Math.rint(from[i] / p.scale(channel)) + p.zeroPoint(channel);
            quantized.setLong(i, (long) Math.clamp(steps, p.type().min(), p.type().max()));
        }
        return quantized;
    }
}
