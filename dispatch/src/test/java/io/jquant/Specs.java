// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/** Specifications that tests start from. */
final class Specs {
    static final QuantizationParameters U8 = QuantizationParameters.perTensor(DataType.U8, 0.5f, 128);
    static final QuantizationParameters S8 = QuantizationParameters.perTensor(DataType.S8, 0.25f, -3);
    static final QuantizationParameters S32 = QuantizationParameters.perTensor(DataType.S32, 0.125f, 0);
    static final Epilogue TO_U8 = Epilogue.quantized(U8);
    static final Epilogue TO_F32 = Epilogue.floating();

    private Specs() {
    }

    static QuantizationParameters channels(int number, int axis) {
        float[] scales = new float[number];
        int[] zeroPoints = new int[number];
        for (int i = 0; i < number; i++) {
            scales[i] = 0.01f * (i + 1);
            zeroPoints[i] = i % 5 - 2;
        }
        return QuantizationParameters.perChannel(DataType.S8, scales, zeroPoints, axis);
    }

    static LinearSpec linear(int inFeatures, int outFeatures) {
        return new LinearSpec(inFeatures, outFeatures, U8, channels(outFeatures, 0), TO_U8);
    }

    static DynamicLinearSpec dynamicLinear(int inFeatures, int outFeatures) {
        return new DynamicLinearSpec(inFeatures, outFeatures, channels(outFeatures, 0), Activation.RELU, true, false);
    }

    static ConvolutionSpec convolution(int inChannels, int outChannels, int groups) {
        Window window = Window.of(Extent.of(3, 2)).withStride(Extent.of(2, 1)).withPadding(Extent.padding(1, 0),
                Extent.padding(0, 1));
        return ConvolutionSpec.of(inChannels, outChannels, groups, window, U8, channels(outChannels, 0),
                TO_U8.with(Activation.RELU6).withAddend(S8));
    }

    static ConvolutionSpec transposed(int inChannels, int outChannels, int groups) {
        Window window = Window.of(Extent.of(2, 2)).withStride(Extent.of(2, 2));
        return new ConvolutionSpec(inChannels, outChannels, groups, window, true, Extent.padding(1, 0), S8,
                channels(outChannels, 1), TO_F32);
    }

    static RecurrentSpec cell(RecurrentSpec.Cell cell, int inputSize, int hiddenSize) {
        return new RecurrentSpec(cell, inputSize, hiddenSize, channels(cell.gates() * hiddenSize, 0), S8, true);
    }
}
