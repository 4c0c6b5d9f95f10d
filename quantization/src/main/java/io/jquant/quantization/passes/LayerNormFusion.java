// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.passes;

import io.jquant.DataType;
import io.jquant.graph.Attribute;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Recognises a layer normalization in its pieces:
 * {@code d = x - mean(x), d / sqrt(mean(d^2) + eps) * scale + bias}, over the last axis.
 */
public final class LayerNormFusion implements GraphPass {
    @Override
    public void visit(GraphBuilder builder, Node node) {
        if (!node.is("Add")) {
            return;
        }
        for (int side = 0; side < 2; side++) {
            Tensor bias = builder.initializer(node.input(side));
            Node mul = builder.producer(node.input(1 - side));
            if (isRow(bias) && mul != null && mul.is("Mul") && GraphPass.onlyReader(builder, mul.output(0)) != null
                    && scaled(builder, node, node.input(side), mul)) {
                return;
            }
        }
    }

    private static boolean isRow(Tensor tensor) {
        return tensor != null && tensor.type() == DataType.F32 && tensor.rank() == 1;
    }

    private static boolean scaled(GraphBuilder builder, Node last, String bias, Node mul) {
        for (int side = 0; side < 2; side++) {
            Tensor scale = builder.initializer(mul.input(side));
            Node div = builder.producer(mul.input(1 - side));
            if (isRow(scale) && div != null && div.is("Div")
                    && GraphPass.onlyReader(builder, div.output(0)) != null) {
                String x = normalized(builder, div);
                Tensor eps = x == null ? null : epsilon(builder, div);
                if (eps != null) {
                    builder.replace(last, new Node("LayerNormalization", "", last.name(),
                            List.of(x, mul.input(side), bias), last.outputs(), Map.of("axis", Attribute.of(-1),
                                    "epsilon", Attribute.of((float) eps.getDouble(0)))));
                    return true;
                }
            }
        }
        return false;
    }

    /** What is normalized, null if it is not normalized so. */
    private static String normalized(GraphBuilder builder, Node div) {
        Node difference = builder.producer(div.input(0));
        Node mean = difference == null || !difference.is("Sub") ? null : builder.producer(difference.input(1));
        return isLastMean(mean) && mean.input(0).equals(difference.input(0)) ? difference.input(0) : null;
    }

    /** The number added to the variance, null if the divisor is not the root of that sum. */
    private static Tensor epsilon(GraphBuilder builder, Node div) {
        Node root = builder.producer(div.input(1));
        Node sum = root == null || !root.is("Sqrt") ? null : builder.producer(root.input(0));
        if (sum == null || !sum.is("Add")) {
            return null;
        }
        int constant = builder.initializer(sum.input(0)) == null ? 1 : 0;
        Tensor eps = builder.initializer(sum.input(constant));
        Node variance = builder.producer(sum.input(1 - constant));
        Node square = isLastMean(variance) ? builder.producer(variance.input(0)) : null;
        boolean squared = square != null && square.input(0).equals(div.input(0))
                && ((square.is("Mul") && square.input(1).equals(div.input(0))) || isSquare(builder, square));
        return squared && eps != null && eps.count() == 1 ? eps : null;
    }

    private static boolean isSquare(GraphBuilder builder, Node pow) {
        Tensor exponent = pow.is("Pow") ? builder.initializer(pow.input(1)) : null;
        return exponent != null && exponent.count() == 1 && exponent.getDouble(0) == 2;
    }

    private static boolean isLastMean(Node node) {
        long[] axes = node == null || !node.is("ReduceMean") ? null : node.intsAttribute("axes");
        return axes != null && axes.length == 1 && axes[0] == -1 && node.intAttribute("keepdims", 1) == 1;
    }
}
