// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.exec;

import io.jquant.graph.Dim;
import io.jquant.graph.Graph;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.OperatorException;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.ops.InferContext;
import io.jquant.graph.ops.Known;
import io.jquant.graph.ops.Op;
import io.jquant.graph.ops.OpRegistry;
import io.jquant.graph.ops.PlainFloats;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Types and shapes of all values of a graph, and the constants among them. */
public final class ShapeInference {
    private final Model model;
    private final Map<String, Known> known = new HashMap<>();
    private final Map<String, ValueInfo> values = new LinkedHashMap<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final Predicate<Node> computed;
    private long foldBytes;

    private ShapeInference(Model model, Limits limits, Predicate<Node> computed) {
        this.model = model;
        this.computed = computed;
        this.foldBytes = limits.foldBytes();
    }

    /**
     * Infers the types and shapes of all values, computing what does not depend on the inputs.
     *
     * @param model the model
     * @param limits how much memory computed constants may take
     * @return what was found
     * @throws OperatorException if a node cannot be applied to its inputs, or its operator is unknown
     */
    public static InferredValues infer(Model model, Limits limits) {
        return infer(model, limits, node -> true);
    }

    /**
     * Infers the types and shapes of all values, computing some of what does not depend on the inputs.
     *
     * @param model the model
     * @param limits how much memory computed constants may take
     * @param computed which nodes on constants are computed; what others make has a type and a shape
     * @return what was found
     * @throws OperatorException if a node cannot be applied to its inputs, or its operator is unknown
     */
    public static InferredValues infer(Model model, Limits limits, Predicate<Node> computed) {
        ShapeInference inference = new ShapeInference(model, limits, computed);
        Graph graph = model.graph();
        graph.initializers().forEach((name, tensor) -> inference.put(name, Known.constant(tensor)));
        for (ValueInfo input : graph.inputs()) {
            String reason = InferContext.tooLarge(input.shape());
            if (reason != null) {
                throw new OperatorException("input '" + input.name() + "': " + reason);
            }
            inference.put(input.name(), Known.of(input.type(), input.shape()));
        }
        graph.nodes().forEach(inference::visit);
        graph.outputs().forEach(inference::nameUnknowns);
        return new InferredValues(inference.values, inference.constants);
    }

    /**
     * A graph in which every value that does not depend on the inputs is an initializer.
     *
     * @param model the model
     * @param limits how much memory computed constants may take
     * @return the model with the changed graph
     */
    public static Model foldConstants(Model model, Limits limits) {
        Map<String, Tensor> constants = infer(model, limits).constants();
        GraphBuilder builder = new GraphBuilder(model.graph());
        for (Node node : model.graph().nodes()) {
            if (node.outputs().stream().allMatch(v -> v.isEmpty() || constants.containsKey(v))) {
                builder.remove(node);
                node.outputs().stream().filter(v -> !v.isEmpty())
                        .forEach(v -> builder.putInitializer(v, constants.get(v)));
            }
        }
        return model.withGraph(builder.prune().build());
    }

    private void put(String name, Known value) {
        known.put(name, value);
        values.put(name, new ValueInfo(name, value.type(), value.shape()));
        if (value.constant() != null) {
            constants.put(name, value.constant());
        }
    }

    private void visit(Node node) {
        Op op = OpRegistry.find(node, model.opset(node.domain()));
        if (op == null) {
            throw new OperatorException("unknown operator " + node.describe() + " in version "
                    + model.opset(node.domain()) + " of domain '" + node.domain() + "'");
        }
        Known[] inputs = node.inputs().stream().map(known::get).toArray(Known[]::new);
        Known[] outputs = computed.test(node) ? fold(node, op, inputs) : null;
        if (outputs == null) {
            outputs = new InferContext(node, op, inputs).infer();
        }
        for (int i = 0; i < outputs.length; i++) {
            if (!node.output(i).isEmpty()) {
                put(node.output(i), outputs[i]);
            }
        }
    }

    /** The outputs of a node whose inputs are all constants, or null if it is not one or they take too much memory. */
    private Known[] fold(Node node, Op op, Known[] inputs) {
        Tensor[] read = new Tensor[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            if (inputs[i] != null && inputs[i].constant() == null) {
                return null;
            }
            read[i] = inputs[i] == null ? null : inputs[i].constant();
        }
        Known[] sizes = new InferContext(node, op, inputs).infer();
        long bytes = 0;
        for (Known size : sizes) {
            if (size != null && !size.shape().isKnown()) {
                return null;
            }
            bytes += size == null ? 0 : size.type().bytes(Tensor.count(size.shape().sizes()));
        }
        if (bytes > foldBytes) {
            return null;
        }
        foldBytes -= bytes;
        Tensor[] made = NodeRunner.run(node, op, new InferenceMemo(node, op), read, PlainFloats.INSTANCE,
                (i, type, shape) -> Tensor.allocate(type, shape));
        Known[] outputs = new Known[made.length];
        for (int i = 0; i < made.length; i++) {
            outputs[i] = made[i] == null ? null : Known.constant(made[i]);
        }
        return outputs;
    }

    /** Where inference found no size for an output but the model names it, the name is kept. */
    private void nameUnknowns(ValueInfo output) {
        ValueInfo found = values.get(output.name());
        Shape shape = found.shape();
        if (!shape.isRanked()) {
            shape = output.shape();
        } else if (output.shape().rank() == shape.rank()) {
            for (int i = 0; i < shape.rank(); i++) {
                if (shape.dim(i).equals(Dim.UNKNOWN)) {
                    shape = shape.with(i, output.shape().dim(i));
                }
            }
        }
        values.put(output.name(), new ValueInfo(output.name(), found.type(), shape));
    }
}
