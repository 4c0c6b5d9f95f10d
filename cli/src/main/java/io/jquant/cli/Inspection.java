// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.QuantizationParameters;
import io.jquant.graph.Graph;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.exec.Limits;
import io.jquant.graph.exec.ShapeInference;
import io.jquant.quantization.QConfigMapping;
import io.jquant.quantization.suite.QuantizedValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a model consists of.
 *
 * @param nodes its nodes without those that quantize and dequantize
 * @param operators how many nodes there are of each operator
 * @param constantBytes bytes of the constants of each type
 * @param metadata what the file says about itself
 */
record Inspection(List<Row> nodes, Map<String, Integer> operators, Map<String, Long> constantBytes,
        Map<String, String> metadata) {
    /**
     * A node.
     *
     * @param name its name
     * @param operator its operator
     * @param output the first value that it makes
     * @param type the type of that value, dequantized
     * @param shape its shape
     * @param quantized how it is quantized, null if it is not
     * @param constants the types of the node's constants that have more than one axis, as they are stored
     * @param bytes the bytes of all its constants
     */
    record Row(String name, String operator, String output, String type, String shape,
            QuantizationParameters quantized, List<String> constants, long bytes) {
        Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("name", name);
            map.put("operator", operator);
            map.put("output", output);
            map.put("type", type);
            map.put("shape", shape);
            map.put("quantizedTo", quantized == null ? null : quantized.type().toString());
            map.put("scale", quantized == null ? null : (double) quantized.scale());
            map.put("zeroPoint", quantized == null ? null : quantized.zeroPoint());
            map.put("constants", constants);
            map.put("bytes", bytes);
            return map;
        }
    }

    static Inspection of(Model model) {
        Graph graph = model.graph();
        Map<String, ValueInfo> values = ShapeInference.infer(model, Limits.DEFAULT).values();
        Map<String, QuantizationParameters> quantized = new HashMap<>();
        QuantizedValue.of(model).forEach(value -> quantized.put(value.real(), value.parameters()));
        List<Row> rows = new ArrayList<>();
        Map<String, Integer> operators = new TreeMap<>();
        for (Node node : graph.nodes()) {
            operators.merge(operator(node), 1, Integer::sum);
            if (!node.is("QuantizeLinear") && !node.is("DequantizeLinear")) {
                rows.add(row(graph, node, values.get(node.output(0)), quantized.get(node.output(0))));
            }
        }
        Map<String, Long> bytes = new TreeMap<>();
        graph.initializers().values().forEach(tensor -> bytes.merge(tensor.type().toString(), tensor.byteSize(),
                Long::sum));
        return new Inspection(rows, operators, bytes, model.metadata());
    }

    private static Row row(Graph graph, Node node, ValueInfo made, QuantizationParameters quantized) {
        List<String> types = new ArrayList<>();
        long bytes = 0;
        for (String read : node.inputs()) {
            Node maker = graph.producer(read);
            // a constant that is dequantized belongs to whoever reads it
            boolean stored = maker != null && maker.is("DequantizeLinear")
                    && graph.initializers().containsKey(maker.input(0));
            for (String constant : stored ? maker.inputs() : List.of(read)) {
                Tensor tensor = graph.initializers().get(constant);
                bytes += tensor == null ? 0 : tensor.byteSize();
                if (tensor != null && tensor.rank() > 1) {
                    types.add(tensor.toString());
                }
            }
        }
        return new Row(QConfigMapping.nameOf(node), operator(node), node.output(0), made.type().toString(),
                made.shape().toString(), quantized, types, bytes);
    }

    private static String operator(Node node) {
        return node.domain().isEmpty() ? node.opType() : node.domain() + ":" + node.opType();
    }

    long bytes() {
        return constantBytes.values().stream().mapToLong(Long::longValue).sum();
    }

    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("metadata", metadata);
        map.put("operators", operators);
        map.put("constantBytes", constantBytes);
        map.put("nodes", nodes.stream().map(Row::asMap).toList());
        return map;
    }
}
