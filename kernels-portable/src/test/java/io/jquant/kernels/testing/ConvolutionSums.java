// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import io.jquant.ConvolutionSpec;
import io.jquant.Extent;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A convolution's sums from the other end: every product of an input pixel with a weight is added to the output pixel
 * that it belongs to, if there is one.
 */
final class ConvolutionSums {
    private final ConvolutionSpec spec;
    private final Extent in;
    private final Extent out;
    private final long[] pixels;
    private final int stride;
    private final long[] weights;
    private final int[] target = new int[3];

    ConvolutionSums(ConvolutionSpec spec, Extent in, MemorySegment x, int stride, MemorySegment weights) {
        this.spec = spec;
        this.in = in;
        this.out = spec.outputExtent(in);
        this.stride = stride;
        this.pixels = new long[(int) x.byteSize()];
        Arrays.setAll(pixels, i -> BruteForce.distance(spec.input(), 0, x, i));
        this.weights = new long[(int) weights.byteSize()];
        Arrays.setAll(this.weights, i -> BruteForce.distance(spec.weight(), outputOf(i), weights, i));
    }

    /** The output channel that a weight belongs to. */
    private int outputOf(int weight) {
        int taps = (int) spec.window().kernel().volume();
        int outputs = spec.outChannels() / spec.groups();
        int inputs = spec.inChannels() / spec.groups();
        int row = weight / taps;
        return spec.transposed() ? row / outputs / inputs * outputs + row % outputs : row / inputs;
    }

    long[] of(int batch) {
        long[] sums = new long[Math.toIntExact(batch * out.volume() * spec.outChannels())];
        Extent kernel = spec.window().kernel();
        for (int pixel = 0; pixel < batch * in.volume(); pixel++) {
            int within = pixel % (int) in.volume();
            for (int tap = 0; tap < kernel.volume(); tap++) {
                if (reaches(coordinates(within, in), coordinates(tap, kernel))) {
                    long image = pixel / in.volume();
                    long to = ((image * out.depth() + target[0]) * out.height() + target[1]) * out.width() + target[2];
                    add(sums, (int) to * spec.outChannels(), pixel, tap);
                }
            }
        }
        return sums;
    }

    private static int[] coordinates(int index, Extent extent) {
        return new int[] {index / extent.width() / extent.height(), index / extent.width() % extent.height(),
            index % extent.width()};
    }

    /** Sets the output pixel that an input pixel adds to through a tap, if there is one. */
    private boolean reaches(int[] pixel, int[] tap) {
        for (int axis = 0; axis < 3; axis++) {
            int step = spec.window().stride().get(axis);
            int reach = tap[axis] * spec.window().dilation().get(axis) - spec.window().padBegin().get(axis);
            if (spec.transposed()) {
                target[axis] = pixel[axis] * step + reach;
            } else {
                int distance = pixel[axis] - reach;
                if (distance < 0 || distance % step != 0) {
                    return false;
                }
                target[axis] = distance / step;
            }
            if (target[axis] < 0 || target[axis] >= out.get(axis)) {
                return false;
            }
        }
        return true;
    }

    private void add(long[] sums, int to, int pixel, int tap) {
        int inputs = spec.inChannels() / spec.groups();
        int outputs = spec.outChannels() / spec.groups();
        int taps = (int) spec.window().kernel().volume();
        for (int o = 0; o < spec.outChannels(); o++) {
            for (int i = 0; i < inputs; i++) {
                int channel = o / outputs * inputs + i;
                int weight = (spec.transposed() ? channel * outputs + o % outputs : o * inputs + i) * taps + tap;
                sums[to + o] += pixels[pixel * stride + channel] * weights[weight];
            }
        }
    }
}
