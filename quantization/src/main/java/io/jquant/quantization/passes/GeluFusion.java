// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.passes;

import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Recognises a gelu in its pieces, {@code x * (erf(x / sqrt(2)) + 1) * 0.5} in any order of the factors: Gelu of domain
 * com.microsoft, as ai.onnx has it from version 20 only.
 */
public final class GeluFusion implements GraphPass {
    private static final double TOLERANCE = 1e-4;

    @Override
    public void visit(GraphBuilder builder, Node node) {
        if (!node.is("Mul")) {
            return;
        }
        // (x * (erf + 1)) * 0.5, or x * ((erf + 1) * 0.5), or (x * 0.5) * (erf + 1)
        for (int side = 0; side < 2; side++) {
            Node inner = builder.producer(node.input(side));
            String other = node.input(1 - side);
            if (inner == null || !inner.is("Mul") || GraphPass.onlyReader(builder, inner.output(0)) == null) {
                continue;
            }
            String x = input(builder, List.of(other, inner.input(0), inner.input(1)));
            if (x != null) {
                builder.replace(node, new Node("Gelu", "com.microsoft", node.name(), List.of(x), node.outputs(),
                        Map.of()));
                return;
            }
        }
    }

    /** The x of three factors 0.5, erf + 1 and x in any order; null if they are others. */
    private static String input(GraphBuilder builder, List<String> factors) {
        for (int half = 0; half < 3; half++) {
            if (!isAbout(builder, factors.get(half), 0.5)) {
                continue;
            }
            String one = factors.get((half + 1) % 3);
            String other = factors.get((half + 2) % 3);
            if (one.equals(ofErrorFunction(builder, other))) {
                return one;
            }
            if (other.equals(ofErrorFunction(builder, one))) {
                return other;
            }
        }
        return null;
    }

    /** The x of {@code erf(x / sqrt(2)) + 1}. */
    private static String ofErrorFunction(GraphBuilder builder, String value) {
        Node sum = builder.producer(value);
        if (sum == null || !sum.is("Add")) {
            return null;
        }
        int one = isAbout(builder, sum.input(0), 1) ? 0 : 1;
        Node erf = builder.producer(sum.input(1 - one));
        Node divided = erf == null || !erf.is("Erf") ? null : builder.producer(erf.input(0));
        boolean known = divided != null && isAbout(builder, sum.input(one), 1)
                && ((divided.is("Div") && isAbout(builder, divided.input(1), Math.sqrt(2)))
                        || (divided.is("Mul") && isAbout(builder, divided.input(1), Math.sqrt(0.5))));
        return known ? divided.input(0) : null;
    }

    private static boolean isAbout(GraphBuilder builder, String value, double wanted) {
        Tensor constant = builder.initializer(value);
        return constant != null && constant.count() == 1
                && Math.abs(constant.getDouble(0) - wanted) <= TOLERANCE * wanted;
    }
}
