// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.passes;

import io.jquant.DataType;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a batch normalization part of the convolution or linear layer before it:
 * {@code w' = w * gamma / sqrt(var + eps)}, {@code b' = (b - mean) * gamma / sqrt(var + eps) + beta}.
 */
public final class BatchNormFolding implements GraphPass {
    @Override
    public void visit(GraphBuilder builder, Node node) {
        if (!node.is("BatchNormalization") || node.intAttribute("training_mode", 0) != 0) {
            return;
        }
        Node layer = builder.producer(node.input(0));
        if (layer == null || GraphPass.onlyReader(builder, node.input(0)) == null
                || !(layer.is("Conv") || layer.is("ConvTranspose") || isLinear(layer))) {
            return;
        }
        List<Tensor> constants = new ArrayList<>();
        for (int i = 1; i < 5; i++) {
            constants.add(builder.initializer(node.input(i)));
        }
        Tensor weights = builder.initializer(layer.input(1));
        Tensor bias = layer.input(2).isEmpty() ? null : builder.initializer(layer.input(2));
        boolean known = constants.stream().allMatch(BatchNormFolding::isFloat) && isFloat(weights)
                && (layer.input(2).isEmpty() || isFloat(bias));
        if (known) {
            fold(builder, node, layer, weights, bias, constants);
        }
    }

    private static boolean isLinear(Node layer) {
        return layer.is("Gemm") && layer.intAttribute("transB", 0) == 1 && layer.floatAttribute("alpha", 1) == 1
                && layer.floatAttribute("beta", 1) == 1;
    }

    private static boolean isFloat(Tensor tensor) {
        return tensor != null && tensor.type() == DataType.F32;
    }

    private static void fold(GraphBuilder builder, Node node, Node layer, Tensor weights, Tensor bias,
            List<Tensor> constants) {
        float eps = node.floatAttribute("epsilon", 1e-5f);
        int channels = constants.getFirst().count();
        double[] factors = new double[channels];
        float[] shifted = new float[channels];
        for (int c = 0; c < channels; c++) {
            factors[c] = constants.get(0).floats()[c] / Math.sqrt((double) constants.get(3).floats()[c] + eps);
            double before = bias == null ? 0 : bias.floats()[bias.count() == 1 ? 0 : c];
            shifted[c] = (float) ((before - constants.get(2).floats()[c]) * factors[c] + constants.get(1).floats()[c]);
        }
        String newWeights = builder.addInitializer(layer.input(1) + "_bn", scaled(layer, weights, factors));
        String newBias = builder.addInitializer(layer.output(0) + "_bias", Tensor.of(shifted, channels));
        builder.remove(node);
        builder.replace(layer, layer.withInputs(List.of(layer.input(0), newWeights, newBias))
                .withOutputs(List.of(node.output(0))));
    }

    private static Tensor scaled(Node layer, Tensor weights, double[] factors) {
        float[] to = weights.toFloats();
        int groups = layer.is("ConvTranspose") ? (int) layer.intAttribute("group", 1) : 0;
        int perFirst = weights.count() / weights.dim(0);
        for (int i = 0; i < to.length; i++) {
            int first = i / perFirst;
            int channel = first;
            if (groups > 0) {
                // [in][out / groups]: the group of an output channel is that of its inputs
                int second = i % perFirst / (perFirst / weights.dim(1));
                channel = first / (weights.dim(0) / groups) * weights.dim(1) + second;
            }
            to[i] = (float) (to[i] * factors[channel]);
        }
        return Tensor.of(to, weights.shape());
    }
}
