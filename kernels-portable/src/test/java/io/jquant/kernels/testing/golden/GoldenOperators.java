// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing.golden;

import io.jquant.Activation;
import io.jquant.BinarySpec;
import io.jquant.RecurrentSpec.Cell;
import io.jquant.ResizeSpec.Mode;
import io.jquant.UnaryFunction;
import java.util.LinkedHashMap;
import java.util.Map;

/** Every operator of the golden files that jquant's engines have, in the order of golden/README.md. */
final class GoldenOperators {
    static final String OBSERVER = "fused_moving_avg_obs_fake_quant";

    private GoldenOperators() {
    }

    static Map<String, GoldenOperator> all() {
        Map<String, GoldenOperator> all = new LinkedHashMap<>();
        matrices(all);
        elements(all);
        functions(all);
        spatial(all);
        floats(all);
        recurrent(all);
        return all;
    }

    private static void matrices(Map<String, GoldenOperator> all) {
        all.put("linear", MatrixOperators::linear);
        all.put("linear_dynamic", MatrixOperators::linearDynamic);
        all.put("conv1d", MatrixOperators::convolution);
        all.put("conv2d", MatrixOperators::convolution);
        all.put("conv3d", MatrixOperators::convolution);
        all.put("conv_transpose1d", MatrixOperators::convTranspose);
        all.put("conv_transpose2d", MatrixOperators::convTranspose);
        all.put("conv_transpose3d", MatrixOperators::convTranspose);
        all.put("matmul", MatrixOperators::matmul);
    }

    private static void elements(Map<String, GoldenOperator> all) {
        all.put("add", ElementOperators.binary(BinarySpec.Function.ADD));
        all.put("mul", ElementOperators.binary(BinarySpec.Function.MULTIPLY));
        all.put("cat", ElementOperators::concat);
        all.put("softmax", ElementOperators::softmax);
        all.put("layer_norm", ElementOperators::layerNorm);
    }

    private static void functions(Map<String, GoldenOperator> all) {
        all.put("relu", ElementOperators.unary(golden -> new UnaryFunction.Clamp(Activation.RELU)));
        all.put("relu6", ElementOperators.unary(golden -> new UnaryFunction.Clamp(Activation.RELU6)));
        all.put("clamp", ElementOperators.unary(ElementOperators::clamp));
        all.put("hardtanh", ElementOperators.unary(ElementOperators::clamp));
        all.put("leaky_relu", ElementOperators.unary(ElementOperators::leakyRelu));
        all.put("elu", ElementOperators.unary(ElementOperators::elu));
        all.put("celu", ElementOperators.unary(ElementOperators::celu));
        all.put("hardswish", ElementOperators.unary(golden -> new UnaryFunction.HardSwish()));
        all.put("hardsigmoid", ElementOperators.unary(golden -> new UnaryFunction.HardSigmoid()));
        all.put("sigmoid", ElementOperators.unary(golden -> new UnaryFunction.Sigmoid()));
        all.put("sigmoid_scaled", ElementOperators.unary(golden -> new UnaryFunction.Sigmoid()));
        all.put("tanh", ElementOperators.unary(golden -> new UnaryFunction.Tanh()));
        all.put("gelu", ElementOperators.unary(golden -> new UnaryFunction.Gelu()));
    }

    private static void spatial(Map<String, GoldenOperator> all) {
        all.put("max_pool1d", SpatialOperators.pooling(SpatialOperators::max));
        all.put("max_pool2d", SpatialOperators.pooling(SpatialOperators::max));
        all.put("avg_pool2d", SpatialOperators.pooling(SpatialOperators::average));
        all.put("avg_pool3d", SpatialOperators.pooling(SpatialOperators::average));
        all.put("adaptive_avg_pool2d", SpatialOperators.pooling(SpatialOperators::adaptive));
        all.put("adaptive_avg_pool3d", SpatialOperators.pooling(SpatialOperators::adaptive));
        all.put("mean", SpatialOperators.pooling(SpatialOperators::global));
        all.put("upsample_nearest2d", SpatialOperators.resize(Mode.NEAREST));
        all.put("upsample_nearest3d", SpatialOperators.resize(Mode.NEAREST));
        all.put("upsample_bilinear2d", SpatialOperators.resize(Mode.BILINEAR));
        all.put("channel_shuffle", SpatialOperators::channelShuffle);
        all.put("constant_pad", SpatialOperators::pad);
    }

    private static void floats(Map<String, GoldenOperator> all) {
        all.put("quantize_per_tensor", FloatOperators::quantizePerTensor);
        all.put("quantize_per_tensor_nan", FloatOperators::quantizePerTensor);
        all.put("quantize_per_channel", FloatOperators::quantizePerChannel);
        all.put("dequantize_per_tensor", FloatOperators::dequantizePerTensor);
        all.put("dequantize_per_channel", FloatOperators::dequantizePerChannel);
        all.put("requantize", FloatOperators::requantize);
        all.put("choose_qparams", FloatOperators::chooseParameters);
        all.put("quantize_per_tensor_dynamic", FloatOperators::quantizeDynamic);
        all.put(OBSERVER, FloatOperators::observe);
        all.put("embedding_bag_byte", FloatOperators.embeddingBag(8));
        all.put("embedding_bag_4bit", FloatOperators.embeddingBag(4));
        all.put("embedding_bag_byte_unpack", FloatOperators.embeddingRows(8));
        all.put("embedding_bag_4bit_unpack", FloatOperators.embeddingRows(4));
    }

    private static void recurrent(Map<String, GoldenOperator> all) {
        all.put("lstm", RecurrentOperators.layers(Cell.LSTM));
        all.put("gru", RecurrentOperators.layers(Cell.GRU));
        all.put("lstm_cell", RecurrentOperators.cell(Cell.LSTM));
        all.put("gru_cell", RecurrentOperators.cell(Cell.GRU));
    }
}
