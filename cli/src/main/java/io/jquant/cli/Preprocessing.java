// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.DataType;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import java.util.List;

/**
 * How an image's 0..255 values become a model's input: {@code (value - mean) / std}, in the layout that it wants.
 *
 * @param mean per channel, or one for all
 * @param std per channel, or one for all, not 0
 * @param layout order of the axes
 */
record Preprocessing(List<Double> mean, List<Double> std, Layout layout) {
    /** Order of the axes of an image. */
    enum Layout {
        /** Channels first, as PyTorch exports. */
        NCHW,
        /** Channels last, as TensorFlow exports. */
        NHWC
    }

    Preprocessing {
        checkLength("--mean", mean);
        checkLength("--std", std);
        for (double value : mean) {
            if (!Double.isFinite(value)) {
                throw new UsageException("--mean = " + value + ": must be finite");
            }
        }
        for (double value : std) {
            if (!(value != 0 && Double.isFinite(value))) {
                throw new UsageException("--std = " + value + ": must be finite and not 0");
            }
        }
    }

    private static void checkLength(String name, List<Double> values) {
        if (values.size() != 1 && values.size() != 3) {
            throw new UsageException(
                    name + " has " + values.size() + " values: must have 1, or 3 for red, green, blue");
        }
    }

    /** Width and height that the model wants, 0 for any. */
    int[] wantedSize(ValueInfo input) {
        int rank = input.shape().isRanked() ? input.shape().rank() : 4;
        if (rank != 4 || input.type() != DataType.F32) {
            throw new UsageException("input " + input.name() + " is " + input.type() + " of shape " + input.shape()
                    + ": images are for f32 of 4 axes");
        }
        int height = layout == Layout.NCHW ? 2 : 1;
        return new int[] {size(input, height + 1), size(input, height)};
    }

    private static int size(ValueInfo input, int axis) {
        if (!input.shape().isRanked() || !input.shape().dim(axis).isKnown()) {
            return 0;
        }
        long size = input.shape().dim(axis).value();
        if (size > Tensor.MAX_ELEMENTS) {
            throw new UsageException("input " + input.name() + " has shape " + input.shape()
                    + ": no array has room for such an image");
        }
        return (int) size;
    }

    /** Checks that images fit into one array. */
    static void requireRoom(String whose, int images, int width, int height) {
        // in double: three sizes of an int are more than a long holds
        if (3.0 * images * width * height > Tensor.MAX_ELEMENTS) {
            throw new UsageException(whose + ": " + images + " x 3 x " + height + " x " + width
                    + " values: must be at most " + Tensor.MAX_ELEMENTS);
        }
    }

    /**
     * Images as a model's input.
     *
     * @param images a byte for each red, green and blue value, {@code [3][height][width]} each
     * @param width of each
     * @param height of each
     */
    Tensor tensor(byte[][] images, int width, int height) {
        requireRoom("a batch of images, see --batch", images.length, width, height);
        int plane = width * height;
        float[] values = new float[images.length * 3 * plane];
        for (int image = 0; image < images.length; image++) {
            int base = image * 3 * plane;
            for (int channel = 0; channel < 3; channel++) {
                double shift = mean.get(channel % mean.size());
                double factor = std.get(channel % std.size());
                for (int i = 0; i < plane; i++) {
                    int at = layout == Layout.NCHW ? channel * plane + i : i * 3 + channel;
                    values[base + at] = (float) (((images[image][channel * plane + i] & 0xff) - shift) / factor);
                }
            }
        }
        return layout == Layout.NCHW ? Tensor.of(values, images.length, 3, height, width)
                : Tensor.of(values, images.length, height, width, 3);
    }
}
