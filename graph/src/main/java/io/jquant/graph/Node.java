// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One application of an operator.
 *
 * @param opType the operator, for example {@code Conv}
 * @param domain the operator's domain, empty for ai.onnx
 * @param name the node's name, may be empty
 * @param inputs names of the values read; an empty name is an optional input that is left out
 * @param outputs names of the values made; an empty name is an optional output that is not wanted
 * @param attributes the attributes by name
 */
public record Node(String opType, String domain, String name, List<String> inputs, List<String> outputs,
        Map<String, Attribute> attributes) {
    /** Checks and copies the components. */
    public Node {
        if (opType == null || opType.isEmpty()) {
            throw new IllegalArgumentException("opType = " + opType + ": must be the name of an operator");
        }
        if (domain == null || name == null) {
            throw new IllegalArgumentException("domain = " + domain + ", name = " + name + ": must not be null");
        }
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
    }

    /**
     * A node of domain ai.onnx without a name.
     *
     * @param opType the operator
     * @param inputs names of the values read
     * @param outputs names of the values made
     * @param attributes the attributes by name
     */
    public Node(String opType, List<String> inputs, List<String> outputs, Map<String, Attribute> attributes) {
        this(opType, "", "", inputs, outputs, attributes);
    }

    /**
     * Whether this is the given operator of domain ai.onnx.
     *
     * @param type the operator
     * @return true if it is
     */
    public boolean is(String type) {
        return domain.isEmpty() && opType.equals(type);
    }

    /**
     * An input by position.
     *
     * @param index the position
     * @return the value's name, empty if the input is left out
     */
    public String input(int index) {
        return index >= 0 && index < inputs.size() ? inputs.get(index) : "";
    }

    /**
     * An output by position.
     *
     * @param index the position
     * @return the value's name, empty if there is none
     */
    public String output(int index) {
        return index >= 0 && index < outputs.size() ? outputs.get(index) : "";
    }

    /**
     * This node with other inputs.
     *
     * @param names names of the values read
     * @return the new node
     */
    public Node withInputs(List<String> names) {
        return new Node(opType, domain, name, names, outputs, attributes);
    }

    /**
     * This node with other outputs.
     *
     * @param names names of the values made
     * @return the new node
     */
    public Node withOutputs(List<String> names) {
        return new Node(opType, domain, name, inputs, names, attributes);
    }

    /**
     * This node with other attributes.
     *
     * @param changed the attributes
     * @return the new node
     */
    public Node withAttributes(Map<String, Attribute> changed) {
        return new Node(opType, domain, name, inputs, outputs, changed);
    }

    /**
     * An integer attribute.
     *
     * @param key the attribute's name
     * @param absent what to return if the node does not have it
     * @return its value
     */
    public long intAttribute(String key, long absent) {
        Attribute.Int found = attribute(key, Attribute.Int.class);
        return found == null ? absent : found.value();
    }

    /**
     * A float attribute.
     *
     * @param key the attribute's name
     * @param absent what to return if the node does not have it
     * @return its value
     */
    public float floatAttribute(String key, float absent) {
        Attribute.Real found = attribute(key, Attribute.Real.class);
        return found == null ? absent : found.value();
    }

    /**
     * A string attribute.
     *
     * @param key the attribute's name
     * @param absent what to return if the node does not have it
     * @return its value
     */
    public String stringAttribute(String key, String absent) {
        Attribute.Text found = attribute(key, Attribute.Text.class);
        return found == null ? absent : found.value();
    }

    /**
     * An attribute that is a list of integers.
     *
     * @param key the attribute's name
     * @return its values, or null if the node does not have it
     */
    public long[] intsAttribute(String key) {
        Attribute.Ints found = attribute(key, Attribute.Ints.class);
        return found == null ? null : found.values().stream().mapToLong(Long::longValue).toArray();
    }

    /**
     * An attribute of one kind.
     *
     * @param key the attribute's name
     * @param kind what it must be
     * @param <T> its class
     * @return the attribute, or null if the node does not have it
     */
    public <T extends Attribute> T attribute(String key, Class<T> kind) {
        Attribute found = attributes.get(key);
        if (found == null) {
            return null;
        }
        if (!kind.isInstance(found)) {
            throw new OperatorException(describe() + ": attribute " + key + " is of kind " + found.kind()
                    + ": must be " + Attribute.Kind.of(kind));
        }
        return kind.cast(found);
    }

    /** {@return operator, domain and node in words, for messages} */
    public String describe() {
        String made = outputs.isEmpty() ? "" : " -> " + outputs.getFirst();
        return (domain.isEmpty() ? "" : domain + ":") + opType + " (node '" + name + "'" + made + ")";
    }
}
