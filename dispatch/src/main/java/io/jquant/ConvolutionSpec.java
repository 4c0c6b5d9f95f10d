// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/**
 * A convolution over activations in NHWC (N, depth, height, width, channels). Weights are in PyTorch's order:
 * {@code [outChannels][inChannels / groups][depth][height][width]}, of a transposed convolution
 * {@code [inChannels][outChannels / groups][depth][height][width]}.
 *
 * @param inChannels the input's channels, a multiple of groups
 * @param outChannels the output's channels, a multiple of groups
 * @param groups into how many independent convolutions the channels fall, at least 1
 * @param window the window, its padding with the input's zero point; its points times the channels of a group at
 *        most 33,025, so that int32 sums are exact whatever the parameters
 * @param transposed whether this is the gradient of a convolution, which enlarges by its stride
 * @param outputPadding points added at the end of a transposed convolution's output; zero otherwise
 * @param input the input's parameters: per tensor, u8 or s8
 * @param weight the weights' parameters: u8 or s8, per tensor or per output channel (axis 0; transposed: axis 1)
 * @param epilogue what becomes of the sums
 */
public record ConvolutionSpec(int inChannels, int outChannels, int groups, Window window, boolean transposed,
        Extent outputPadding, QuantizationParameters input, QuantizationParameters weight, Epilogue epilogue)
        implements PackedSpec {
    /**
     * Checks that the parts go together.
     *
     * @throws IllegalArgumentException if they do not
     */
    public ConvolutionSpec {
        Require.positive("inChannels", inChannels);
        Require.positive("outChannels", outChannels);
        Require.positive("groups", groups);
        Require.that(inChannels % groups == 0, "inChannels", inChannels, "a multiple of groups, " + groups);
        Require.that(outChannels % groups == 0, "outChannels", outChannels, "a multiple of groups, " + groups);
        Require.notNull("window", window);
        Require.notNull("outputPadding", outputPadding).requireAtLeast("outputPadding", 0);
        Require.that(transposed || outputPadding.equals(Extent.ZERO), "outputPadding", outputPadding,
                "zero where the convolution is not transposed");
        for (int axis = 0; axis < 3; axis++) {
            int extra = outputPadding.get(axis);
            Require.that(extra == 0 || extra < Math.max(window.stride().get(axis), window.dilation().get(axis)),
                    "outputPadding", outputPadding, "below the stride or the dilation");
        }
        UnarySpec.requirePerTensorBytes("input", input);
        LinearSpec.checkWeight(weight, transposed ? 1 : 0, outChannels);
        LinearSpec.requireSumFits("inChannels / groups * kernel",
                Require.product("kernel", inChannels / groups, window.kernel().volume()));
        Require.notNull("epilogue", epilogue);
    }

    /**
     * A plain convolution.
     *
     * @param inChannels the input's channels
     * @param outChannels the output's channels
     * @param groups into how many independent convolutions the channels fall
     * @param window the window
     * @param input the input's parameters
     * @param weight the weights' parameters
     * @param epilogue what becomes of the sums
     * @return the convolution
     */
    public static ConvolutionSpec of(int inChannels, int outChannels, int groups, Window window,
            QuantizationParameters input, QuantizationParameters weight, Epilogue epilogue) {
        return new ConvolutionSpec(inChannels, outChannels, groups, window, false, Extent.ZERO, input, weight,
                epilogue);
    }

    /**
     * The number of weights, each a byte.
     *
     * @return the number of weights
     * @throws IllegalArgumentException if it does not fit a long
     */
    public long weights() {
        return Require.product("weights", transposed ? inChannels : outChannels,
                (transposed ? outChannels : inChannels) / groups, window.kernel().volume());
    }

    @Override
    public long weightBytes() {
        return weights();
    }

    /**
     * The output's size.
     *
     * @param inputExtent the input's size, at least 1 each
     * @return the output's size
     * @throws IllegalArgumentException if the window does not fit
     */
    public Extent outputExtent(Extent inputExtent) {
        return transposed ? window.transposedOutputExtent(inputExtent, outputPadding)
                : window.outputExtent(inputExtent);
    }
}
