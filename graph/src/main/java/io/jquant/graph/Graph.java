// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph of nodes in topological order. It does not change; {@link GraphBuilder} makes a changed one.
 *
 * @param name the graph's name, may be empty
 * @param inputs what a caller supplies (never a value that has an initializer)
 * @param outputs what a caller gets
 * @param initializers constants by name
 * @param nodes the nodes, each after those whose values it reads
 * @param declared types that the model declares for values in between, by name
 */
public record Graph(String name, List<ValueInfo> inputs, List<ValueInfo> outputs, Map<String, Tensor> initializers,
        List<Node> nodes, Map<String, ValueInfo> declared) {
    /** Copies the components and checks that every value is made once and before it is read. */
    public Graph {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        initializers = Collections.unmodifiableMap(new LinkedHashMap<>(initializers));
        nodes = List.copyOf(nodes);
        declared = Collections.unmodifiableMap(new LinkedHashMap<>(declared));
        require(name != null, "name = null: must be a name, or empty");
        check(inputs, outputs, initializers, nodes);
    }

    private static void check(List<ValueInfo> inputs, List<ValueInfo> outputs, Map<String, Tensor> initializers,
            List<Node> nodes) {
        Set<String> made = new HashSet<>(initializers.keySet());
        for (ValueInfo input : inputs) {
            require(made.add(input.name()), "value '" + input.name() + "' is made twice");
        }
        for (Node node : nodes) {
            for (String read : node.inputs()) {
                require(read.isEmpty() || made.contains(read), node.describe() + " reads '" + read
                        + "', which nothing before it makes");
            }
            for (String value : node.outputs()) {
                require(value.isEmpty() || made.add(value), "value '" + value + "' is made twice, the second time by "
                        + node.describe());
            }
        }
        for (ValueInfo output : outputs) {
            require(made.contains(output.name()), "output '" + output.name() + "' is made by nothing");
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /**
     * The node that makes a value.
     *
     * @param value the value's name
     * @return the node, or null for an input, an initializer or an unknown name
     */
    public Node producer(String value) {
        return nodes.stream().filter(n -> !value.isEmpty() && n.outputs().contains(value)).findFirst().orElse(null);
    }

    /**
     * The nodes that read a value.
     *
     * @param value the value's name
     * @return the nodes in order
     */
    public List<Node> consumers(String value) {
        return nodes.stream().filter(n -> !value.isEmpty() && n.inputs().contains(value)).toList();
    }
}
