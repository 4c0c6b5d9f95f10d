// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.work;

import io.jquant.Bias;
import io.jquant.ConvolutionSpec;
import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.Epilogue;
import io.jquant.Extent;
import io.jquant.PackedConvolution;
import io.jquant.Window;
import io.jquant.bench.measure.Subject;
import java.lang.foreign.MemorySegment;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A convolution of one image, NHWC, u8 x s8 to u8. Shapes are {@code KHxKW[sS][gG]_HxWxCin-Cout}: the kernel, its
 * stride and groups where not 1, the image; {@code dwKHxKW[sS]_HxWxC} is depthwise. Padding is half the kernel.
 *
 * @param spec the convolution
 * @param extent the image's size
 * @param input the image
 * @param weights the weights in the specification's order
 */
public record ConvolutionWork(ConvolutionSpec spec, Extent extent, MemorySegment input, MemorySegment weights)
        implements ProductWork {
    private static final Pattern SHAPE =
            Pattern.compile("(dw)?(\\d+)x(\\d+)(?:s(\\d+))?(?:g(\\d+))?_(\\d+)x(\\d+)x(\\d+)(?:-(\\d+))?");

    static ConvolutionWork of(String shape) {
        Matcher parts = SHAPE.matcher(shape);
        if (!parts.matches() || (parts.group(1) == null) == (parts.group(9) == null)) {
            throw new IllegalArgumentException("shape = " + shape
                    + ": must be KHxKW[sS][gG]_HxWxCin-Cout or dwKHxKW[sS]_HxWxC");
        }
        boolean depthwise = parts.group(1) != null;
        int channels = Integer.parseInt(parts.group(8));
        int outChannels = depthwise ? channels : Integer.parseInt(parts.group(9));
        int groups = depthwise ? channels : optional(parts.group(5));
        Extent kernel = Extent.of(Integer.parseInt(parts.group(2)), Integer.parseInt(parts.group(3)));
        int stride = optional(parts.group(4));
        Window window = Window.of(kernel).withStride(Extent.of(stride, stride))
                .withPadding(Extent.padding(kernel.height() / 2, kernel.width() / 2));
        ConvolutionSpec spec = ConvolutionSpec.of(channels, outChannels, groups, window, Operands.INPUT,
                Operands.weights(outChannels, 0),
                Epilogue.quantized(Operands.output(kernel.volume() * channels / groups)));
        Extent extent = Extent.of(Integer.parseInt(parts.group(6)), Integer.parseInt(parts.group(7)));
        return new ConvolutionWork(spec, extent, Operands.bytes(extent.volume() * channels, 1),
                Operands.bytes(spec.weights(), 2));
    }

    private static int optional(String number) {
        return number == null ? 1 : Integer.parseInt(number);
    }

    /** {@return whether every channel is convolved alone} */
    public boolean isDepthwise() {
        return spec.groups() > 1 && spec.groups() == spec.inChannels();
    }

    /** {@return the output's size} */
    public Extent outputExtent() {
        return spec.outputExtent(extent);
    }

    @Override
    public long operations() {
        return 2 * outputExtent().volume() * spec.weights();
    }

    @Override
    public Bound bound() {
        return new Arithmetic();
    }

    @Override
    public long traffic() {
        return input.byteSize() + weights.byteSize() + outputExtent().volume() * spec.outChannels();
    }

    @Override
    public Subject on(Engine engine) {
        PackedConvolution convolution = engine.convolution(spec, weights, Bias.none());
        MemorySegment output = Operands.zeros(DataType.U8, outputExtent().volume() * spec.outChannels());
        return Subject.of(() -> convolution.run(1, extent, input, output), output, convolution::close);
    }
}
