// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import io.jquant.Activation;
import io.jquant.ConvolutionSpec;
import io.jquant.DataType;
import io.jquant.DynamicLinearSpec;
import io.jquant.Epilogue;
import io.jquant.Extent;
import io.jquant.GroupedLinearSpec;
import io.jquant.LinearSpec;
import io.jquant.MatmulSpec;
import io.jquant.QuantizationParameters;
import io.jquant.Window;

/** Random operators, a quarter of them with scales that make half of the results ties. */
public final class RandomSpecs {
    private final Samples samples;

    public RandomSpecs(Samples samples) {
        this.samples = samples;
    }

    /** Any number from 1, small ones as likely as large ones. */
    public int size(int most) {
        return samples.upTo(1 << samples.random().nextInt(33 - Integer.numberOfLeadingZeros(most))) % most + 1;
    }

    private boolean oneIn(int n) {
        return samples.random().nextInt(n) == 0;
    }

    private QuantizationParameters unitScale() {
        DataType type = samples.type();
        return QuantizationParameters.perTensor(type, 1, samples.zeroPoint(type));
    }

    private Epilogue epilogue(QuantizationParameters input, QuantizationParameters weight, double terms,
            boolean mayAdd, boolean ties) {
        if (ties) {
            DataType type = samples.type();
            QuantizationParameters output = QuantizationParameters.perTensor(type,
                    (float) (1 << (1 + samples.random().nextInt(9))), samples.zeroPoint(type));
            return Epilogue.quantized(output);
        }
        return samples.epilogue(input.scale() * (double) weight.scale() * 80 * 80 * Math.sqrt(terms), mayAdd);
    }

    public LinearSpec linear(int in, int out) {
        boolean ties = oneIn(4);
        QuantizationParameters input = ties ? unitScale() : samples.perTensor();
        QuantizationParameters weight = ties ? unitScale() : samples.weight(out, 0);
        return new LinearSpec(in, out, input, weight, epilogue(input, weight, in, true, ties));
    }

    public MatmulSpec matmul(int depth) {
        boolean ties = oneIn(4);
        QuantizationParameters left = ties ? unitScale() : samples.perTensor();
        QuantizationParameters right = ties ? unitScale() : samples.perTensor();
        return new MatmulSpec(left, right, epilogue(left, right, depth, false, ties));
    }

    public GroupedLinearSpec groupedLinear(int in, int out) {
        return new GroupedLinearSpec(in, out, 16 << samples.random().nextInt(5), samples.random().nextBoolean(),
                samples.random().nextBoolean() ? Activation.NONE : Activation.RELU6);
    }

    public DynamicLinearSpec dynamicLinear(int in, int out) {
        return new DynamicLinearSpec(in, out, samples.weight(out, 0),
                oneIn(3) ? Activation.RELU : Activation.NONE, oneIn(2), oneIn(3));
    }

    /** A layer with s8 weights of the same scales, which have no zero points. */
    public static DynamicLinearSpec symmetric(DynamicLinearSpec spec) {
        float[] scales = new float[spec.outFeatures()];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = spec.weight().scale(i);
        }
        return new DynamicLinearSpec(spec.inFeatures(), spec.outFeatures(),
                QuantizationParameters.symmetricPerChannel(DataType.S8, scales, 0), spec.activation(), spec.perRow(),
                spec.reduceRange());
    }

    private Extent extent(int dimensions, int least, int most) {
        int[] size = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            size[axis] = axis < 3 - dimensions ? Math.min(least, 1)
                    : least + samples.random().nextInt(most - least + 1);
        }
        return new Extent(size[0], size[1], size[2]);
    }

    /** An input that every convolution made here fits on. */
    public Extent image(int dimensions) {
        return extent(dimensions, 7, dimensions == 3 ? 8 : 12);
    }

    public ConvolutionSpec convolution(int dimensions) {
        boolean ties = oneIn(4);
        boolean transposed = oneIn(4);
        int groups = oneIn(3) ? 1 + samples.random().nextInt(4) : 1;
        int inChannels = groups * size(oneIn(3) ? 40 : 12);
        int outChannels = groups * size(oneIn(3) ? 90 : 12);
        boolean point = oneIn(5);
        Extent stride = extent(dimensions, 1, point ? 1 : 2);
        Window window = point ? Window.of(Extent.ONE)
                : new Window(extent(dimensions, 1, dimensions == 3 ? 3 : 4), stride, extent(dimensions, 1, 2),
                        extent(dimensions, 0, 3), extent(dimensions, 0, 3));
        Extent outputPadding = transposed && !point
                ? new Extent(stride.depth() - 1, stride.height() - 1, stride.width() - 1) : Extent.ZERO;
        QuantizationParameters input = ties ? unitScale() : samples.perTensor();
        QuantizationParameters weight = ties ? unitScale() : samples.weight(outChannels, transposed ? 1 : 0);
        double terms = (double) inChannels / groups * window.kernel().volume();
        return new ConvolutionSpec(inChannels, outChannels, groups, window, transposed, outputPadding, input, weight,
                epilogue(input, weight, terms, true, ties));
    }

    /** Kernels of up to 5 taps along an axis, at times one that makes several channels of one. */
    public ConvolutionSpec depthwise(int dimensions) {
        boolean ties = oneIn(4);
        int channels = 1 + size(oneIn(3) ? 150 : 40);
        int outChannels = channels * (oneIn(4) ? 1 + samples.random().nextInt(3) : 1);
        Window window = new Window(extent(dimensions, 1, dimensions == 3 ? 3 : 5), extent(dimensions, 1, 3),
                extent(dimensions, 1, oneIn(3) ? 2 : 1), extent(dimensions, 0, 3), extent(dimensions, 0, 3));
        QuantizationParameters input = ties ? unitScale() : samples.perTensor();
        QuantizationParameters weight = ties ? unitScale() : samples.weight(outChannels, 0);
        return ConvolutionSpec.of(channels, outChannels, channels, window, input, weight,
                epilogue(input, weight, (int) window.kernel().volume(), true, ties));
    }
}
