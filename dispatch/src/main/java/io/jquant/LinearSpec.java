// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/**
 * A fully connected layer on quantized input: {@code output[r][o] = epilogue(sum_i (input[r][i] - inputZeroPoint) *
 * (weight[o][i] - weightZeroPoint[o]))}.
 *
 * @param inFeatures columns of the input, 1 to 33,025, so that int32 sums are exact whatever the parameters
 * @param outFeatures columns of the output, at least 1
 * @param input the input's parameters: per tensor, u8 or s8
 * @param weight the weights' parameters: u8 or s8, per tensor or per channel on axis 0
 * @param epilogue what becomes of the sums
 */
public record LinearSpec(int inFeatures, int outFeatures, QuantizationParameters input,
        QuantizationParameters weight, Epilogue epilogue) implements FullyConnectedSpec {
    /**
     * Checks that the parts go together.
     *
     * @throws IllegalArgumentException if they do not
     */
    public LinearSpec {
        checkFeatures(inFeatures, outFeatures, weight);
        UnarySpec.requirePerTensorBytes("input", input);
        Require.notNull("epilogue", epilogue);
    }

    @Override
    public DataType inputType() {
        return input.type();
    }

    @Override
    public DataType outputType() {
        return epilogue.type();
    }

    @Override
    public boolean hasAddend() {
        return epilogue.addend() != null;
    }

    static void checkFeatures(int inFeatures, int outFeatures, QuantizationParameters weight) {
        Require.positive("inFeatures", inFeatures);
        Require.positive("outFeatures", outFeatures);
        requireSumFits("inFeatures", inFeatures);
        checkWeight(weight, 0, outFeatures);
    }

    static void requireSumFits(String name, long terms) {
        // 255 * 255 a term: beyond this an exact int32 sum is no longer certain
        Require.that(terms <= Integer.MAX_VALUE / (255 * 255), name, terms, "at most " + Integer.MAX_VALUE / (255 * 255)
                + ", so that int32 sums are exact");
    }

    static void checkWeight(QuantizationParameters weight, int axis, int channels) {
        requireBytes("weight", weight);
        Require.that(weight.isPerTensor() || weight.axis() == axis, "weight", weight, "per channel on axis " + axis);
        Require.that(weight.isPerTensor() || weight.channels() == channels, "weight.channels", weight.channels(),
                "the output's channels, " + channels);
    }

    static void requireBytes(String name, QuantizationParameters parameters) {
        Require.notNull(name, parameters);
        Require.that(parameters.type() == DataType.U8 || parameters.type() == DataType.S8, name, parameters,
                "of type U8 or S8");
    }
}
