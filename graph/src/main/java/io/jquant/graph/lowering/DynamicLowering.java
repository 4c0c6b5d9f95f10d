// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.Activation;
import io.jquant.Bias;
import io.jquant.DataType;
import io.jquant.DynamicLinearSpec;
import io.jquant.PackedLinear;
import io.jquant.QuantizationParameters;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Layers on float input that is quantized as it comes: DynamicQuantizeMatMul, also where it is written as
 * MatMulInteger and what surrounds it, MatMulNBits, DynamicQuantizeLSTM, GRU; and ConvInteger alone.
 */
final class DynamicLowering {
    private final Lowering lowering;
    private final QuantizedValues values;
    private final boolean perRow;

    DynamicLowering(Lowering lowering, QuantizedValues values, boolean perRow) {
        this.lowering = lowering;
        this.values = values;
        this.perRow = perRow;
    }

    /**
     * What is lowered together: the last node makes the value.
     *
     * @param inputs the tensors that the step reads
     * @param nodes the nodes
     */
    record Lowered(List<String> inputs, List<Node> nodes) {
    }

    /** Adds the step that makes a node's outputs; null if there is none. */
    Lowered lower(Node node) {
        try {
            boolean bounded = node.is("Relu") && values.isPrivate(node.input(0));
            IntegerProduct product = product(bounded ? values.producer(node.input(0)) : node);
            if (product != null) {
                List<Node> nodes = new ArrayList<>(product.nodes());
                if (bounded) {
                    nodes.add(node);
                }
                return linear(product.whole(), bounded ? Activation.RELU : Activation.NONE, node.output(0))
                        ? new Lowered(List.of(product.whole().input(0)), nodes)
                        : null;
            }
            if (node.is("ConvInteger")) {
                List<String> reads = IntegerConvolution.lower(lowering, values, node);
                return reads == null ? null : new Lowered(reads, List.of(node));
            }
            RecurrentLowering recurrent = RecurrentLowering.of(lowering, values, node);
            return recurrent == null ? null : new Lowered(recurrent.lower(), List.of(node));
        } catch (IllegalArgumentException | UnsupportedOperationException e) {
            // the engine has no such operator; it runs as it is defined
            return null;
        }
    }

    /** The layer that ends with a node, in one node or in several; null if none does. */
    private IntegerProduct product(Node node) {
        if (node == null) {
            return null;
        }
        return isMicrosoft(node, "DynamicQuantizeMatMul") || isMicrosoft(node, GroupedLowering.OPERATOR)
                ? new IntegerProduct(node, List.of(node)) : IntegerProduct.of(values, node);
    }

    static boolean isMicrosoft(Node node, String opType) {
        return node.domain().equals("com.microsoft") && node.opType().equals(opType);
    }

    private boolean linear(Node node, Activation activation, String target) {
        PackedLinear linear = isMicrosoft(node, GroupedLowering.OPERATOR)
                ? GroupedLowering.pack(lowering, values, node, activation) : pack(node, activation);
        if (linear == null) {
            return false;
        }
        String input = node.input(0);
        lowering.add(frame -> {
            Tensor in = frame.tensor(input);
            long[] shape = in.shape();
            shape[shape.length - 1] = linear.outFeatures();
            Tensor out = frame.real(target, DataType.F32, shape);
            linear.run(in.count() / linear.inFeatures(), in.segment(), out.segment());
            frame.put(target, out);
        }, Step.NONE);
        return true;
    }

    private PackedLinear pack(Node node, Activation activation) {
        Tensor weight = values.constant(node.input(1));
        Tensor scale = values.constant(node.input(2));
        Tensor zeroPoint = node.input(3).isEmpty() ? null : values.constant(node.input(3));
        Tensor bias = node.input(4).isEmpty() ? null : values.constant(node.input(4));
        if (weight == null || weight.rank() != 2 || scale == null || (!node.input(3).isEmpty() && zeroPoint == null)
                || (!node.input(4).isEmpty() && bias == null)) {
            return null;
        }
        int inFeatures = weight.dim(0);
        int outFeatures = weight.dim(1);
        QuantizationParameters parameters = parameters(weight.type(), scale, zeroPoint, outFeatures);
        return lowering.linear(node,
                new DynamicLinearSpec(inFeatures, outFeatures, parameters, activation, perRow, false),
                () -> WeightedLowering.transpose(weight).segment(),
                bias == null ? Bias.none() : Bias.of(bias.toFloats()));
    }

    /** Parameters of weights whose output channels are rows. */
    static QuantizationParameters parameters(DataType type, Tensor scale, Tensor zeroPoint, int rows) {
        float[] scales = new float[scale.count() == 1 ? 1 : rows];
        int[] zeroPoints = new int[scales.length];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = scale.floats()[i];
            zeroPoints[i] = zeroPoint == null ? 0 : (int) zeroPoint.getLong(Math.min(i, zeroPoint.count() - 1));
        }
        return scales.length == 1
                ? QuantizationParameters.perTensor(type, scales[0], zeroPoints[0])
                : QuantizationParameters.perChannel(type, scales, zeroPoints, 0);
    }
}
