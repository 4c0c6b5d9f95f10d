// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.DataType;
import io.jquant.graph.Attribute;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import io.jquant.graph.lowering.LoweredModel;
import io.jquant.quantization.passes.GraphPass;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * ONNX's operators on integers: QLinearConv, and of domain com.microsoft QGemm, QLinearAdd, QLinearMul, poolings,
 * Sigmoid, Softmax, Concat; max poolings and changes of shape work on integers as they are. What has no such form keeps
 * QuantizeLinear and DequantizeLinear.
 */
public final class QOperatorFormat {
    private static final String MICROSOFT = "com.microsoft";

    private final GraphBuilder graph;

    private QOperatorFormat(Model model) {
        graph = new GraphBuilder(model.graph());
    }

    /**
     * Rewrites a quantized model.
     *
     * @param model a model with QuantizeLinear and DequantizeLinear
     * @return the model with operators on integers
     */
    public static Model of(Model model) {
        QOperatorFormat format = new QOperatorFormat(model);
        for (Node node : model.graph().nodes()) {
            if (node.is("QuantizeLinear")) {
                format.visit(node);
            }
        }
        Map<String, Integer> opsets = new LinkedHashMap<>(model.opsets());
        opsets.putIfAbsent(MICROSOFT, 1);
        Map<String, String> metadata = new LinkedHashMap<>(model.metadata());
        metadata.put(LoweredModel.SCHEME_PROPERTY, "static-qoperator");
        return new Model(model.irVersion(), opsets, model.producer(), model.producerVersion(), metadata,
                format.graph.prune().build());
    }

    private void visit(Node quantize) {
        Node core = graph.producer(quantize.input(0));
        if (core == null || GraphPass.onlyReader(graph, core.output(0)) == null) {
            return;
        }
        if (core.is("Relu")) {
            // integers cannot be below a zero point of 0, which is what Relu sees to
            Tensor zeroPoint = graph.initializer(quantize.input(2));
            boolean bounded = zeroPoint != null && zeroPoint.type() == DataType.U8 && zeroPoint.getLong(0) == 0;
            Node clamped = graph.producer(core.input(0));
            if (!bounded || clamped == null || GraphPass.onlyReader(graph, core.input(0)) == null) {
                return;
            }
            core = clamped;
        }
        List<String> inputs = integers(core, quantize);
        if (inputs != null) {
            graph.replace(quantize, form(core, inputs, quantize.output(0)));
        }
    }

    private static Node form(Node core, List<String> inputs, String output) {
        Map<String, Attribute> attributes = new TreeMap<>(core.attributes());
        String opType = switch (core.opType()) {
            case "Conv", "MatMul", "Add", "Mul", "Concat", "Sigmoid" -> "QLinear" + core.opType();
            case "Gemm" -> {
                attributes.remove("beta");
                yield "QGemm";
            }
            case "GlobalAveragePool" -> {
                attributes.put("channels_last", Attribute.of(0));
                yield "QLinear" + core.opType();
            }
            case "AveragePool" -> "QLinear" + core.opType();
            default -> core.opType();
        };
        String domain = opType.equals("QLinearConv") || opType.equals("QLinearMatMul") || opType.equals(core.opType())
                ? ""
                : MICROSOFT;
        return new Node(opType, domain, core.name(), inputs, List.of(output), attributes);
    }

    /** The inputs of the form on integers; null if there is none. */
    private List<String> integers(Node core, Node quantize) {
        if (!core.domain().isEmpty()) {
            return null;
        }
        return switch (core.opType()) {
            case "Conv" -> weighted(core, quantize, false);
            case "Gemm" -> isPlain(core) ? weighted(core, quantize, true) : null;
            case "MatMul", "Add", "Mul" -> all(core, quantize, 2);
            case "Sigmoid", "GlobalAveragePool", "AveragePool" -> all(core, quantize, 1);
            case "Concat" -> concat(core, quantize);
            case "MaxPool", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose" -> moved(core, quantize);
            default -> null;
        };
    }

    private static boolean isPlain(Node gemm) {
        return gemm.intAttribute("transA", 0) == 0 && gemm.floatAttribute("alpha", 1) == 1
                && gemm.floatAttribute("beta", 1) == 1;
    }

    /** Integers, scale and zero point that a real value is dequantized from; null if it is not. */
    private List<String> triple(String real) {
        Node dequantize = graph.producer(real);
        if (dequantize == null || !dequantize.is("DequantizeLinear")) {
            return null;
        }
        List<String> triple = new ArrayList<>(List.of(dequantize.input(0), dequantize.input(1)));
        triple.add(dequantize.input(2).isEmpty() ? zeroPoint(dequantize) : dequantize.input(2));
        return triple;
    }

    /** A zero point that was left out. */
    private String zeroPoint(Node dequantize) {
        Tensor scale = graph.initializer(dequantize.input(1));
        Tensor integers = graph.initializer(dequantize.input(0));
        DataType type = integers == null ? DataType.U8 : integers.type();
        Tensor zeros = Tensor.allocate(type, scale.shape());
        return graph.addInitializer(dequantize.input(1) + "_zero_point", zeros);
    }

    private List<String> all(Node core, Node quantize, int count) {
        List<String> inputs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> triple = triple(core.input(i));
            Tensor scale = triple == null ? null : graph.initializer(triple.get(1));
            if (scale == null || scale.count() != 1) {
                return null;
            }
            inputs.addAll(triple);
        }
        inputs.addAll(List.of(quantize.input(1), quantize.input(2)));
        return inputs;
    }

    private List<String> weighted(Node core, Node quantize, boolean biasFirst) {
        List<String> input = triple(core.input(0));
        List<String> weight = triple(core.input(1));
        List<String> bias = core.input(2).isEmpty() ? List.of() : triple(core.input(2));
        if (input == null || weight == null || bias == null) {
            return null;
        }
        List<String> inputs = new ArrayList<>(input);
        inputs.addAll(weight);
        List<String> output = List.of(quantize.input(1), quantize.input(2));
        if (biasFirst) {
            inputs.add(bias.isEmpty() ? "" : bias.getFirst());
            inputs.addAll(output);
        } else {
            inputs.addAll(output);
            bias.stream().limit(1).forEach(inputs::add);
        }
        return inputs;
    }

    private List<String> concat(Node core, Node quantize) {
        List<String> inputs = new ArrayList<>(List.of(quantize.input(1), quantize.input(2)));
        for (String input : core.inputs()) {
            List<String> triple = triple(input);
            if (triple == null) {
                return null;
            }
            inputs.addAll(triple);
        }
        return inputs;
    }

    /** The inputs of an operator that moves integers, if they keep their meaning. */
    private List<String> moved(Node core, Node quantize) {
        List<String> triple = triple(core.input(0));
        if (triple == null || !triple.get(1).equals(quantize.input(1)) || !triple.get(2).equals(quantize.input(2))
                || core.outputs().size() != 1) {
            return null;
        }
        List<String> inputs = new ArrayList<>(core.inputs());
        inputs.set(0, triple.getFirst());
        return inputs;
    }
}
