// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static io.jquant.graph.ops.Op.onnx;

import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Transposed convolution: every input element adds its scaled kernel to the output. */
final class ConvTranspose {
    static final List<Op> OPS = List.of(
            onnx("ConvTranspose", 1, "2-3", "1", Convolution.ATTRIBUTES + " output_padding:I output_shape:I",
                    ConvTranspose::infer, Widening.of(ConvTranspose::run)));
    private static final long LARGEST = 1 << 24;

    private ConvTranspose() {}

    private static void infer(InferContext c) {
        c.requireFloat(0);
        c.requireSameType(0, 1);
        c.requireSameType(0, 2);
        int rank = c.requireRank(0, 3, 2 + Window.SPATIAL);
        c.requireRank(1, 3, 2 + Window.SPATIAL);
        Shape x = c.shape(0);
        Shape w = c.shape(1);
        if (!x.isRanked() || !w.isRanked()) {
            c.output(0, c.type(0), rank < 0 ? Shape.UNKNOWN : Shape.ofRank(rank));
            return;
        }
        c.require(x.rank() == w.rank(), "input of shape " + x + " and weights of shape " + w
                + " must have the same rank");
        long group = Convolution.group(c);
        c.requireSame(x.dim(1), w.dim(0), "input of shape " + x + " and weights of shape " + w + " do not fit");
        c.require(!w.dim(0).isKnown() || w.dim(0).value() % group == 0, "weights of shape " + w
                + ": input channels must be a multiple of group = " + group);
        List<Dim> dims = new ArrayList<>(List.of(x.dim(0),
                w.dim(1).isKnown() ? Dim.of(Math.multiplyExact(w.dim(1).value(), Math.min(group, LARGEST)))
                        : Dim.UNKNOWN));
        for (int i = 0; i < rank - 2; i++) {
            Dim in = x.dim(i + 2);
            Dim k = w.dim(i + 2);
            dims.add(in.isKnown() && k.isKnown()
                    ? Dim.of(geometry(c, rank - 2, i, in.value(), k.value())[0])
                    : Dim.UNKNOWN);
        }
        c.requireCount(2, dims.get(1), "output channels");
        c.output(0, c.type(0), Shape.of(dims));
    }

    private static long attribute(OpContext c, String name, int n, int i, long absent, long least) {
        long[] values = c.integers(name);
        if (values == null) {
            return absent;
        }
        c.require(values.length == n && Arrays.stream(values).allMatch(v -> v >= least && v <= LARGEST),
                name + " = " + Arrays.toString(values) + ": must be " + n + " numbers from " + least + " to "
                        + LARGEST);
        return values[i];
    }

    /** Size of the output and padding before it, in spatial dimension {@code i} of {@code n}. */
    private static long[] geometry(OpContext c, int n, int i, long in, long k) {
        long[] kernel = c.integers("kernel_shape");
        c.require(k > 0 && (kernel == null || (kernel.length == n && kernel[i] == k)), "kernel_shape = "
                + Arrays.toString(kernel) + ": must be as the weights are, which have " + k);
        long stride = attribute(c, "strides", n, i, 1, 1);
        long dilation = attribute(c, "dilations", n, i, 1, 1);
        long extra = attribute(c, "output_padding", n, i, 0, 0);
        long full = Math.max(0, stride * (in - 1) + extra + (k - 1) * dilation + 1);
        String autoPad = c.text("auto_pad", "NOTSET");
        long size = attribute(c, "output_shape", n, i, autoPad.startsWith("SAME") ? in * stride : -1, 0);
        if (size >= 0) {
            long total = Math.max(0, full - size);
            return new long[] {size, autoPad.equals("SAME_UPPER") ? total / 2 : total - total / 2};
        }
        long before = attribute(c, "pads", 2 * n, i, 0, 0);
        long after = attribute(c, "pads", 2 * n, n + i, 0, 0);
        c.require(full - before - after >= 0 || in == 0, "pads of " + before + " and " + after
                + " are more than the output of " + full);
        return new long[] {Math.max(0, full - before - after), before};
    }

    private static void run(RunContext r) {
        Tensor x = r.in(0);
        Tensor w = r.in(1);
        int n = x.rank() - 2;
        int[] in = {1, 1, 1};
        int[] out = {1, 1, 1};
        int[] kernel = {1, 1, 1};
        int[] stride = {1, 1, 1};
        int[] dilation = {1, 1, 1};
        int[] pad = {0, 0, 0};
        for (int i = 0; i < n; i++) {
            int at = Window.SPATIAL - n + i;
            in[at] = x.dim(i + 2);
            out[at] = r.out().dim(i + 2);
            kernel[at] = w.dim(i + 2);
            stride[at] = (int) attribute(r, "strides", n, i, 1, 1);
            dilation[at] = (int) attribute(r, "dilations", n, i, 1, 1);
            pad[at] = (int) geometry(r, n, i, in[at], kernel[at])[1];
        }
        scatter(r, new Window(in, out, kernel, stride, dilation, pad, pad));
    }

    private static void scatter(RunContext r, Window g) {
        Tensor x = r.in(0);
        Tensor w = r.in(1);
        float[] y = r.out().floats();
        int groups = (int) Convolution.group(r);
        int inPerGroup = w.dim(0) / groups;
        int outPerGroup = w.dim(1);
        int channels = outPerGroup * groups;
        for (int i = 0; i < x.dim(0) * channels; i++) {
            Arrays.fill(y, i * g.outSize(), (i + 1) * g.outSize(), r.has(2) ? r.in(2).floats()[i % channels] : 0);
        }
        for (int i = 0; i < x.dim(0) * w.dim(0); i++) {
            int image = i / w.dim(0);
            int channel = i % w.dim(0);
            for (int o = 0; o < outPerGroup; o++) {
                int plane = (image * channels + channel / inPerGroup * outPerGroup + o) * g.outSize();
                scatterPlane(x.floats(), i * g.inSize(), w.floats(), (channel * outPerGroup + o) * g.kernelSize(), y,
                        plane, g);
            }
        }
    }

    private static void scatterPlane(float[] x, int xs, float[] w, int ws, float[] y, int ys, Window g) {
        for (int p = 0; p < g.inSize(); p++) {
            int iw = p % g.in()[2];
            int ih = p / g.in()[2] % g.in()[1];
            int id = p / g.in()[2] / g.in()[1];
            for (int k = 0; k < g.kernelSize(); k++) {
                int ow = g.start(2, iw) + k % g.kernel()[2] * g.dilation()[2];
                int oh = g.start(1, ih) + k / g.kernel()[2] % g.kernel()[1] * g.dilation()[1];
                int od = g.start(0, id) + k / g.kernel()[2] / g.kernel()[1] * g.dilation()[0];
                if (od >= 0 && od < g.out()[0] && oh >= 0 && oh < g.out()[1] && ow >= 0 && ow < g.out()[2]) {
                    y[ys + (od * g.out()[1] + oh) * g.out()[2] + ow] += x[xs + p] * w[ws + k];
                }
            }
        }
    }
}
