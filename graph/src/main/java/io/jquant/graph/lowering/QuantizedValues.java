// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.Activation;
import io.jquant.DataType;
import io.jquant.QuantizationParameters;
import io.jquant.graph.Graph;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.exec.InferredValues;
import io.jquant.graph.exec.Limits;
import io.jquant.graph.exec.ShapeInference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a graph says about quantized values: which there are, with which parameters, and what lies between two. */
final class QuantizedValues {
    // sizes and the like
    private static final Limits LIMITS = new Limits(Limits.DEFAULT.runBytes(), 16L << 20);

    private final Model model;
    private final InferredValues inferred;
    private final Map<String, Node> producers = new HashMap<>();
    private final Map<String, List<Node>> consumers = new HashMap<>();
    private final Set<String> outputs = new HashSet<>();

    QuantizedValues(Model model) {
        this.model = model;
        this.inferred = ShapeInference.infer(model, LIMITS, node -> !isWeight(model.graph(), node));
        Graph graph = model.graph();
        for (Node node : graph.nodes()) {
            node.outputs().forEach(v -> producers.put(v, node));
            node.inputs().stream().distinct()
                    .forEach(v -> consumers.computeIfAbsent(v, k -> new ArrayList<>()).add(node));
        }
        graph.outputs().forEach(o -> outputs.add(o.name()));
    }

    /** Whether a node dequantizes stored weights: lowering wants their integers only. */
    private static boolean isWeight(Graph graph, Node node) {
        Tensor stored = node.is("DequantizeLinear") ? graph.initializers().get(node.input(0)) : null;
        return stored != null && stored.rank() > 1;
    }

    Graph graph() {
        return model.graph();
    }

    /** A value that is known beforehand, or null. */
    Tensor constant(String value) {
        return inferred.constants().get(value);
    }

    Node producer(String value) {
        return producers.get(value);
    }

    ValueInfo info(String value) {
        return inferred.values().get(value);
    }

    /** The shape of a value. */
    Shape shape(String value) {
        ValueInfo info = info(value);
        return info == null ? Shape.UNKNOWN : info.shape();
    }

    /** One size of a value, -1 if it is not known. */
    int size(String value, int axis) {
        Shape shape = shape(value);
        return axis < shape.rank() && shape.dim(axis).isKnown() ? Math.toIntExact(shape.dim(axis).value()) : -1;
    }

    /** Whether nothing but one node sees a value. */
    boolean isPrivate(String value) {
        return consumers.getOrDefault(value, List.of()).size() == 1 && !outputs.contains(value);
    }

    /** A real value as the quantized one that it is dequantized from; null if it is not. */
    Operand operand(String real) {
        Node node = producers.get(real);
        if (node == null || !node.is("DequantizeLinear")) {
            return null;
        }
        QuantizationParameters parameters = parameters(node);
        if (parameters == null) {
            return null;
        }
        return new Operand(node.input(0), parameters, constant(node.input(0)));
    }

    /** The parameters of a QuantizeLinear or DequantizeLinear; null if jquant has no such or they are not constant. */
    QuantizationParameters parameters(Node node) {
        Tensor scale = constant(node.input(1));
        Tensor zeroPoint = node.input(2).isEmpty() ? null : constant(node.input(2));
        ValueInfo quantized = info(node.is("DequantizeLinear") ? node.input(0) : node.output(0));
        boolean known = scale != null && (node.input(2).isEmpty() || zeroPoint != null) && scale.rank() <= 1
                && scale.type() == DataType.F32 && quantized != null && quantized.type() != null
                && node.intAttribute("block_size", 0) == 0;
        if (!known || !isHandled(quantized.type())) {
            return null;
        }
        float[] scales = scale.toFloats();
        int[] zeroPoints = new int[scales.length];
        for (int i = 0; i < scales.length && zeroPoint != null; i++) {
            zeroPoints[i] = (int) zeroPoint.getLong(i);
        }
        long axis = node.intAttribute("axis", 1);
        int rank = quantized.shape().rank();
        try {
            // one scale in a list is written by tools that mean the whole tensor
            return scale.count() == 1
                    ? QuantizationParameters.perTensor(quantized.type(), scales[0], zeroPoints[0])
                    : QuantizationParameters.perChannel(quantized.type(), scales, zeroPoints,
                            (int) (axis < 0 ? axis + rank : axis));
        } catch (IllegalArgumentException e) {
            // a scale that ONNX allows and engines do not: the node stays as it is
            return null;
        }
    }

    private static boolean isHandled(DataType type) {
        return type == DataType.U8 || type == DataType.S8 || type == DataType.S32;
    }

    /** What lies before a QuantizeLinear, if it is one operator with an activation; null if it is not. */
    Pattern before(Node quantize) {
        QuantizationParameters output = parameters(quantize);
        Node last = producers.get(quantize.input(0));
        if (output == null || !output.isPerTensor() || output.type() == DataType.S32 || last == null
                || !isPrivate(quantize.input(0))) {
            return null;
        }
        List<Node> nodes = new ArrayList<>(List.of(last));
        Activation activation = Activation.NONE;
        Node core = last;
        Node clamped = producers.get(last.input(0));
        Activation bounds = bounds(last);
        if (bounds != null && clamped != null && isPrivate(last.input(0)) && clamps(clamped)) {
            activation = bounds;
            core = clamped;
            nodes.add(core);
        }
        String bias = core.is("MatMul") || !core.is("Add") ? biasInput(core) : "";
        for (int i = 0; i < 2 && core.is("Add"); i++) {
            Node product = producers.get(core.input(i));
            boolean constant = constant(core.input(1 - i)) != null && shape(core.input(1 - i)).rank() == 1;
            if (product != null && product.is("MatMul") && isPrivate(core.input(i)) && constant) {
                bias = core.input(1 - i);
                core = product;
                nodes.add(core);
            }
        }
        return new Pattern(core, bias, activation, nodes, quantize.output(0), output);
    }

    private static String biasInput(Node core) {
        return core.is("Conv") || core.is("ConvTranspose") || core.is("Gemm") ? core.input(2) : "";
    }

    /** Whether an operator's kernel bounds its result itself. */
    private static boolean clamps(Node node) {
        return node.domain().isEmpty() && switch (node.opType()) {
            case "Conv", "ConvTranspose", "Gemm", "MatMul", "Add", "Sub", "Mul" -> true;
            default -> false;
        };
    }

    /** The bounds of a Relu or Clip, null if it is neither or they are not known. */
    Activation bounds(Node node) {
        if (node.is("Relu")) {
            return Activation.RELU;
        }
        if (!node.is("Clip")) {
            return null;
        }
        float min = bound(node, 1, "min", Float.NEGATIVE_INFINITY);
        float max = bound(node, 2, "max", Float.POSITIVE_INFINITY);
        return min <= max ? new Activation(min, max) : null;
    }

    /** A bound that is an input or, in older models, an attribute; NaN if it is not known. */
    private float bound(Node clip, int input, String attribute, float absent) {
        if (clip.input(input).isEmpty()) {
            return clip.floatAttribute(attribute, absent);
        }
        Tensor constant = constant(clip.input(input));
        return constant == null || constant.count() != 1 ? Float.NaN : (float) constant.getDouble(0);
    }
}
