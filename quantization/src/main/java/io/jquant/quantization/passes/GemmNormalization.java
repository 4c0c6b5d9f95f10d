// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.passes;

import io.jquant.DataType;
import io.jquant.graph.Attribute;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Brings a Gemm on constant weights to {@code x * transposed(weights) + bias}, its factors in the constants. */
public final class GemmNormalization implements GraphPass {
    @Override
    public void visit(GraphBuilder builder, Node node) {
        Tensor weights = builder.initializer(node.input(1));
        Tensor bias = builder.initializer(node.input(2));
        boolean hasBias = !node.input(2).isEmpty();
        if (!node.is("Gemm") || weights == null || weights.type() != DataType.F32 || node.intAttribute("transA", 0) != 0
                || (hasBias && (bias == null || bias.type() != DataType.F32))) {
            return;
        }
        boolean transposed = node.intAttribute("transB", 0) != 0;
        float alpha = node.floatAttribute("alpha", 1);
        float beta = node.floatAttribute("beta", 1);
        int outputs = weights.dim(transposed ? 0 : 1);
        boolean biasFits = !hasBias || (bias.rank() == 1 && bias.dim(0) == outputs && beta == 1);
        if ((transposed && alpha == 1 && biasFits) || (hasBias && !spreads(bias, outputs))) {
            return;
        }
        List<String> inputs = new ArrayList<>(List.of(node.input(0),
                builder.addInitializer(node.input(1) + "_t", scaled(weights, transposed, alpha))));
        if (hasBias) {
            inputs.add(builder.addInitializer(node.input(2) + "_b", spread(bias, outputs, beta)));
        }
        Map<String, Attribute> attributes = new TreeMap<>(node.attributes());
        attributes.keySet().removeAll(List.of("alpha", "beta", "transA"));
        attributes.put("transB", Attribute.of(1));
        builder.replace(node, node.withInputs(inputs).withAttributes(attributes));
    }

    private static Tensor scaled(Tensor weights, boolean transposed, float alpha) {
        float[] from = weights.floats();
        int rows = weights.dim(0);
        int columns = weights.dim(1);
        float[] to = new float[rows * columns];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                to[transposed ? r * columns + c : c * rows + r] = alpha * from[r * columns + c];
            }
        }
        return transposed ? Tensor.of(to, rows, columns) : Tensor.of(to, columns, rows);
    }

    /** Whether a bias is the same for every row: a scalar, a row, or one number for every output. */
    private static boolean spreads(Tensor bias, int outputs) {
        boolean oneRow = bias.rank() < 2 || (bias.rank() == 2 && bias.dim(0) == 1);
        return oneRow && (bias.count() == 1 || bias.count() == outputs);
    }

    private static Tensor spread(Tensor bias, int outputs, float beta) {
        float[] to = new float[outputs];
        for (int i = 0; i < outputs; i++) {
            to[i] = beta * bias.floats()[bias.count() == 1 ? 0 : i];
        }
        return Tensor.of(to, outputs);
    }
}
