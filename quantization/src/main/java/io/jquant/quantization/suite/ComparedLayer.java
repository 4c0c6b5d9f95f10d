// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.suite;

import io.jquant.graph.Node;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A value that both models have, with the float nodes that make it out of the values before it.
 *
 * @param value its name in the float model
 * @param nodes the float nodes, in order
 * @param shadowed the name, in the joint graph, of what the quantized layer makes of the float model's values
 * @param quantized the name, in the joint graph, of what the quantized model makes
 */
record ComparedLayer(String value, List<Node> nodes, String shadowed, String quantized) {
    /** The operators that make the value, joined by a plus. */
    String operators() {
        return nodes.stream().map(Node::opType).collect(Collectors.joining(" + "));
    }
}
