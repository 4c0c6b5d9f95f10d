// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.suite;

import io.jquant.graph.Graph;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.ValueInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Three graphs in one, so that one run compares them: the float model; the quantized model; and the quantized model
 * once more, in which every layer reads what the float model has made (its shadow). Values are matched by name.
 */
final class JointGraph {
    private final Model real;
    private final Model quantized;
    private final GraphBuilder out;
    /** The float value that a value of the quantized graph stands for, before it is quantized. */
    private final Map<String, String> cuts = new LinkedHashMap<>();
    /** How the quantized graph quantizes a float value. */
    private final Map<String, QuantizedValue> quantizers = new HashMap<>();
    private final Map<String, String> plainNames = new HashMap<>();
    private final Map<String, String> shadowNames = new HashMap<>();
    /** What a layer of the shadow makes, by its name in the quantized graph. */
    private final Map<String, String> shadowed = new HashMap<>();
    private final List<ComparedLayer> layers = new ArrayList<>();

    JointGraph(Model real, Model quantized) {
        this.real = real;
        this.quantized = quantized;
        check();
        out = new GraphBuilder(real.graph());
        QuantizedValue.of(quantized).forEach(value -> quantizers.putIfAbsent(value.name(), value));
        findCuts();
        quantized.graph().initializers().forEach((name, tensor) -> {
            String copied = out.addInitializer("int8/" + name, tensor);
            plainNames.put(name, copied);
            shadowNames.put(name, copied);
        });
        quantized.graph().inputs().forEach(input -> plainNames.put(input.name(), input.name()));
        quantized.graph().nodes().forEach(node -> add(node, plainNames, plainNames, "int8/"));
        cuts.forEach((name, value) -> shadowNames.put(name, value));
        copyShadow();
        findLayers();
    }

    private void check() {
        Set<String> expected = names(real.graph().inputs());
        Set<String> found = names(quantized.graph().inputs());
        if (!expected.equals(found)) {
            throw new IllegalArgumentException("quantized model has the inputs " + found
                    + ": must be those of the float model, " + expected);
        }
        for (Map.Entry<String, Integer> opset : quantized.opsets().entrySet()) {
            int version = real.opset(opset.getKey());
            if (version != 0 && version != opset.getValue()) {
                throw new IllegalArgumentException("opset of the quantized model = " + opset.getValue()
                        + ": must be that of the float model, " + version);
            }
        }
    }

    private static Set<String> names(List<ValueInfo> values) {
        Set<String> names = new HashSet<>();
        values.forEach(value -> names.add(value.name()));
        return names;
    }

    /** Where layers begin and end: at what is quantized, and else at what both graphs make. */
    private void findCuts() {
        Set<String> known = names(real.graph().inputs());
        real.graph().nodes().forEach(node -> known.addAll(node.outputs()));
        quantizers.values().stream().filter(q -> known.contains(q.name())).forEach(q -> cuts.put(q.real(), q.name()));
        for (Node node : quantized.graph().nodes()) {
            for (String value : node.outputs()) {
                if (known.contains(value) && !cuts.containsValue(value) && !isInside(node, value)) {
                    cuts.put(value, value);
                }
            }
        }
        quantized.graph().inputs().forEach(input -> cuts.put(input.name(), input.name()));
    }

    /** Whether a value lies inside a layer: between a product of quantized values and the only one that reads it. */
    private boolean isInside(Node maker, String value) {
        Graph graph = quantized.graph();
        boolean ofQuantized = maker.inputs().stream()
                .anyMatch(read -> quantizers.values().stream().anyMatch(q -> q.dequantized().equals(read)));
        return ofQuantized && graph.consumers(value).size() == 1
                && graph.outputs().stream().noneMatch(output -> output.name().equals(value));
    }

    private void add(Node node, Map<String, String> reads, Map<String, String> makes, String prefix) {
        List<String> inputs = node.inputs().stream().map(read -> read.isEmpty() ? read : reads.get(read)).toList();
        List<String> outputs = node.outputs().stream().map(made -> made.isEmpty() ? made
                : makes.computeIfAbsent(made, key -> out.freshName(prefix + key))).toList();
        out.add(new Node(node.opType(), node.domain(), node.name(), inputs, outputs, node.attributes()));
    }

    /** Names in the shadow are those of the float graph where a layer ends; what the layer makes is named apart. */
    private void copyShadow() {
        for (Node node : quantized.graph().nodes()) {
            Map<String, String> makes = new HashMap<>();
            add(node, shadowNames, makes, "shadow/");
            makes.forEach((name, made) -> (cuts.containsKey(name) ? shadowed : shadowNames).put(name, made));
        }
    }

    private void findLayers() {
        Map<String, String> rawOf = new HashMap<>();
        cuts.forEach((name, value) -> rawOf.put(value, name));
        for (Node node : real.graph().nodes()) {
            for (String value : node.outputs()) {
                String raw = rawOf.get(value);
                if (raw != null && shadowed.containsKey(raw)) {
                    QuantizedValue q = quantizers.get(value);
                    layers.add(new ComparedLayer(value, segment(value),
                            q == null ? shadowed.get(raw) : requantize(raw, q),
                            plainNames.get(q == null ? raw : q.dequantized())));
                }
            }
        }
    }

    /** Quantizes and dequantizes what a shadowed layer makes. */
    private String requantize(String raw, QuantizedValue value) {
        Graph graph = quantized.graph();
        Node quantizer = graph.consumers(raw).stream().filter(node -> node.is("QuantizeLinear")).findFirst()
                .orElseThrow();
        Map<String, String> names = new HashMap<>(plainNames);
        names.put(raw, shadowed.get(raw));
        Map<String, String> made = new HashMap<>();
        add(quantizer, names, made, "shadow/int8/");
        if (value.dequantized().equals(quantizer.output(0))) {
            return made.get(quantizer.output(0));
        }
        names.putAll(made);
        add(Objects.requireNonNull(graph.producer(value.dequantized())), names, made, "shadow/int8/");
        return made.get(value.dequantized());
    }

    /** The float nodes between the cuts before a value and the value. */
    private List<Node> segment(String value) {
        Set<Node> found = new HashSet<>();
        ArrayDeque<String> open = new ArrayDeque<>(List.of(value));
        while (!open.isEmpty()) {
            Node maker = real.graph().producer(open.pop());
            if (maker != null && found.add(maker)) {
                maker.inputs().stream().filter(read -> !cuts.containsValue(read)).forEach(open::push);
            }
        }
        return real.graph().nodes().stream().filter(found::contains).toList();
    }

    List<ComparedLayer> layers() {
        return List.copyOf(layers);
    }

    /** The name in the quantized graph of a value that a float node makes. */
    String inQuantized(String value) {
        return cuts.entrySet().stream().filter(cut -> cut.getValue().equals(value)).map(Map.Entry::getKey).findFirst()
                .orElse(value);
    }

    /** The joint model, with all that is compared as its outputs. */
    Model model(Map<String, ValueInfo> types) {
        for (ComparedLayer layer : layers) {
            ValueInfo info = types.get(layer.value());
            for (String name : List.of(layer.value(), layer.shadowed(), layer.quantized())) {
                out.output(new ValueInfo(name, info.type(), info.shape()));
            }
        }
        Map<String, Integer> opsets = new LinkedHashMap<>(real.opsets());
        quantized.opsets().forEach(opsets::putIfAbsent);
        return new Model(real.irVersion(), opsets, real.producer(), real.producerVersion(), Map.of(),
                out.prune().build());
    }
}
