// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.DataType;
import io.jquant.QuantizationParameters;
import io.jquant.graph.Node;
import java.util.Map;

/** What static quantization does about an operator's activations: PyTorch's observation types. */
enum OperatorRole {
    /** Has a constant weight and perhaps a bias; its output has a range of its own. */
    WEIGHTED,
    /** Its output has a range of its own. */
    DIFFERENT,
    /** Its output has the range of its inputs, and these the same one. */
    SHARED,
    /** The range of its output is known beforehand. */
    FIXED;

    private static final QuantizationParameters UNIT = QuantizationParameters.perTensor(DataType.U8, 1f / 256, 0);
    private static final QuantizationParameters SIGNED_UNIT =
            QuantizationParameters.perTensor(DataType.U8, 2f / 256, 128);
    private static final Map<String, QuantizationParameters> KNOWN_OUTPUTS = Map.of("Sigmoid", UNIT, "HardSigmoid",
            UNIT, "Softmax", UNIT, "Tanh", SIGNED_UNIT);

    /** The role of a node, null if static quantization leaves it float. */
    static OperatorRole of(Node node, boolean sharedAverages) {
        if (!node.domain().isEmpty()) {
            return node.domain().equals("com.microsoft") && node.opType().equals("Gelu") ? DIFFERENT : null;
        }
        return switch (node.opType()) {
            case "Conv", "ConvTranspose", "Gemm", "MatMul" -> WEIGHTED;
            case "Add", "Sub", "Mul", "LeakyRelu", "PRelu", "Elu", "HardSwish", "Gelu", "LayerNormalization",
                "InstanceNormalization" -> DIFFERENT;
            case "GlobalAveragePool", "AveragePool", "ReduceMean" -> sharedAverages ? SHARED : DIFFERENT;
            case "Relu", "Clip", "MaxPool", "GlobalMaxPool", "ReduceMax", "Concat", "Reshape", "Flatten", "Squeeze",
                "Unsqueeze", "Transpose", "Slice", "Split", "Gather", "Expand", "Resize", "DepthToSpace",
                "SpaceToDepth" -> SHARED;
            case "Sigmoid", "HardSigmoid", "Softmax", "Tanh" -> FIXED;
            default -> null;
        };
    }

    /** How many of a node's leading inputs are activations; the others are sizes, axes, weights. */
    static int activations(Node node) {
        return switch (node.opType()) {
            case "Add", "Sub", "Mul", "MatMul" -> 2;
            case "Concat" -> node.inputs().size();
            default -> 1;
        };
    }

    /** The parameters that the output of a node always has. */
    static QuantizationParameters knownOutput(Node node) {
        return KNOWN_OUTPUTS.get(node.opType());
    }
}
