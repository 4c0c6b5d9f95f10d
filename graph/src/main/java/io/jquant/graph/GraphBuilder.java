// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Makes a graph, or a changed copy of one. The order in which nodes are added does not matter. */
public final class GraphBuilder {
    private String name = "";
    private final Map<String, ValueInfo> inputs = new LinkedHashMap<>();
    private final Map<String, ValueInfo> outputs = new LinkedHashMap<>();
    private final Map<String, Tensor> initializers = new LinkedHashMap<>();
    private final Map<String, ValueInfo> declared = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Node> producers = new HashMap<>();
    private final Map<String, Set<Node>> consumers = new HashMap<>();
    private final Set<String> names = new HashSet<>();

    /** Starts with an empty graph. */
    public GraphBuilder() {}

    /**
     * Starts with a copy of a graph.
     *
     * @param graph the graph
     */
    public GraphBuilder(Graph graph) {
        name = graph.name();
        graph.inputs().forEach(this::input);
        graph.outputs().forEach(this::output);
        graph.initializers().forEach(this::putInitializer);
        graph.nodes().forEach(this::add);
        declared.putAll(graph.declared());
        names.addAll(declared.keySet());
    }

    /**
     * Names the graph.
     *
     * @param graphName the name
     * @return this
     */
    public GraphBuilder name(String graphName) {
        name = graphName;
        return this;
    }

    /**
     * Adds or changes an input.
     *
     * @param value the input
     * @return this
     */
    public GraphBuilder input(ValueInfo value) {
        inputs.put(value.name(), value);
        names.add(value.name());
        return this;
    }

    /**
     * Adds or changes an output.
     *
     * @param value the output
     * @return this
     */
    public GraphBuilder output(ValueInfo value) {
        outputs.put(value.name(), value);
        names.add(value.name());
        return this;
    }

    /**
     * A name that no value of this graph has.
     *
     * @param prefix how it begins
     * @return the name, which is taken from now on
     */
    public String freshName(String prefix) {
        String candidate = prefix;
        for (int i = 1; !names.add(candidate); i++) {
            candidate = prefix + "_" + i;
        }
        return candidate;
    }

    /**
     * Adds a constant under a new name.
     *
     * @param prefix how its name begins
     * @param tensor the constant
     * @return its name
     */
    public String addInitializer(String prefix, Tensor tensor) {
        String fresh = freshName(prefix);
        initializers.put(fresh, tensor);
        return fresh;
    }

    /**
     * Adds or changes a constant.
     *
     * @param value its name
     * @param tensor the constant
     * @return this
     */
    public GraphBuilder putInitializer(String value, Tensor tensor) {
        initializers.put(value, tensor);
        names.add(value);
        return this;
    }

    /**
     * A constant.
     *
     * @param value its name
     * @return the constant, or null if that value is none
     */
    public Tensor initializer(String value) {
        return initializers.get(value);
    }

    /**
     * Adds a node.
     *
     * @param node the node
     * @return the node
     * @throws IllegalArgumentException if another node makes one of its outputs
     */
    public Node add(Node node) {
        for (String value : node.outputs()) {
            if (!value.isEmpty() && producers.putIfAbsent(value, node) != null) {
                throw new IllegalArgumentException("value '" + value + "' is made twice, the second time by "
                        + node.describe());
            }
        }
        names.addAll(node.outputs());
        node.inputs().forEach(v -> consumers.computeIfAbsent(v, k -> new LinkedHashSet<>()).add(node));
        nodes.add(node);
        return node;
    }

    /**
     * Removes a node.
     *
     * @param node the node
     * @return this
     * @throws IllegalArgumentException if the graph does not have it
     */
    public GraphBuilder remove(Node node) {
        if (!nodes.remove(node)) {
            throw new IllegalArgumentException("node = " + node.describe() + ": must be a node of this graph");
        }
        node.outputs().forEach(v -> producers.remove(v, node));
        node.inputs().forEach(v -> consumers.getOrDefault(v, new LinkedHashSet<>()).remove(node));
        return this;
    }

    /**
     * Puts a node in the place of another.
     *
     * @param old the node to remove
     * @param replacement the node to add
     * @return the replacement
     */
    public Node replace(Node old, Node replacement) {
        remove(old);
        return add(replacement);
    }

    /**
     * Makes every node that reads one value read another. Outputs of the graph keep theirs.
     *
     * @param value the value that is read now
     * @param replacement the value to read
     * @return this
     */
    public GraphBuilder replaceUses(String value, String replacement) {
        for (Node reader : consumers(value)) {
            replaceInputs(reader, v -> v.equals(value) ? replacement : v);
        }
        return this;
    }

    /**
     * Changes what a node reads.
     *
     * @param node the node
     * @param change from the name read now to the name to read
     * @return the node that takes its place
     */
    public Node replaceInputs(Node node, UnaryOperator<String> change) {
        return replace(node, node.withInputs(node.inputs().stream().map(change).toList()));
    }

    /**
     * Inserts a chain of nodes behind a value: all that read it (or get it as output) read the chain's end instead.
     * An output of the graph keeps its name: then its maker's output is renamed.
     *
     * @param value the value
     * @param opType the operator to insert; the value is its first input
     * @param domain that operator's domain
     * @param moreInputs names of its further inputs
     * @param attributes its attributes
     * @return the node inserted
     */
    public Node insertAfter(String value, String opType, String domain, List<String> moreInputs,
            Map<String, Attribute> attributes) {
        List<Node> readers = consumers(value);
        String from = value;
        String to;
        if (outputs.containsKey(value) && producers.containsKey(value)) {
            from = freshName(value + "_before_" + opType);
            String renamed = from;
            Node maker = producers.get(value);
            replace(maker, maker.withOutputs(
                    maker.outputs().stream().map(v -> v.equals(value) ? renamed : v).toList()));
            to = value;
        } else {
            to = freshName(value + "_" + opType);
            String target = to;
            readers.forEach(r -> replaceInputs(r, v -> v.equals(value) ? target : v));
        }
        List<String> read = new ArrayList<>(List.of(from));
        read.addAll(moreInputs);
        return add(new Node(opType, domain, to, read, List.of(to), attributes));
    }

    /**
     * The node that makes a value.
     *
     * @param value the value's name
     * @return the node, or null for an input, an initializer or an unknown name
     */
    public Node producer(String value) {
        return producers.get(value);
    }

    /**
     * The nodes that read a value.
     *
     * @param value the value's name
     * @return the nodes
     */
    public List<Node> consumers(String value) {
        return value.isEmpty() ? List.of() : List.copyOf(consumers.getOrDefault(value, Set.of()));
    }

    /** {@return the nodes as they are now, in no particular order} */
    public List<Node> nodes() {
        return List.copyOf(nodes);
    }

    /**
     * Whether a value is an output of the graph.
     *
     * @param value the value's name
     * @return true if it is
     */
    public boolean isOutput(String value) {
        return outputs.containsKey(value);
    }

    /**
     * Removes nodes and constants that no output depends on.
     *
     * @return this
     */
    public GraphBuilder prune() {
        Set<Node> needed = new HashSet<>();
        Set<String> read = new HashSet<>(outputs.keySet());
        ArrayDeque<String> open = new ArrayDeque<>(outputs.keySet());
        while (!open.isEmpty()) {
            Node maker = producers.get(open.pop());
            if (maker != null && needed.add(maker)) {
                maker.inputs().stream().filter(read::add).forEach(open::push);
            }
        }
        nodes().stream().filter(n -> !needed.contains(n)).forEach(this::remove);
        initializers.keySet().retainAll(read);
        declared.keySet().retainAll(read);
        return this;
    }

    /**
     * The graph, its nodes sorted so that each comes after those whose values it reads.
     *
     * @return the graph
     * @throws IllegalArgumentException if a value is missing, made twice, or depends on itself
     */
    public Graph build() {
        return new Graph(name, List.copyOf(inputs.values()), List.copyOf(outputs.values()), initializers, sorted(),
                declared);
    }

    private List<Node> sorted() {
        Map<Node, Integer> missing = new HashMap<>();
        Map<Node, Integer> position = new HashMap<>();
        PriorityQueue<Node> ready = new PriorityQueue<>((a, b) -> Integer.compare(position.get(a), position.get(b)));
        for (Node node : nodes) {
            position.put(node, position.size());
            int open = (int) node.inputs().stream().distinct().filter(producers::containsKey).count();
            missing.put(node, open);
            if (open == 0) {
                ready.add(node);
            }
        }
        List<Node> order = new ArrayList<>(nodes.size());
        while (!ready.isEmpty()) {
            Node node = ready.poll();
            order.add(node);
            node.outputs().stream().map(this::consumers).flatMap(Collection::stream)
                    .filter(r -> missing.merge(r, -1, Integer::sum) == 0).forEach(ready::add);
        }
        if (order.size() < nodes.size()) {
            Node stuck = nodes.stream().filter(n -> !order.contains(n)).findFirst().orElseThrow();
            throw new IllegalArgumentException(stuck.describe() + " depends on itself");
        }
        return order;
    }
}
