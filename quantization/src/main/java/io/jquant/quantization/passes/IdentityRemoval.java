// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.passes;

import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Node;

/** Removes Identity, and Dropout, which does nothing at inference. */
public final class IdentityRemoval implements GraphPass {
    @Override
    public void visit(GraphBuilder builder, Node node) {
        boolean dropout = node.is("Dropout") && builder.consumers(node.output(1)).isEmpty()
                && !builder.isOutput(node.output(1)) && node.input(2).isEmpty();
        if ((node.is("Identity") || dropout) && !builder.isOutput(node.output(0))) {
            builder.replaceUses(node.output(0), node.input(0));
        }
    }
}
