// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

/** Which family of packed operators an ONNX operator belongs to. */
final class PatternLowering {
    private PatternLowering() {
    }

    /** Lowers a pattern; returns null, or why it cannot be. */
    static String lower(Lowering lowering, Pattern pattern) {
        lowering.label(pattern.core().describe());
        try {
            return family(lowering, pattern);
        } catch (IllegalArgumentException | UnsupportedOperationException e) {
            return "the engine refuses it: " + e.getMessage();
        }
    }

    private static String family(Lowering lowering, Pattern pattern) {
        if (DynamicLowering.isMicrosoft(pattern.core(), "Gelu")) {
            return ElementwiseLowering.unary(lowering, pattern);
        }
        if (!pattern.core().domain().isEmpty()) {
            return "the engine has no such operator";
        }
        return switch (pattern.core().opType()) {
            case "Conv", "ConvTranspose" -> WeightedLowering.convolution(lowering, pattern);
            case "Gemm" -> WeightedLowering.linear(lowering, pattern);
            case "MatMul" -> isConstant(lowering.values().operand(pattern.core().input(1)))
                    ? WeightedLowering.linear(lowering, pattern)
                    : ProductLowering.matmul(lowering, pattern);
            case "Add", "Sub", "Mul" -> ElementwiseLowering.binary(lowering, pattern);
            case "Relu", "Clip", "LeakyRelu", "Elu", "HardSwish", "HardSigmoid", "Sigmoid", "Tanh", "Gelu" ->
                ElementwiseLowering.unary(lowering, pattern);
            case "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "ReduceMean" ->
                SpatialLowering.pooling(lowering, pattern);
            case "Resize" -> SpatialLowering.resize(lowering, pattern);
            case "Reshape", "Flatten", "Squeeze", "Unsqueeze" -> ShapeLowering.reshape(lowering, pattern);
            case "Transpose" -> ShapeLowering.transpose(lowering, pattern);
            case "Concat" -> ShapeLowering.concat(lowering, pattern);
            case "Softmax", "LayerNormalization" -> ShapeLowering.rows(lowering, pattern);
            default -> "the engine has no such operator";
        };
    }

    private static boolean isConstant(Operand operand) {
        return operand != null && operand.constant() != null;
    }
}
