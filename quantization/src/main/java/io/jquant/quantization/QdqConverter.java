// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.QuantizationParameters;
import io.jquant.graph.Graph;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.lowering.LoweredModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a plan and its parameters into the graph as QuantizeLinear and DequantizeLinear. */
final class QdqConverter {
    private final Model model;
    private final Graph graph;
    private final QuantizationPlan plan;
    private final Map<String, QuantizationParameters> parameters;
    private final GraphBuilder out = new GraphBuilder();
    private final WeightConverter weights;
    /** Names of the dequantized form, by what was quantized. */
    private final Map<String, String> dequantized = new HashMap<>();
    /** Names of scale and zero point, by parameters. */
    private final Map<QuantizationParameters, List<String>> written = new HashMap<>();

    QdqConverter(Model model, QuantizationPlan plan, Map<String, QuantizationParameters> parameters) {
        this.model = model;
        this.graph = model.graph();
        this.plan = plan;
        this.parameters = parameters;
        this.weights = new WeightConverter(graph, plan, parameters, out);
    }

    Model convert(StaticOptions options) {
        out.name(graph.name());
        graph.inputs().forEach(out::input);
        graph.outputs().forEach(out::output);
        graph.initializers().forEach(out::putInitializer);
        // names that later nodes make must not be taken by what is added before them
        graph.nodes().forEach(n -> n.outputs().stream().filter(v -> !v.isEmpty()).forEach(out::freshName));
        for (ValueInfo input : graph.inputs()) {
            quantize(input.name(), input.name());
        }
        graph.nodes().forEach(this::convert);
        Map<String, String> metadata = new LinkedHashMap<>(model.metadata());
        metadata.put(LoweredModel.ENGINE_PROPERTY, options.engine());
        metadata.put(LoweredModel.SCHEME_PROPERTY, "static-qdq");
        return new Model(model.irVersion(), model.opsets(), "jquant", "", metadata, out.prune().build());
    }

    private void convert(Node node) {
        QuantizationPlan.Planned planned = plan.of(node);
        List<String> inputs = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            String value = node.input(i);
            QuantizationPlan.Input kind = planned == null || i >= planned.inputs().size()
                    ? QuantizationPlan.Input.KEPT
                    : planned.inputs().get(i);
            inputs.add(value.isEmpty() ? value : switch (kind) {
                case ACTIVATION -> activation(value);
                case WEIGHT -> weights.weight(node, planned);
                case BIAS -> weights.bias(value, planned);
                // what quantized operators make exists only quantized
                case KEPT -> isMadeQuantized(value) ? activation(value) : value;
            });
        }
        List<String> outputs = new ArrayList<>();
        Map<String, String> toQuantize = new LinkedHashMap<>();
        for (String value : node.outputs()) {
            boolean renamed = out.isOutput(value) && isMadeQuantized(value);
            outputs.add(renamed ? out.freshName(value + "_real") : value);
            toQuantize.put(value, outputs.getLast());
        }
        out.add(node.withInputs(inputs).withOutputs(outputs));
        toQuantize.forEach(this::quantize);
    }

    private boolean isMadeQuantized(String value) {
        Node maker = graph.producer(value);
        return maker != null && plan.of(maker) != null && plan.groups().contains(value);
    }

    private String activation(String value) {
        Tensor constant = graph.initializers().get(value);
        if (constant != null) {
            return dequantized.computeIfAbsent(value, v -> constant(v, constant));
        }
        return dequantized.get(value);
    }

    private String constant(String value, Tensor constant) {
        QuantizationParameters p = parameters.get(value);
        return dequantize(out.addInitializer(value + "_quantized", WeightConverter.quantize(constant, p)), p,
                out.freshName(value + "_dequantized"));
    }

    /** Puts a pair of nodes behind a value. An output of the graph keeps its name. */
    private void quantize(String value, String made) {
        QuantizationParameters p = parameters.get(value);
        if (p == null) {
            return;
        }
        String quantized = out.freshName(value + "_quantized");
        List<String> names = names(p, value);
        out.add(new Node("QuantizeLinear", "", quantized, List.of(made, names.get(0), names.get(1)),
                List.of(quantized), Map.of()));
        String name = made.equals(value) ? out.freshName(value + "_dequantized") : value;
        dequantized.put(value, dequantize(quantized, p, name));
    }

    private String dequantize(String quantized, QuantizationParameters p, String name) {
        List<String> names = names(p, name);
        out.add(new Node("DequantizeLinear", "", name, List.of(quantized, names.get(0), names.get(1)), List.of(name),
                Map.of()));
        return name;
    }

    /** The initializers of per-tensor parameters; equal ones are written once. */
    private List<String> names(QuantizationParameters p, String value) {
        return written.computeIfAbsent(p, key -> List.of(
                out.addInitializer(value + "_scale", Tensor.scalar(p.scale())),
                out.addInitializer(value + "_zero_point", Tensor.scalar(p.type(), p.zeroPoint()))));
    }
}
