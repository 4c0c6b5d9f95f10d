// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.graph.Node;

/**
 * What became of a node.
 *
 * @param node the node
 * @param lowered whether it runs on the engine's quantized kernels, or as ONNX defines it
 * @param reason why
 */
public record Explanation(Node node, boolean lowered, String reason) {
    @Override
    public String toString() {
        return node.describe() + (lowered ? ": lowered, " : ": as ONNX defines it, because ") + reason;
    }
}
