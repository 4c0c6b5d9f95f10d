// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.Activation;
import io.jquant.QuantizationParameters;
import io.jquant.graph.Node;
import java.util.List;

/**
 * An operator between DequantizeLinear and QuantizeLinear.
 *
 * @param core the operator
 * @param bias name of the real bias that it or an Add behind it adds, empty for none
 * @param activation the bounds of a Relu or Clip behind it
 * @param nodes the nodes that the pattern is made of, without DequantizeLinear and QuantizeLinear
 * @param target name of the quantized value that it makes
 * @param output that value's parameters
 */
record Pattern(Node core, String bias, Activation activation, List<Node> nodes, String target,
        QuantizationParameters output) {
}
