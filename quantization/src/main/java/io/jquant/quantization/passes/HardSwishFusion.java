// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.passes;

import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import java.util.List;
import java.util.Map;

/** Recognises a hardswish in its pieces: {@code x * hardsigmoid(x)}, or {@code x * clip(x + 3, 0, 6) / 6}. */
public final class HardSwishFusion implements GraphPass {
    private static final float SIXTH = 1f / 6;
    private static final float TOLERANCE = 1e-5f;

    @Override
    public void visit(GraphBuilder builder, Node node) {
        String x = null;
        if (node.is("Mul")) {
            x = gated(builder, node, "HardSigmoid");
        } else if (node.is("Div") && isScalar(builder, node.input(1), 6)) {
            Node product = builder.producer(node.input(0));
            boolean alone = product != null && product.is("Mul")
                    && GraphPass.onlyReader(builder, product.output(0)) != null;
            x = alone ? gated(builder, product, "Clip") : null;
        }
        if (x != null) {
            builder.replace(node, new Node("HardSwish", "", node.name(), List.of(x), node.outputs(), Map.of()));
        }
    }

    /** The x of {@code x * gate(x)}. */
    private static String gated(GraphBuilder builder, Node product, String gate) {
        for (int side = 0; side < 2; side++) {
            Node factor = builder.producer(product.input(side));
            String x = product.input(1 - side);
            if (factor != null && factor.is(gate) && (gate.equals("Clip") ? clips(builder, factor, x)
                    : factor.input(0).equals(x) && isSixth(factor))) {
                return x;
            }
        }
        return null;
    }

    private static boolean isSixth(Node hardSigmoid) {
        return Math.abs(hardSigmoid.floatAttribute("alpha", 0.2f) - SIXTH) <= TOLERANCE
                && Math.abs(hardSigmoid.floatAttribute("beta", 0.5f) - 0.5f) <= TOLERANCE;
    }

    private static boolean clips(GraphBuilder builder, Node clip, String x) {
        Node sum = builder.producer(clip.input(0));
        return isScalar(builder, clip.input(1), 0) && isScalar(builder, clip.input(2), 6) && sum != null
                && sum.is("Add") && ((sum.input(0).equals(x) && isScalar(builder, sum.input(1), 3))
                        || (sum.input(1).equals(x) && isScalar(builder, sum.input(0), 3)));
    }

    private static boolean isScalar(GraphBuilder builder, String value, double wanted) {
        Tensor constant = builder.initializer(value);
        return constant != null && constant.count() == 1 && constant.getDouble(0) == wanted;
    }
}
