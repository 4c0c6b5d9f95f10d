// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.onnx;

import io.jquant.graph.Attribute;
import io.jquant.graph.ModelFormatException;
import io.jquant.graph.Node;
import io.jquant.graph.ops.Op;
import io.jquant.graph.ops.OpRegistry;
import java.util.Map;

/** What a model must keep to beyond the order of its nodes, which {@link io.jquant.graph.Graph} checks. */
final class ModelChecker {
    private ModelChecker() {}

    static void checkOpsets(Map<String, Integer> opsets, String source) throws ModelFormatException {
        int opset = opsets.getOrDefault("", 0);
        if (opset < OpRegistry.OLDEST_OPSET || opset > OpRegistry.NEWEST_OPSET) {
            throw new ModelFormatException(source, (opset == 0 ? "imports no version" : "imports version " + opset)
                    + " of ai.onnx: must be from " + OpRegistry.OLDEST_OPSET + " to " + OpRegistry.NEWEST_OPSET);
        }
    }

    /** The operator of a node whose attributes are not read yet. */
    static Op find(Node node, Map<String, Integer> opsets, String source) throws ModelFormatException {
        Integer version = opsets.get(node.domain());
        Op op = version == null ? null : OpRegistry.find(node, version);
        if (op == null) {
            String domain = node.domain().isEmpty() ? "ai.onnx" : node.domain();
            throw new ModelFormatException(source, "unknown operator " + node.opType() + " of domain " + domain
                    + (version == null ? ", which is not imported" : " in version " + version) + ": node '"
                    + node.name() + "', which makes " + node.outputs());
        }
        return op;
    }

    static void check(Node node, Op op, String source) throws ModelFormatException {
        int inputs = node.inputs().size();
        int outputs = node.outputs().size();
        require(op.inputs().admits(inputs), node, source, "has " + inputs + " inputs: must have " + op.inputs());
        require(op.outputs().admits(outputs), node, source, "has " + outputs + " outputs: must have " + op.outputs());
        for (int i = 0; i < op.inputs().least(); i++) {
            require(!node.input(i).isEmpty() || isOptional(op, i), node, source, "lacks input " + i);
        }
        require(op.outputs().least() == 0 || node.outputs().stream().anyMatch(o -> !o.isEmpty()), node, source,
                "makes no value");
        require(op.kernel() != null || !node.output(0).isEmpty(), node, source, "makes no value");
        for (Map.Entry<String, Attribute> entry : node.attributes().entrySet()) {
            Attribute.Kind wanted = op.attributes().get(entry.getKey());
            require(wanted != null, node, source, "has attribute " + entry.getKey() + ": must be one of "
                    + op.attributes().keySet());
            require(entry.getValue().kind() == wanted, node, source, "attribute " + entry.getKey() + " is of kind "
                    + entry.getValue().kind() + ": must be " + wanted);
        }
        for (String required : op.required()) {
            require(node.attributes().containsKey(required), node, source, "lacks attribute " + required);
        }
    }

    /** Resize 11 has a roi that counts as an input even where it is left out; zero points in the middle likewise. */
    private static boolean isOptional(Op op, int input) {
        return (op.type().equals("Resize") && input > 0) || (!op.domain().isEmpty() && op.type().startsWith("Q")
                && input > 0);
    }

    private static void require(boolean condition, Node node, String source, String what)
            throws ModelFormatException {
        if (!condition) {
            throw new ModelFormatException(source, node.describe() + " " + what);
        }
    }
}
