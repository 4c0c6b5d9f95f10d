// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static io.jquant.graph.ops.Op.onnx;

import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Float convolution: im2col one panel of output positions at a time, then a matrix product per group. */
final class Convolution {
    static final String ATTRIBUTES = "auto_pad:s dilations:I group:i kernel_shape:I pads:I strides:I";
    static final List<Op> OPS = List.of(
            onnx("Conv", 1, "2-3", "1", ATTRIBUTES, Convolution::inferConv, Widening.of(Convolution::run)));

    private Convolution() {}

    private static void inferConv(InferContext c) {
        c.requireFloat(0);
        c.requireSameType(0, 1);
        c.requireSameType(0, 2);
        Shape shape = shape(c, 0, 1);
        if (shape.isRanked()) {
            c.requireCount(2, shape.dim(1), "output channels");
        }
        c.output(0, c.type(0), shape);
    }

    /** Shape of a convolution of two inputs, checked. */
    static Shape shape(InferContext c, int input, int weights) {
        Shape x = c.shape(input);
        Shape w = c.shape(weights);
        int rank = x.isRanked() ? x.rank() : w.rank();
        c.requireRank(input, 3, 2 + Window.SPATIAL);
        c.requireRank(weights, 3, 2 + Window.SPATIAL);
        if (!x.isRanked() || !w.isRanked()) {
            return rank < 0 ? Shape.UNKNOWN : Shape.ofRank(rank);
        }
        c.require(x.rank() == w.rank(), "input of shape " + x + " and weights of shape " + w
                + " must have the same rank");
        long group = group(c);
        if (x.dim(1).isKnown() && w.dim(1).isKnown()) {
            c.require(x.dim(1).value() == w.dim(1).value() * group, "input of shape " + x + " and weights of shape " + w
                    + " do not fit for group = " + group);
        }
        c.require(!w.dim(0).isKnown() || w.dim(0).value() % group == 0, "weights of shape " + w
                + ": output channels must be a multiple of group = " + group);
        List<Dim> dims = new ArrayList<>(List.of(x.dim(0), w.dim(0)));
        long[] kernel = kernel(c, w);
        dims.addAll(kernel == null
                ? Shape.ofRank(rank - 2).dims()
                : Window.outputDims(c, Window.Attributes.of(c, kernel), x));
        return Shape.of(dims);
    }

    static long group(OpContext c) {
        long group = c.integer("group", 1);
        c.require(group >= 1, "group = " + group + ": must be 1 or more");
        return group;
    }

    /** The kernel's sizes from the weights, checked against the attribute; null while they are unknown. */
    private static long[] kernel(InferContext c, Shape w) {
        Shape spatial = Shape.of(w.dims().subList(2, w.rank()));
        long[] given = c.integers("kernel_shape");
        if (!spatial.isKnown()) {
            return given;
        }
        long[] sizes = spatial.sizes();
        c.require(given == null || Arrays.equals(given, sizes), "kernel_shape = " + Arrays.toString(given)
                + ": must be " + Arrays.toString(sizes) + " as the weights are");
        c.require(Arrays.stream(sizes).allMatch(s -> s > 0),
                "weights of shape " + w + ": the kernel must not be empty");
        return sizes;
    }

    static Window window(RunContext r, Tensor x, Tensor w) {
        long[] kernel = Arrays.copyOfRange(w.shape(), 2, w.rank());
        return Window.of(Window.Attributes.of(r, kernel), x, r.out());
    }

    private static void run(RunContext r) {
        Tensor x = r.in(0);
        Tensor w = r.in(1);
        float[] bias = r.has(2) ? r.in(2).floats() : null;
        Window window = window(r, x, w);
        int groups = (int) group(r);
        int inChannels = w.dim(1);
        int outChannels = w.dim(0) / groups;
        int depth = inChannels * window.kernelSize();
        int positions = window.outSize();
        int columns = Math.min(positions, FloatProduct.panelWidth(depth));
        float[][] panel = new float[depth][columns];
        float[] sum = new float[columns];
        for (int ng = 0; ng < x.dim(0) * groups; ng++) {
            int firstChannel = ng % groups * outChannels;
            for (int p = 0; p < positions; p += columns) {
                int width = Math.min(columns, positions - p);
                im2col(x.floats(), ng * inChannels * window.inSize(), inChannels, window, p, width, panel);
                for (int oc = 0; oc < outChannels; oc++) {
                    Arrays.fill(sum, 0, width, bias == null ? 0 : bias[firstChannel + oc]);
                    FloatProduct.addRow(sum, w.floats(), (firstChannel + oc) * depth, depth, panel, width);
                    System.arraycopy(sum, 0, r.out().floats(), (ng * outChannels + oc) * positions + p, width);
                }
            }
        }
    }

    /** Rows: channel and kernel position; columns: output positions {@code from .. from + width}. */
    private static void im2col(float[] x, int start, int channels, Window w, int from, int width, float[][] panel) {
        int row = 0;
        for (int ch = 0; ch < channels; ch++) {
            int plane = start + ch * w.inSize();
            for (int kd = 0; kd < w.kernel()[0]; kd++) {
                for (int kh = 0; kh < w.kernel()[1]; kh++) {
                    for (int kw = 0; kw < w.kernel()[2]; kw++) {
                        gather(x, plane, w, kd, kh, kw, from, width, panel[row++]);
                    }
                }
            }
        }
    }

    private static void gather(float[] x, int plane, Window w, int kd, int kh, int kw, int from, int width,
            float[] to) {
        int ow = from % w.out()[2];
        int oh = from / w.out()[2] % w.out()[1];
        int od = from / w.out()[2] / w.out()[1];
        int filled = 0;
        while (filled < width) {
            int n = Math.min(width - filled, w.out()[2] - ow);
            int d = w.start(0, od) + kd * w.dilation()[0];
            int h = w.start(1, oh) + kh * w.dilation()[1];
            if (d < 0 || d >= w.in()[0] || h < 0 || h >= w.in()[1]) {
                Arrays.fill(to, filled, filled + n, 0);
            } else {
                int line = plane + (d * w.in()[1] + h) * w.in()[2];
                copyLine(x, line, w.in()[2], w.start(2, ow) + kw * w.dilation()[2], w.stride()[2], to, filled, n);
            }
            filled += n;
            ow = 0;
            if (++oh == w.out()[1]) {
                oh = 0;
                od++;
            }
        }
    }

    private static void copyLine(float[] x, int line, int size, int first, int stride, float[] to, int at, int n) {
        if (stride == 1) {
            int before = Math.clamp(-(long) first, 0, n);
            int end = Math.clamp((long) size - first, before, n);
            Arrays.fill(to, at, at + before, 0);
            if (end > before) {
                System.arraycopy(x, line + first + before, to, at + before, end - before);
            }
            Arrays.fill(to, at + end, at + n, 0);
            return;
        }
        for (int i = 0; i < n; i++) {
            int position = first + i * stride;
            to[at + i] = position < 0 || position >= size ? 0 : x[line + position];
        }
    }
}
