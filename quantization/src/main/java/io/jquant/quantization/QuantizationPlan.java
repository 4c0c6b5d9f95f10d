// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.DataType;
import io.jquant.graph.Graph;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.quantization.passes.GraphPass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which values of a float graph are to be quantized: the inputs of every operator that has a quantized form and its
 * output, but not what lies between a layer and the bias or activation that its kernel applies as well.
 */
final class QuantizationPlan {
    /** What becomes of a node's input. */
    enum Input {
        /** An activation, quantized with its group's parameters. */
        ACTIVATION,
        /** A constant weight. */
        WEIGHT,
        /** A constant bias. */
        BIAS,
        /** Left as it is. */
        KEPT
    }

    /**
     * A node that is quantized.
     *
     * @param config how
     * @param inputs what becomes of its inputs
     * @param weight the weight that its bias belongs to, null without bias
     * @param activation the activation that its bias belongs to, null without bias
     */
    record Planned(QConfig config, List<Input> inputs, String weight, String activation) {
    }

    private final GraphBuilder graph;
    private final Map<String, ValueInfo> values;
    private final StaticOptions options;
    private final RangeGroups groups = new RangeGroups();
    private final Map<String, Planned> planned = new HashMap<>();
    private final Set<String> derived = new HashSet<>();
    private final Set<String> absorbed = new HashSet<>();

    QuantizationPlan(Graph graph, Map<String, ValueInfo> values, StaticOptions options) {
        this.graph = new GraphBuilder(graph);
        this.values = values;
        this.options = options;
        graph.nodes().forEach(this::visit);
    }

    /** The activations to quantize. */
    RangeGroups groups() {
        return groups;
    }

    /** The bias that a weighted node or the addition behind it has, empty if neither. */
    String biasOf(Node node) {
        Node add = node.is("MatMul") ? GraphPass.onlyReader(graph, node.output(0)) : null;
        Planned after = add == null ? null : planned.get(add.output(0));
        int at = after == null ? -1 : after.inputs().indexOf(Input.BIAS);
        return at >= 0 && after.weight().equals(node.input(1)) ? add.input(at) : node.input(2);
    }

    /** Whether a node is quantized for its own sake: not as part of another, nor because its inputs are. */
    boolean isLayer(Node node) {
        return planned.containsKey(node.output(0)) && !absorbed.contains(node.output(0))
                && OperatorRole.of(node, options.sharedAverages()) != OperatorRole.SHARED;
    }

    /** How a node is quantized, null if it stays float. */
    Planned of(Node node) {
        return planned.get(node.output(0));
    }

    /** Whether a value's range follows from others of its group, so that nobody need watch it. */
    boolean isDerived(String value) {
        return derived.contains(value);
    }

    private void visit(Node node) {
        OperatorRole role = OperatorRole.of(node, options.sharedAverages());
        if (role == null || absorbed.contains(node.output(0)) || !isFloat(node.output(0))) {
            return;
        }
        QConfig config = options.overrides().configure(node, options.qconfig());
        if (config == null) {
            return;
        }
        switch (role) {
            case WEIGHTED -> weighted(node, config);
            case DIFFERENT -> different(node, config);
            case SHARED -> shared(node, config);
            case FIXED -> {
                plan(node, config, Input.ACTIVATION);
                groups.addKnown(node.output(0), config, OperatorRole.knownOutput(node));
            }
        }
    }

    private void weighted(Node node, QConfig config) {
        Tensor weight = graph.initializer(node.input(1));
        if (weight == null) {
            if (node.is("MatMul")) {
                different(node, config);
            }
            return;
        }
        Tensor bias = graph.initializer(node.input(2));
        boolean known = weight.type() == DataType.F32 && (node.input(2).isEmpty() || bias != null)
                && (node.is("MatMul") ? weight.rank() == 2 : weight.rank() >= 2) && isPlainGemm(node);
        if (!known) {
            return;
        }
        plan(node, config, Input.ACTIVATION, Input.WEIGHT, Input.BIAS);
        Node last = node;
        Node add = node.is("MatMul") ? GraphPass.onlyReader(graph, node.output(0)) : null;
        if (add != null && isBias(add, node, weight.dim(1))) {
            boolean first = add.input(0).equals(node.output(0));
            planned.put(add.output(0), new Planned(config, first ? List.of(Input.KEPT, Input.BIAS)
                    : List.of(Input.BIAS, Input.KEPT), node.input(1), node.input(0)));
            absorbed.add(add.output(0));
            last = add;
        }
        groups.add(activationAfter(last, config), config);
    }

    /** The form that GemmNormalization gives. */
    private static boolean isPlainGemm(Node node) {
        return !node.is("Gemm") || (node.intAttribute("transB", 0) == 1 && node.intAttribute("transA", 0) == 0
                && node.floatAttribute("alpha", 1) == 1 && node.floatAttribute("beta", 1) == 1);
    }

    private boolean isBias(Node add, Node product, int outputs) {
        if (!add.is("Add") || add.input(0).equals(add.input(1))) {
            return false;
        }
        Tensor other = graph.initializer(add.input(add.input(0).equals(product.output(0)) ? 1 : 0));
        return other != null && other.type() == DataType.F32 && other.rank() == 1 && other.dim(0) == outputs;
    }

    private void different(Node node, QConfig config) {
        List<Input> inputs = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            inputs.add(i < OperatorRole.activations(node) ? Input.ACTIVATION : Input.KEPT);
        }
        plan(node, config, inputs.toArray(Input[]::new));
        boolean clamps = node.is("Add") || node.is("Sub") || node.is("Mul");
        groups.add(clamps ? activationAfter(node, config) : node.output(0), config);
    }

    /** The output of a node, or of the Relu or Clip that alone reads it, which is then part of the node. */
    private String activationAfter(Node node, QConfig config) {
        Node reader = GraphPass.onlyReader(graph, node.output(0));
        boolean bounds = reader != null && (reader.is("Relu") || (reader.is("Clip") && hasConstantBounds(reader)));
        if (!bounds) {
            return node.output(0);
        }
        planned.put(reader.output(0), new Planned(config, List.of(), null, null));
        absorbed.add(reader.output(0));
        return reader.output(0);
    }

    private boolean hasConstantBounds(Node clip) {
        return clip.inputs().stream().skip(1).allMatch(v -> v.isEmpty() || graph.initializer(v) != null);
    }

    private void shared(Node node, QConfig config) {
        int activations = OperatorRole.activations(node);
        List<String> inputs = node.inputs().subList(0, activations);
        if (inputs.stream().noneMatch(groups::contains) || (node.is("Clip") && !hasConstantBounds(node))) {
            return;
        }
        Input[] kinds = new Input[activations];
        Arrays.fill(kinds, Input.ACTIVATION);
        plan(node, config, kinds);
        boolean mixed = activations > 1 && inputs.stream().anyMatch(v -> groups.known(v) != null);
        for (String output : node.outputs()) {
            groups.add(output, config);
            if (!mixed) {
                inputs.forEach(v -> groups.join(output, v));
                derived.add(output);
            }
        }
    }

    private void plan(Node node, QConfig config, Input... inputs) {
        List<Input> kinds = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            Input kind = i < inputs.length ? inputs[i] : Input.KEPT;
            kinds.add(kind);
            if (kind == Input.ACTIVATION) {
                groups.add(node.input(i), config);
            }
        }
        planned.put(node.output(0), new Planned(config, kinds, node.input(1), node.input(0)));
    }

    private boolean isFloat(String value) {
        ValueInfo info = values.get(value);
        return info != null && info.type() == DataType.F32;
    }
}
