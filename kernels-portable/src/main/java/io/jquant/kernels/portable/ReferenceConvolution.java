// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.Bias;
import io.jquant.ConvolutionSpec;
import io.jquant.Extent;
import io.jquant.Window;
import io.jquant.spi.ConvolutionKernel;
import io.jquant.spi.Numerics;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A convolution by definition: for every output pixel and group, the products of the window's pixels with the weights
 * of every output channel. Padding is the input's zero point, whose distance from itself is 0.
 */
final class ReferenceConvolution implements ConvolutionKernel {
    private static final long OUTSIDE = -1;

    private final ConvolutionSpec spec;
    private final int groupInputs;
    private final int groupOutputs;
    private final CenteredWeights weights;
    private final Requantization requantization;

    ReferenceConvolution(Numerics numerics, ConvolutionSpec spec, MemorySegment weights, Bias bias) {
        this.spec = spec;
        this.groupInputs = spec.inChannels() / spec.groups();
        this.groupOutputs = spec.outChannels() / spec.groups();
        int taps = (int) spec.window().kernel().volume();
        this.weights = new CenteredWeights(spec.outChannels(), taps * groupInputs,
                (channel, position) -> canonical(channel, position / groupInputs, position % groupInputs, taps),
                spec.weight(), weights);
        this.requantization = new Requantization(numerics, spec.input(), spec.weight(), spec.outChannels(),
                spec.epilogue(), bias);
    }

    private long canonical(int channel, int tap, int input, int taps) {
        int group = channel / groupOutputs;
        long row = spec.transposed()
                ? (group * (long) groupInputs + input) * groupOutputs + channel % groupOutputs
                : (long) channel * groupInputs + input;
        return row * taps + tap;
    }

    @Override
    public void run(long batch, Extent inputExtent, MemorySegment input, long inputStride, MemorySegment output,
            long outputStride, MemorySegment addend, long addendStride) {
        Extent size = spec.outputExtent(inputExtent);
        short[] patch = new short[(int) spec.window().kernel().volume() * groupInputs];
        long pixel = 0;
        for (long image = 0; image < batch; image++) {
            MemorySegment pixels = input.asSlice(image * inputExtent.volume() * inputStride);
            for (int d = 0; d < size.depth(); d++) {
                for (int h = 0; h < size.height(); h++) {
                    for (int w = 0; w < size.width(); w++) {
                        for (int channel = 0; channel < spec.outChannels(); channel++) {
                            if (channel % groupOutputs == 0) {
                                int first = channel / groupOutputs * groupInputs;
                                gather(pixels, inputExtent, inputStride, first, d, h, w, patch);
                            }
                            requantization.store(weights.dot(channel, patch), channel, output,
                                    pixel * outputStride + channel, addend, pixel * addendStride + channel);
                        }
                        pixel++;
                    }
                }
            }
        }
    }

    /** Brings a group's channels of the pixels under the window of an output pixel together. */
    private void gather(MemorySegment pixels, Extent extent, long stride, int firstChannel, int d, int h, int w,
            short[] patch) {
        Centered centered = Centered.of(spec.input(), 0);
        Extent kernel = spec.window().kernel();
        int at = 0;
        for (int kd = 0; kd < kernel.depth(); kd++) {
            long z = source(0, d, kd, extent.depth());
            for (int kh = 0; kh < kernel.height(); kh++) {
                long y = source(1, h, kh, extent.height());
                for (int kw = 0; kw < kernel.width(); kw++, at += groupInputs) {
                    long x = source(2, w, kw, extent.width());
                    if (z == OUTSIDE || y == OUTSIDE || x == OUTSIDE) {
                        Arrays.fill(patch, at, at + groupInputs, (short) 0);
                    } else {
                        long source = (z * extent.height() + y) * extent.width() + x;
                        centered.load(pixels, source * stride + firstChannel, patch, at, groupInputs);
                    }
                }
            }
        }
    }

    /** The input's coordinate that a tap of the window meets at an output's coordinate. */
    private long source(int axis, int output, int tap, int size) {
        Window window = spec.window();
        long reach = (long) tap * window.dilation().get(axis);
        int stride = window.stride().get(axis);
        int padding = window.padBegin().get(axis);
        long source;
        if (spec.transposed()) {
            // the output's coordinates that an input reaches are input * stride - padding + reach
            long steps = output + padding - reach;
            source = Math.floorMod(steps, stride) == 0 ? Math.floorDiv(steps, stride) : OUTSIDE;
        } else {
            source = (long) output * stride - padding + reach;
        }
        return source >= 0 && source < size ? source : OUTSIDE;
    }

    @Override
    public void unpack(MemorySegment to) {
        weights.unpack(to);
    }
}
