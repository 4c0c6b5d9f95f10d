// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.Bias;
import io.jquant.ConvolutionSpec;
import io.jquant.DataType;
import io.jquant.Epilogue;
import io.jquant.Extent;
import io.jquant.LinearSpec;
import io.jquant.PackedConvolution;
import io.jquant.PackedLinear;
import io.jquant.QuantizationParameters;
import io.jquant.Window;
import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import java.lang.foreign.MemorySegment;

/** Convolutions and linear layers on constant weights. */
final class WeightedLowering {
    private WeightedLowering() {
    }

    /** Lowers a convolution; returns null, or why it cannot be. */
    static String convolution(Lowering lowering, Pattern pattern) {
        Node node = pattern.core();
        Operand input = lowering.values().operand(node.input(0));
        Operand weight = lowering.values().operand(node.input(1));
        if (input == null || weight == null || weight.constant() == null) {
            return "input or weights are not quantized";
        }
        int rank = weight.constant().rank();
        if (rank < 3 || rank > 5 || lowering.rank(input) != rank) {
            return "convolutions have 1 to 3 spatial axes";
        }
        boolean transposed = node.is("ConvTranspose");
        int groups = (int) node.intAttribute("group", 1);
        Tensor w = weight.constant();
        int outChannels = transposed ? w.dim(1) * groups : w.dim(0);
        int inChannels = transposed ? w.dim(0) : w.dim(1) * groups;
        Window window = Windows.of(lowering.values(), node, Windows.extent(sizes(w), 1));
        if (window == null || (transposed && node.intsAttribute("output_shape") != null)) {
            return "the padding is not known";
        }
        if (!pattern.bias().isEmpty() && lowering.values().constant(pattern.bias()) == null) {
            return "the bias is not constant";
        }
        long[] outputPadding = node.intsAttribute("output_padding");
        PackedConvolution convolution = lowering.convolution(node,
                new ConvolutionSpec(inChannels, outChannels, groups, window, transposed,
                        outputPadding == null ? Extent.ZERO : Windows.extent(outputPadding, 0), input.parameters(),
                        weight.parameters(), Epilogue.quantized(pattern.output()).with(pattern.activation())),
                w::segment, bias(lowering, pattern, input.parameters(), weight.parameters()));
        int from = lowering.slot(input, Layout.CHANNELS_LAST);
        int to = lowering.define(pattern.target(), Layout.CHANNELS_LAST);
        lowering.add(frame -> {
            Buffer in = frame.buffer(from);
            Extent extent = in.extent();
            Buffer out = frame.allocate(to,
                    in.shapeWith(convolution.spec().outputExtent(extent), convolution.spec().outChannels()));
            convolution.run(in.shape()[0], extent, in.data(), out.data());
        }, to, from);
        return null;
    }

    private static long[] sizes(Tensor weight) {
        long[] shape = weight.shape();
        long[] spatial = new long[shape.length - 2];
        System.arraycopy(shape, 2, spatial, 0, spatial.length);
        return spatial;
    }

    /** Lowers Gemm, or MatMul on constant weights; returns null, or why it cannot be. */
    static String linear(Lowering lowering, Pattern pattern) {
        Node node = pattern.core();
        Operand input = lowering.values().operand(node.input(0));
        Operand weight = lowering.values().operand(node.input(1));
        if (input == null || input.constant() != null || weight == null || weight.constant() == null
                || weight.constant().rank() != 2) {
            return "input or weights are not quantized";
        }
        if (node.intAttribute("transA", 0) != 0 || node.floatAttribute("alpha", 1) != 1
                || (!pattern.bias().isEmpty() && node.floatAttribute("beta", 1) != 1)) {
            return "the input is transposed or there are factors";
        }
        if (!pattern.bias().isEmpty() && !isRow(lowering.values().constant(pattern.bias()), weight.constant(), node)) {
            return "the bias is not constant, or not one number for every output";
        }
        boolean transposed = node.is("Gemm") && node.intAttribute("transB", 0) != 0;
        QuantizationParameters parameters = weight.parameters();
        if (!parameters.isPerTensor() && parameters.axis() != (transposed ? 0 : 1)) {
            return "the weights' parameters are not those of output channels";
        }
        Tensor w = weight.constant();
        QuantizationParameters rows = transposed ? parameters : onFirstAxis(parameters);
        int outFeatures = w.dim(transposed ? 0 : 1);
        PackedLinear linear = lowering.linear(node,
                new LinearSpec(w.dim(transposed ? 1 : 0), outFeatures, input.parameters(), rows,
                        Epilogue.quantized(pattern.output()).with(pattern.activation())),
                () -> (transposed ? w : transpose(w)).segment(), bias(lowering, pattern, input.parameters(), rows));
        int from = lowering.slot(input, Layout.PLAIN);
        int to = lowering.define(pattern.target(), Layout.PLAIN);
        lowering.add(frame -> {
            Buffer in = frame.buffer(from);
            int[] shape = in.shape().clone();
            shape[shape.length - 1] = outFeatures;
            Buffer out = frame.allocate(to, shape);
            linear.run(in.product(0, shape.length - 1), in.data(), out.data());
        }, to, from);
        return null;
    }

    private static boolean isRow(Tensor bias, Tensor weights, Node node) {
        boolean transposed = node.is("Gemm") && node.intAttribute("transB", 0) != 0;
        return bias != null && bias.count() == weights.dim(transposed ? 0 : 1);
    }

    private static QuantizationParameters onFirstAxis(QuantizationParameters p) {
        if (p.isPerTensor()) {
            return p;
        }
        float[] scales = new float[p.channels()];
        int[] zeroPoints = new int[p.channels()];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = p.scale(i);
            zeroPoints[i] = p.zeroPoint(i);
        }
        return QuantizationParameters.perChannel(p.type(), scales, zeroPoints, 0);
    }

    /** A matrix of bytes with its columns in rows. */
    static Tensor transpose(Tensor matrix) {
        int rows = matrix.dim(0);
        int columns = matrix.dim(1);
        byte[] to = new byte[matrix.count()];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                to[c * rows + r] = matrix.bytes()[r * columns + c];
            }
        }
        return Tensor.of(matrix.type(), to, columns, rows);
    }

    /** The integers of a bias whose scale is that of the sums, or its real numbers. */
    private static Bias bias(Lowering lowering, Pattern pattern, QuantizationParameters input,
            QuantizationParameters weight) {
        if (pattern.bias().isEmpty()) {
            return Bias.none();
        }
        Operand quantized = lowering.values().operand(pattern.bias());
        if (quantized != null && quantized.constant() != null && quantized.parameters().type() == DataType.S32
                && hasScaleOfSums(quantized.parameters(), input, weight)) {
            int[] integers = new int[quantized.constant().count()];
            MemorySegment.ofArray(integers).copyFrom(quantized.constant().segment());
            return Bias.of(integers);
        }
        return Bias.of(lowering.values().constant(pattern.bias()).toFloats());
    }

    private static boolean hasScaleOfSums(QuantizationParameters bias, QuantizationParameters input,
            QuantizationParameters weight) {
        boolean same = bias.isSymmetric() && (bias.isPerTensor() ? weight.isPerTensor()
                : bias.channels() == weight.channels());
        for (int i = 0; i < bias.channels() && same; i++) {
            float product = input.scale() * weight.scale(i);
            // others compute the product in double, and round it later
            same = Math.abs(bias.scale(i) - product) <= 2 * Math.ulp(product);
        }
        return same;
    }
}
