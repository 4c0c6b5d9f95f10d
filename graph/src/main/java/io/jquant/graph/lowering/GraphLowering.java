// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.Conversion;
import io.jquant.ConversionSpec;
import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.Operator;
import io.jquant.OperatorArchive;
import io.jquant.QuantizationParameters;
import io.jquant.graph.Graph;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Finds for every QuantizeLinear of a graph the packed operator that makes its value, where there is one. */
final class GraphLowering {
    private final Model model;
    private final QuantizedValues values;
    private final Lowering lowering;
    private final DynamicLowering dynamic;
    private final List<Explanation> explanations = new ArrayList<>();
    /** Real values, and tensors as they are, that have to exist. */
    private final Set<String> wanted = new LinkedHashSet<>();
    private final TreeMap<Integer, Node> kept = new TreeMap<>();

    GraphLowering(Model model, Engine engine, OperatorArchive archive) {
        this.model = QOperatorExpansion.apply(model.withGraph(new GraphBuilder(model.graph()).prune().build()));
        this.values = new QuantizedValues(this.model);
        this.lowering = new Lowering(engine, values, archive);
        this.dynamic = new DynamicLowering(lowering, values,
                LoweredModel.PER_ROW.equals(model.metadata().get(LoweredModel.ACTIVATIONS_PROPERTY)));
    }

    /** What was lowered and what was not. */
    List<Explanation> explanations() {
        return explanations;
    }

    Lowering lowering() {
        return lowering;
    }

    List<ValueInfo> outputs() {
        return model.graph().outputs().stream().map(o -> values.info(o.name())).toList();
    }

    /** The outputs that do not depend on the inputs. */
    Map<String, Tensor> constantOutputs() {
        Map<String, Tensor> constants = new HashMap<>();
        for (ValueInfo output : model.graph().outputs()) {
            Tensor constant = values.constant(output.name());
            if (constant != null) {
                constants.put(output.name(), constant);
            }
        }
        return constants;
    }

    /** Makes the steps, in their order. */
    List<Step> lower() {
        try {
            List<Node> nodes = model.graph().nodes();
            for (int i = 0; i < nodes.size(); i++) {
                Node node = nodes.get(i);
                if (node.is("QuantizeLinear") && values.constant(node.output(0)) == null) {
                    lowering.moveTo(i);
                    quantize(node);
                }
            }
            wanted.addAll(lowering.wantedTensors());
            model.graph().outputs().forEach(o -> wanted.add(o.name()));
            for (int i = nodes.size() - 1; i >= 0; i--) {
                lowering.moveTo(i);
                want(nodes.get(i), i);
            }
            keepNodes();
            return lowering.steps().values().stream().flatMap(List::stream).toList();
        } catch (RuntimeException | Error e) {
            lowering.operators().forEach(Operator::close);
            throw e;
        }
    }

    private void quantize(Node node) {
        QuantizationParameters output = values.parameters(node);
        if (output == null || output.type() == DataType.S32) {
            // stays a node; whoever reads its value fetches it
            return;
        }
        Operand same = values.operand(node.input(0));
        if (same != null && same.constant() == null && output.isPerTensor() && same.parameters().isPerTensor()) {
            Layout layout = lowering.layout(same, Layout.PLAIN);
            ElementwiseLowering.requantize(lowering, lowering.slot(same, layout), same.parameters(), node.output(0),
                    layout, output);
            return;
        }
        Pattern pattern = values.before(node);
        String reason = pattern == null ? null : PatternLowering.lower(lowering, pattern);
        if (pattern != null && reason == null) {
            pattern.nodes().forEach(n -> explanations.add(new Explanation(n, true, "on the engine's kernels")));
            return;
        }
        if (pattern != null && reason != null) {
            explanations.add(new Explanation(pattern.core(), false, reason));
        }
        wanted.add(node.input(0));
        if (output.isPerTensor()) {
            Conversion conversion = lowering.keep(lowering.engine().conversion(new ConversionSpec(null, output)));
            int slot = lowering.define(node.output(0), Layout.PLAIN);
            String real = node.input(0);
            lowering.add(frame -> {
                Tensor value = frame.tensor(real);
                conversion.run(value.count(), value.segment(), frame.allocate(slot, Lowering.sizes(value)).data());
            }, slot);
        }
    }

    /** Makes what a node outputs, if anything wants it. */
    private void want(Node node, int position) {
        List<String> made = node.outputs().stream().filter(wanted::contains)
                .filter(v -> values.constant(v) == null).toList();
        if (made.isEmpty()) {
            return;
        }
        Operand operand = values.operand(node.output(0));
        if (node.is("QuantizeLinear") && lowering.isMade(node.output(0))) {
            export(node.output(0));
        } else if (operand != null && operand.parameters().isPerTensor()
                && operand.parameters().type() != DataType.S32 && lowering.isMade(operand.tensor())) {
            dequantize(operand, node.output(0));
        } else if (!lowerDynamic(node)) {
            kept.put(position, node);
            wanted.addAll(node.inputs());
        }
    }

    private boolean lowerDynamic(Node node) {
        DynamicLowering.Lowered lowered = dynamic.lower(node);
        if (lowered == null) {
            return false;
        }
        lowered.nodes().forEach(n -> explanations.add(new Explanation(n, true, "on the engine's kernels")));
        wanted.addAll(lowered.inputs());
        lowering.wantedTensors().addAll(lowered.inputs());
        return true;
    }

    private void export(String tensor) {
        QuantizationParameters parameters = values.parameters(values.producer(tensor));
        int slot = lowering.slot(new Operand(tensor, parameters, null), Layout.PLAIN);
        lowering.add(frame -> {
            Buffer in = frame.buffer(slot);
            Tensor value = Tensor.allocate(parameters.type(), longs(in.shape()));
            value.segment().copyFrom(in.data());
            frame.put(tensor, value);
        }, Step.NONE, slot);
    }

    private void dequantize(Operand operand, String real) {
        Conversion conversion = lowering.keep(lowering.engine().conversion(
                new ConversionSpec(operand.parameters(), null)));
        int slot = lowering.slot(operand, Layout.PLAIN);
        lowering.add(frame -> {
            Buffer in = frame.buffer(slot);
            Tensor value = Tensor.allocate(DataType.F32, longs(in.shape()));
            conversion.run(in.elements(), in.data(), value.segment());
            frame.put(real, value);
        }, Step.NONE, slot);
    }

    private static long[] longs(int[] shape) {
        long[] sizes = new long[shape.length];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = shape[i];
        }
        return sizes;
    }

    /** Steps for the nodes that stay as ONNX defines them: as many at once as no other step lies between. */
    private void keepNodes() {
        List<Node> run = new ArrayList<>();
        int first = 0;
        for (Map.Entry<Integer, Node> entry : kept.entrySet()) {
            if (!run.isEmpty() && !lowering.steps().subMap(first, entry.getKey() + 1).isEmpty()) {
                keep(run, first);
                run = new ArrayList<>();
            }
            if (run.isEmpty()) {
                first = entry.getKey();
            }
            run.add(entry.getValue());
        }
        if (!run.isEmpty()) {
            keep(run, first);
        }
    }

    private void keep(List<Node> run, int position) {
        Set<String> made = new HashSet<>();
        Set<String> read = new LinkedHashSet<>();
        run.forEach(node -> {
            made.addAll(node.outputs());
            read.addAll(node.inputs());
            boolean explained = explanations.stream().anyMatch(e -> e.node().equals(node));
            if (!explained) {
                explanations.add(new Explanation(node, false, "its inputs or its output are not quantized"));
            }
        });
        Set<String> readLater = new HashSet<>(lowering.wantedTensors());
        model.graph().outputs().forEach(o -> readLater.add(o.name()));
        kept.values().stream().filter(n -> !run.contains(n)).forEach(n -> readLater.addAll(n.inputs()));
        model.graph().nodes().stream().filter(n -> n.is("QuantizeLinear")).forEach(n -> readLater.add(n.input(0)));
        GraphBuilder part = new GraphBuilder().name(model.graph().name());
        for (String value : read) {
            Tensor constant = value.isEmpty() ? null : values.constant(value);
            if (constant != null) {
                part.putInitializer(value, constant);
            } else if (!value.isEmpty() && !made.contains(value)) {
                part.input(values.info(value));
            }
        }
        made.stream().filter(v -> !v.isEmpty() && readLater.contains(v)).sorted()
                .forEach(v -> part.output(values.info(v)));
        run.forEach(part::add);
        lowering.moveTo(position);
        Graph graph = part.prune().build();
        lowering.label(run.size() + " nodes as ONNX defines them, first " + run.getFirst().describe());
        lowering.addFirst(new KeptNodes(lowering.plan(model.withGraph(graph))));
    }
}
