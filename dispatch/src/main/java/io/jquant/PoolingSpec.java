// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/**
 * A pooling over activations in NHWC.
 *
 * @param pooling what becomes of the points under the window
 * @param channels channels of input and output, at least 1
 * @param input the input's parameters: per tensor, u8 or s8
 * @param output the output's parameters, of the same type; of a max pooling, the input's own
 */
public record PoolingSpec(Pooling pooling, int channels, QuantizationParameters input,
        QuantizationParameters output) {
    /**
     * Checks that the parts go together.
     *
     * @throws IllegalArgumentException if they do not
     */
    public PoolingSpec {
        Require.notNull("pooling", pooling);
        Require.positive("channels", channels);
        UnarySpec.requirePerTensorBytes("input", input);
        UnarySpec.requirePerTensorBytes("output", output);
        Require.that(input.type() == output.type(), "output", output, "of the input's type, " + input.type());
        boolean max = pooling instanceof Pooling.Max || pooling instanceof Pooling.AdaptiveMax;
        Require.that(!max || input.equals(output), "output", output, "the input's parameters, " + input);
    }
}
