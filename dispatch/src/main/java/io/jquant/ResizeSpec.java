// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/**
 * Activations in NHWC at another height and width, their parameters unchanged.
 *
 * @param mode how a point between others gets its value
 * @param alignCorners whether the outer points, rather than the outer edges, of input and output coincide
 * @param output the output's size, at least 1 each; depth 1 for bilinear, as the input's is to be
 * @param channels channels of input and output, at least 1
 * @param parameters of input and output: per tensor, u8 or s8
 */
public record ResizeSpec(Mode mode, boolean alignCorners, Extent output, int channels,
        QuantizationParameters parameters) {
    /** How a point between others gets its value. */
    public enum Mode {
        /** From the point at {@code floor(o * in / out)}. */
        NEAREST,
        /** From its four neighbours, weighted by their nearness. */
        BILINEAR
    }

    /**
     * Checks that the parts go together.
     *
     * @throws IllegalArgumentException if they do not
     */
    public ResizeSpec {
        Require.notNull("mode", mode);
        Require.notNull("output", output).requireAtLeast("output", 1);
        Require.that(mode == Mode.NEAREST || output.depth() == 1, "output.depth", output.depth(), "1 for bilinear");
        Require.that(mode == Mode.BILINEAR || !alignCorners, "alignCorners", alignCorners, "false for nearest");
        Require.positive("channels", channels);
        UnarySpec.requirePerTensorBytes("parameters", parameters);
    }

    /**
     * The output's size.
     *
     * @param input the input's size, at least 1 each
     * @return the output's size
     * @throws IllegalArgumentException if the input has a depth and the mode is bilinear
     */
    public Extent outputExtent(Extent input) {
        Require.notNull("input", input).requireAtLeast("input extent", 1);
        if (mode == Mode.BILINEAR && input.depth() != 1) {
            throw Require.failure("input extent", input, "of depth 1 for bilinear");
        }
        return output;
    }
}
