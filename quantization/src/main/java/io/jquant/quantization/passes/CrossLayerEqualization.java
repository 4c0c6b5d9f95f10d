// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.passes;

import io.jquant.DataType;
import io.jquant.graph.GraphBuilder;
import io.jquant.graph.Model;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the channels between two layers alike: the output channel of the first is divided, and the second's weights on
 * it multiplied, by a factor that gives both the same range of weights: {@code sqrt(r1 * r2) / r2}. A Relu may lie
 * between. What the model computes stays as it is.
 */
public final class CrossLayerEqualization implements GraphPass {
    private static final int ROUNDS = 2;

    @Override
    public Model apply(Model model) {
        Model equalized = model;
        // a layer in the middle of a chain changes with the pair before and the pair after it
        for (int round = 0; round < ROUNDS; round++) {
            equalized = GraphPass.super.apply(equalized);
        }
        return equalized;
    }

    @Override
    public void visit(GraphBuilder builder, Node node) {
        Node first = layerBefore(builder, node);
        if (first == null || !isLayer(builder, node)) {
            return;
        }
        Tensor w1 = builder.initializer(first.input(1));
        Tensor w2 = builder.initializer(node.input(1));
        int channels = w1.dim(0);
        boolean depthwise = isDepthwise(node, w2);
        if ((depthwise ? w2.dim(0) : w2.dim(1)) != channels || (node.is("Conv") && !depthwise
                && node.intAttribute("group", 1) != 1)) {
            return;
        }
        float[] factors = factors(ranges(w1, channels, true), ranges(w2, channels, depthwise));
        scale(builder, first, factors);
        String weights = builder.addInitializer(node.input(1) + "_equal", scaled(w2, factors, depthwise, false));
        List<String> inputs = new ArrayList<>(node.inputs());
        inputs.set(1, weights);
        builder.replace(node, node.withInputs(inputs));
    }

    private static Node layerBefore(GraphBuilder builder, Node node) {
        Node before = builder.producer(node.input(0));
        if (before != null && before.is("Relu") && GraphPass.onlyReader(builder, before.output(0)) != null) {
            before = builder.producer(before.input(0));
        }
        boolean alone = before != null && isLayer(builder, before)
                && GraphPass.onlyReader(builder, before.output(0)) != null;
        return alone && before.is(node.opType()) ? before : null;
    }

    private static boolean isLayer(GraphBuilder builder, Node node) {
        boolean kind = node.is("Conv") || (node.is("Gemm") && node.intAttribute("transB", 0) == 1);
        return kind && isFloat(builder.initializer(node.input(1)))
                && (node.input(2).isEmpty() || isFloat(builder.initializer(node.input(2))));
    }

    private static boolean isFloat(Tensor tensor) {
        return tensor != null && tensor.type() == DataType.F32;
    }

    private static boolean isDepthwise(Node node, Tensor weights) {
        return node.is("Conv") && weights.dim(1) == 1 && node.intAttribute("group", 1) == weights.dim(0);
    }

    /** The largest magnitude of the weights of every channel, on the first axis or the second. */
    private static float[] ranges(Tensor weights, int channels, boolean firstAxis) {
        float[] ranges = new float[channels];
        for (int i = 0; i < weights.count(); i++) {
            int channel = channel(weights, i, firstAxis);
            ranges[channel] = Math.max(ranges[channel], Math.abs(weights.floats()[i]));
        }
        return ranges;
    }

    private static int channel(Tensor weights, int index, boolean firstAxis) {
        int perFirst = weights.count() / weights.dim(0);
        return firstAxis ? index / perFirst : index % perFirst / (perFirst / weights.dim(1));
    }

    private static float[] factors(float[] first, float[] second) {
        float[] factors = new float[first.length];
        for (int i = 0; i < factors.length; i++) {
            double factor = Math.sqrt((double) first[i] * second[i]) / second[i];
            // a channel that nothing feeds or nobody reads stays as it is
            factors[i] = factor > 0 && factor < Float.MAX_VALUE ? (float) factor : 1;
        }
        return factors;
    }

    private static void scale(GraphBuilder builder, Node layer, float[] factors) {
        List<String> inputs = new ArrayList<>(layer.inputs());
        inputs.set(1, builder.addInitializer(layer.input(1) + "_equal",
                scaled(builder.initializer(layer.input(1)), factors, true, true)));
        if (!layer.input(2).isEmpty()) {
            inputs.set(2, builder.addInitializer(layer.input(2) + "_equal",
                    scaled(builder.initializer(layer.input(2)), factors, true, true)));
        }
        builder.replace(layer, layer.withInputs(inputs));
    }

    private static Tensor scaled(Tensor tensor, float[] factors, boolean firstAxis, boolean divide) {
        float[] to = tensor.toFloats();
        for (int i = 0; i < to.length; i++) {
            float factor = factors[channel(tensor, i, firstAxis)];
            to[i] = divide ? to[i] / factor : to[i] * factor;
        }
        return Tensor.of(to, tensor.shape());
    }
}
