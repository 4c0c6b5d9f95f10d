// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.graph.Attribute;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes operators on integers (QLinearConv, and QGemm, QLinearAdd ... of domain com.microsoft) as real ones between
 * DequantizeLinear and QuantizeLinear, so that there is one form to lower. An operator whose scales are not constant
 * stays as it is.
 */
final class QOperatorExpansion {
    private static final String MICROSOFT = "com.microsoft";

    /** Names of a scale and a zero point, the latter perhaps empty. */
    private record Scale(String scale, String zeroPoint) {
    }

    private final GraphBuilder graph;
    /** How the integers that nodes make stand for real numbers. */
    private final Map<String, Scale> scales = new HashMap<>();

    private QOperatorExpansion(Model model) {
        graph = new GraphBuilder(model.graph());
    }

    /** The model without such operators; itself if it has none. */
    static Model apply(Model model) {
        if (model.graph().nodes().stream().noneMatch(QOperatorExpansion::isIntegral)) {
            return model;
        }
        QOperatorExpansion expansion = new QOperatorExpansion(model);
        model.graph().nodes().forEach(expansion::visit);
        return model.withGraph(expansion.graph.prune().build());
    }

    private static boolean isIntegral(Node node) {
        return node.is("QLinearConv") || node.is("QLinearMatMul")
                || (node.domain().equals(MICROSOFT) && (node.opType().startsWith("QLinear")
                        || node.opType().equals("QGemm")));
    }

    private void visit(Node node) {
        if (node.is("QuantizeLinear")) {
            scales.put(node.output(0), new Scale(node.input(1), node.input(2)));
        } else if (isIntegral(node)) {
            integral(node);
        } else if (movesIntegers(node) && scales.containsKey(node.input(0))) {
            Scale scale = scales.get(node.input(0));
            List<String> inputs = new ArrayList<>(node.inputs());
            inputs.set(0, dequantize(node.input(0), scale, null));
            replace(node, node.opType(), inputs, node.attributes(), scale);
        }
    }

    /** Whether an operator gives integers the meaning of its first input's. */
    private static boolean movesIntegers(Node node) {
        return node.domain().isEmpty() && node.outputs().size() == 1 && switch (node.opType()) {
            case "MaxPool", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose" -> true;
            default -> false;
        };
    }

    private void integral(Node node) {
        switch (node.opType()) {
            case "QLinearConv" -> weighted(node, "Conv", 3, 6, 8);
            case "QGemm" -> {
                if (!node.input(7).isEmpty()) {
                    weighted(node, "Gemm", 3, 7, 6);
                }
            }
            case "QLinearMatMul" -> binary(node, "MatMul", 3, 6);
            case "QLinearAdd" -> binary(node, "Add", 3, 6);
            case "QLinearMul" -> binary(node, "Mul", 3, 6);
            case "QLinearSigmoid" -> unary(node, "Sigmoid");
            case "QLinearLeakyRelu" -> unary(node, "LeakyRelu");
            case "QLinearSoftmax" -> unary(node, "Softmax");
            case "QLinearAveragePool" -> unary(node, "AveragePool");
            case "QLinearGlobalAveragePool" -> unary(node, "GlobalAveragePool");
            case "QLinearConcat" -> concat(node);
            default -> {
                // runs as it is defined
            }
        }
    }

    /** A layer with weights: input, weights and output with scale and zero point behind each, and an int32 bias. */
    private void weighted(Node node, String opType, int weight, int output, int bias) {
        Tensor inputScale = graph.initializer(node.input(1));
        Tensor weightScale = graph.initializer(node.input(weight + 1));
        if (inputScale == null || weightScale == null) {
            return;
        }
        boolean gemm = opType.equals("Gemm");
        int axis = gemm && node.intAttribute("transB", 0) == 0 ? 1 : 0;
        List<String> inputs = new ArrayList<>(List.of(dequantize(node.input(0), scale(node, 1), null),
                dequantize(node.input(weight), scale(node, weight + 1), weightScale.count() == 1 ? null : axis)));
        if (!node.input(bias).isEmpty()) {
            float[] steps = weightScale.toFloats();
            for (int i = 0; i < steps.length; i++) {
                steps[i] *= inputScale.floats()[0];
            }
            String scale = graph.addInitializer(node.input(bias) + "_scale",
                    steps.length == 1 ? Tensor.scalar(steps[0]) : Tensor.of(steps, steps.length));
            inputs.add(dequantize(node.input(bias), new Scale(scale, ""), steps.length == 1 ? null : 0));
        }
        replace(node, opType, inputs, node.attributes(), scale(node, output));
    }

    private void binary(Node node, String opType, int second, int output) {
        replace(node, opType, List.of(dequantize(node.input(0), scale(node, 1), null),
                dequantize(node.input(second), scale(node, second + 1), null)), Map.of(), scale(node, output));
    }

    private void unary(Node node, String opType) {
        if (node.intAttribute("channels_last", 0) != 0) {
            return;
        }
        Map<String, Attribute> attributes = new TreeMap<>(node.attributes());
        attributes.remove("channels_last");
        attributes.remove("opset");
        replace(node, opType, List.of(dequantize(node.input(0), scale(node, 1), null)), attributes, scale(node, 3));
    }

    private void concat(Node node) {
        List<String> inputs = new ArrayList<>();
        for (int i = 2; i + 2 < node.inputs().size(); i += 3) {
            inputs.add(dequantize(node.input(i), scale(node, i + 1), null));
        }
        replace(node, "Concat", inputs, node.attributes(), scale(node, 0));
    }

    private static Scale scale(Node node, int input) {
        return new Scale(node.input(input), node.input(input + 1));
    }

    private String dequantize(String value, Scale scale, Integer axis) {
        String name = graph.freshName(value + "_real");
        graph.add(new Node("DequantizeLinear", "", name, inputs(value, scale), List.of(name),
                axis == null ? Map.of() : Map.of("axis", Attribute.of(axis))));
        return name;
    }

    private static List<String> inputs(String value, Scale scale) {
        return scale.zeroPoint().isEmpty() ? List.of(value, scale.scale())
                : List.of(value, scale.scale(), scale.zeroPoint());
    }

    private void replace(Node node, String opType, List<String> inputs, Map<String, Attribute> attributes,
            Scale scale) {
        String real = graph.freshName(node.output(0) + "_real");
        graph.remove(node);
        graph.add(new Node(opType, "", node.name(), inputs, List.of(real), attributes));
        graph.add(new Node("QuantizeLinear", "", node.output(0), inputs(real, scale), List.of(node.output(0)),
                Map.of()));
        scales.put(node.output(0), scale);
    }
}
