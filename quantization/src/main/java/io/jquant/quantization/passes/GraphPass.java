// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.passes;

import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import java.util.List;

/** A change to a float graph that leaves what it computes as it is, but for rounding. Constants are initializers. */
public interface GraphPass {
    /**
     * Tries to change the graph at a node.
     *
     * @param builder the graph
     * @param node one of its nodes
     */
    void visit(GraphBuilder builder, Node node);

    /**
     * Applies the pass to every node of a model.
     *
     * @param model the model
     * @return the changed model
     */
    default Model apply(Model model) {
        GraphBuilder builder = new GraphBuilder(model.graph());
        for (Node node : model.graph().nodes()) {
            // an earlier change may have replaced this node; its output is still made by the one that stands for it
            Node current = builder.producer(node.output(0));
            if (current != null && current.opType().equals(node.opType())) {
                visit(builder, current);
            }
        }
        return model.withGraph(builder.prune().build());
    }

    /**
     * The only reader of a value that nothing else sees.
     *
     * @param builder the graph
     * @param value the value
     * @return its reader, or null if there are several, or none, or the value is an output
     */
    static Node onlyReader(GraphBuilder builder, String value) {
        List<Node> readers = builder.consumers(value);
        return readers.size() == 1 && !builder.isOutput(value) ? readers.getFirst() : null;
    }
}
