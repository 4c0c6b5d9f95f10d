// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/**
 * A fully connected layer on float input that is quantized as it comes, to u8 with parameters chosen from its range:
 * {@code output[r][o] = activation((float) sum * (inputScale * weightScale[o]) + bias[o])}, in this order on every
 * path.
 *
 * @param inFeatures columns of the input, 1 to 33,025, so that int32 sums are exact whatever the parameters
 * @param outFeatures columns of the output, at least 1
 * @param weight the weights' parameters: u8 or s8, per tensor or per channel on axis 0
 * @param activation bounds of the result
 * @param perRow whether every row of the input gets parameters of its own; otherwise the whole input has the same
 * @param reduceRange whether the input is quantized to 0..127 only, as PyTorch does for kernels that saturate
 */
public record DynamicLinearSpec(int inFeatures, int outFeatures, QuantizationParameters weight, Activation activation,
        boolean perRow, boolean reduceRange) implements FullyConnectedSpec {
    /**
     * Checks that the parts go together.
     *
     * @throws IllegalArgumentException if they do not
     */
    public DynamicLinearSpec {
        LinearSpec.checkFeatures(inFeatures, outFeatures, weight);
        Require.notNull("activation", activation);
    }

    @Override
    public DataType inputType() {
        return DataType.F32;
    }

    @Override
    public DataType outputType() {
        return DataType.F32;
    }

    @Override
    public boolean hasAddend() {
        return false;
    }
}
