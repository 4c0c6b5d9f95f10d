// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.Extent;
import io.jquant.ResizeSpec;
import io.jquant.spi.SpatialKernel;
import java.lang.foreign.MemorySegment;

/** Resize as aten's quantized upsampling, in both numerics: places and weights are floats. */
final class ReferenceResize implements SpatialKernel {
    private final ResizeSpec spec;
    private final Affine element;

    ReferenceResize(ResizeSpec spec) {
        this.spec = spec;
        element = Affine.of(spec.parameters());
    }

    @Override
    public void run(long batch, Extent in, MemorySegment input, MemorySegment output) {
        Extent out = spec.output();
        long at = 0;
        for (long image = 0; image < batch; image++) {
            long begin = image * in.volume();
            for (int d = 0; d < out.depth(); d++) {
                for (int h = 0; h < out.height(); h++) {
                    for (int w = 0; w < out.width(); w++) {
                        for (int c = 0; c < spec.channels(); c++) {
                            element.set(output, at++, switch (spec.mode()) {
                                case NEAREST -> nearest(input, begin, in, d, h, w, c);
                                case BILINEAR -> bilinear(input, begin, in, h, w, c);
                            });
                        }
                    }
                }
            }
        }
    }

    private int nearest(MemorySegment input, long begin, Extent in, int d, int h, int w, int channel) {
        return at(input, begin, in, nearest(in, 0, d), nearest(in, 1, h), nearest(in, 2, w), channel);
    }

    private int nearest(Extent in, int axis, int place) {
        float scale = (float) in.get(axis) / spec.output().get(axis);
        return Math.min((int) Math.floor(place * scale), in.get(axis) - 1);
    }

    private int bilinear(MemorySegment input, long begin, Extent in, int h, int w, int channel) {
        float y = source(in, 1, h);
        float x = source(in, 2, w);
        int top = Math.min((int) y, in.height() - 1);
        int bottom = Math.min(top + 1, in.height() - 1);
        int left = Math.min((int) x, in.width() - 1);
        int right = Math.min(left + 1, in.width() - 1);
        float lower = y - top;
        float upper = 1.0f - lower;
        float righter = x - left;
        float lefter = 1.0f - righter;
        float mean = upper * (lefter * at(input, begin, in, 0, top, left, channel)
                        + righter * at(input, begin, in, 0, top, right, channel))
                + lower * (lefter * at(input, begin, in, 0, bottom, left, channel)
                        + righter * at(input, begin, in, 0, bottom, right, channel));
        return element.saturate(mean - element.zeroPoint());
    }

    /** Where in the input a place of the output lies: edges coincide, or outer points. */
    private float source(Extent in, int axis, int place) {
        int inputs = in.get(axis);
        int outputs = spec.output().get(axis);
        if (spec.alignCorners()) {
            return outputs == 1 ? 0.0f : (float) (inputs - 1) / (outputs - 1) * place;
        }
        return Math.max((float) inputs / outputs * (place + 0.5f) - 0.5f, 0.0f);
    }

    private int at(MemorySegment input, long begin, Extent in, int d, int h, int w, int channel) {
        long pixel = begin + ((long) d * in.height() + h) * in.width() + w;
        return element.get(input, pixel * spec.channels() + channel);
    }
}
