// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.suite;

import io.jquant.DataType;
import io.jquant.QuantizationParameters;
import io.jquant.graph.Graph;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import io.jquant.graph.exec.Limits;
import io.jquant.graph.exec.ShapeInference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An activation that a model quantizes with QuantizeLinear and DequantizeLinear.
 *
 * @param name its name in the float model
 * @param real the name of what is quantized: the value's own, unless the value is an output of the graph
 * @param dequantized the name of what comes out of DequantizeLinear; that of the integers if nothing does
 * @param parameters how it is quantized
 */
public record QuantizedValue(String name, String real, String dequantized, QuantizationParameters parameters) {
    /**
     * The activations that a model quantizes.
     *
     * @param model a model with QuantizeLinear and DequantizeLinear
     * @return them in the order of the nodes; none if the model is float, or quantizes in another way
     * @throws io.jquant.graph.OperatorException if a node cannot be applied to its inputs, or is unknown
     */
    public static List<QuantizedValue> of(Model model) {
        Graph graph = model.graph();
        Map<String, Tensor> constants = ShapeInference.infer(model, Limits.DEFAULT).constants();
        List<QuantizedValue> found = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Tensor scale = constants.get(node.input(1));
            if (!node.is("QuantizeLinear") || constants.containsKey(node.input(0)) || scale == null) {
                continue;
            }
            String end = graph.consumers(node.output(0)).stream().filter(reader -> reader.is("DequantizeLinear"))
                    .map(reader -> reader.output(0)).findFirst().orElse(node.output(0));
            boolean renamed = graph.outputs().stream().anyMatch(output -> output.name().equals(end));
            found.add(new QuantizedValue(renamed ? end : node.input(0), node.input(0), end,
                    parameters(node, scale, constants.get(node.input(2)))));
        }
        return List.copyOf(found);
    }

    private static QuantizationParameters parameters(Node node, Tensor scale, Tensor zeroPoint) {
        DataType type = zeroPoint == null ? DataType.U8 : zeroPoint.type();
        if (scale.count() == 1) {
            return QuantizationParameters.perTensor(type, (float) scale.getDouble(0),
                    zeroPoint == null ? 0 : (int) zeroPoint.getLong(0));
        }
        int[] points = new int[scale.count()];
        for (int i = 0; i < points.length && zeroPoint != null; i++) {
            points[i] = (int) zeroPoint.getLong(i);
        }
        return QuantizationParameters.perChannel(type, scale.toFloats(), points,
                (int) Math.max(0, node.intAttribute("axis", 1)));
    }
}
