// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static io.jquant.graph.ops.Op.onnx;

import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import java.util.List;

/** Two-dimensional convolution that samples its input at positions given as a further input. */
final class DeformConv {
    static final List<Op> OPS = List.of(
            onnx("DeformConv", 19, "3-5", "1", "dilations:I group:i kernel_shape:I offset_group:i pads:I strides:I",
                    DeformConv::infer, Widening.of(DeformConv::run)));

    private DeformConv() {}

    private static void infer(InferContext c) {
        c.requireFloat(0);
        for (int i = 1; i < c.count(); i++) {
            c.requireSameType(0, i);
        }
        c.requireRank(0, 4, 4);
        c.requireRank(1, 4, 4);
        c.requireRank(2, 4, 4);
        Shape shape = Convolution.shape(c, 0, 1);
        Shape w = c.shape(1);
        if (shape.isRanked() && w.isKnown()) {
            long offsets = c.integer("offset_group", 1);
            c.require(offsets >= 1 && offsets <= 1 << 24, "offset_group = " + offsets + ": must be 1 or more");
            Dim channels = c.shape(0).isRanked() ? c.shape(0).dim(1) : Dim.UNKNOWN;
            c.require(!channels.isKnown() || channels.value() % offsets == 0, "offset_group = " + offsets
                    + ": must divide the channels of " + c.shape(0));
            long points = offsets * w.dim(2).value() * w.dim(3).value();
            requireMap(c, 2, shape, 2 * points);
            c.requireCount(3, shape.dim(1), "output channels");
            requireMap(c, 4, shape, points);
        }
        c.output(0, c.type(0), shape);
    }

    private static void requireMap(InferContext c, int i, Shape y, long channels) {
        if (!c.has(i) || !c.shape(i).isRanked()) {
            return;
        }
        c.requireRank(i, 4, 4);
        List<Dim> wanted = List.of(y.dim(0), Dim.of(channels), y.dim(2), y.dim(3));
        for (int d = 0; d < 4; d++) {
            c.requireSame(c.shape(i).dim(d), wanted.get(d), "input " + i + " has shape " + c.shape(i) + ": must have "
                    + wanted);
        }
    }

    private static void run(RunContext r) {
        Tensor x = r.in(0);
        Tensor w = r.in(1);
        Window g = Convolution.window(r, x, w);
        int groups = (int) Convolution.group(r);
        int outPerGroup = w.dim(0) / groups;
        int offsetGroups = (int) r.integer("offset_group", 1);
        int perOffset = Math.max(1, x.dim(1) / offsetGroups);
        float[] y = r.out().floats();
        for (int i = 0; i < x.dim(0) * w.dim(0); i++) {
            int image = i / w.dim(0);
            int oc = i % w.dim(0);
            for (int p = 0; p < g.outSize(); p++) {
                double sum = r.has(3) ? r.in(3).floats()[oc] : 0;
                for (int ic = 0; ic < w.dim(1); ic++) {
                    int channel = oc / outPerGroup * w.dim(1) + ic;
                    for (int k = 0; k < g.kernelSize(); k++) {
                        int map = (image * offsetGroups + channel / perOffset) * g.kernelSize() + k;
                        double mask = r.has(4) ? r.in(4).floats()[map * g.outSize() + p] : 1;
                        double value = sample(r, g, image * x.dim(1) + channel, map, k, p);
                        sum += mask * value * w.floats()[(oc * w.dim(1) + ic) * g.kernelSize() + k];
                    }
                }
                y[i * g.outSize() + p] = (float) sum;
            }
        }
    }

    private static double sample(RunContext r, Window g, int plane, int map, int k, int p) {
        float[] offsets = r.in(2).floats();
        int at = 2 * map * g.outSize() + p;
        int kw = g.kernel()[2];
        double h = g.start(1, p / g.out()[2]) + k / kw * g.dilation()[1] + offsets[at];
        double v = g.start(2, p % g.out()[2]) + k % kw * g.dilation()[2] + offsets[at + g.outSize()];
        if (!(h > -1 && h < g.in()[1] && v > -1 && v < g.in()[2])) {
            return 0;
        }
        int top = (int) Math.floor(h);
        int left = (int) Math.floor(v);
        double sum = 0;
        for (int corner = 0; corner < 4; corner++) {
            int row = top + corner / 2;
            int column = left + corner % 2;
            if (row >= 0 && row < g.in()[1] && column >= 0 && column < g.in()[2]) {
                sum += (1 - Math.abs(h - row)) * (1 - Math.abs(v - column))
                        * r.in(0).floats()[plane * g.inSize() + row * g.in()[2] + column];
            }
        }
        return sum;
    }
}
