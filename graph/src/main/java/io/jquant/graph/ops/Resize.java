// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static io.jquant.DataType.F32;
import static io.jquant.DataType.F64;
import static io.jquant.DataType.S64;
import static io.jquant.graph.ops.Op.onnx;

import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Resize: every axis that changes is interpolated on its own, one after the other. */
final class Resize {
    private static final String ELEVEN =
            "coordinate_transformation_mode:s cubic_coeff_a:f exclude_outside:i extrapolation_value:f mode:s "
            + "nearest_mode:s";
    static final List<Op> OPS = List.of(
            onnx("Resize", 10, "2", "1", "mode:s", Resize::infer, Resize::run),
            onnx("Resize", 11, "3-4", "1", ELEVEN, Resize::infer, Resize::run),
            onnx("Resize", 13, "1-4", "1", ELEVEN, Resize::infer, Resize::run),
            onnx("Resize", 18, "1-4", "1", ELEVEN + " antialias:i axes:I keep_aspect_ratio_policy:s", Resize::infer,
                    Resize::run));
    /** A window of an antialiased filter is not allowed to be longer. */
    private static final double SMALLEST_SCALE = 0x1p-16;
    private static final double LARGEST_SCALE = 0x1p24;

    private Resize() {}

    /** How one axis changes. */
    record Axis(int size, int outSize, double scale, double roiStart, double roiEnd) {}

    private static int scalesAt(OpContext c) {
        return c.since() < 11 ? 1 : 2;
    }

    private static void infer(InferContext c) {
        int scalesAt = scalesAt(c);
        c.requireType(scalesAt, F32);
        c.requireType(3, S64);
        Shape x = c.shape(0);
        boolean bySizes = c.has(3) && count(c, 3) != 0;
        c.require(bySizes || c.has(scalesAt), "must have scales or sizes");
        Tensor by = c.constant(bySizes ? 3 : scalesAt);
        if (!x.isRanked() || by == null) {
            c.output(0, c.type(0), x.isRanked() ? Shape.ofRank(x.rank()) : Shape.UNKNOWN);
            return;
        }
        int[] axes = axes(c, x.rank());
        c.require(by.count() == axes.length, (bySizes ? "sizes" : "scales") + " has " + by.count()
                + " elements: must have " + axes.length);
        List<Dim> dims = new ArrayList<>(x.dims());
        for (int i = 0; i < axes.length; i++) {
            Dim dim = x.dim(axes[i]);
            boolean kept = bySizes ? text(c).equals("stretch") : by.getDouble(i) == 1;
            if (dim.isKnown()) {
                dims.set(axes[i], Dim.of(outSize(c, x, axes, by, bySizes, i)));
            } else if (!kept || bySizes) {
                dims.set(axes[i], bySizes && kept ? Dim.of(checkedSize(c, by.getLong(i))) : Dim.UNKNOWN);
            }
        }
        c.output(0, c.type(0), Shape.of(dims));
    }

    private static String text(OpContext c) {
        return c.text("keep_aspect_ratio_policy", "stretch");
    }

    private static long count(InferContext c, int i) {
        return c.shape(i).isKnown() ? Tensor.count(c.shape(i).sizes()) : -1;
    }

    private static int[] axes(OpContext c, int rank) {
        long[] given = c.integers("axes");
        int[] axes = new int[given == null ? rank : given.length];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = given == null ? i : c.axis(given[i], rank);
        }
        c.require(Arrays.stream(axes).distinct().count() == axes.length, "axes = " + Arrays.toString(given)
                + ": must name each axis once");
        return axes;
    }

    private static long checkedSize(OpContext c, long size) {
        c.require(size >= 0 && size <= Tensor.MAX_ELEMENTS, "sizes has " + size + ": must be from 0 to "
                + Tensor.MAX_ELEMENTS);
        return size;
    }

    /** The factor that applies to axis {@code i} of those listed. */
    private static double scale(OpContext c, Shape x, int[] axes, Tensor by, boolean bySizes, int i) {
        double scale;
        if (!bySizes) {
            scale = by.getDouble(i);
        } else if (text(c).equals("stretch")) {
            scale = ratio(c, x, axes, by, i);
        } else {
            boolean larger = text(c).equals("not_larger");
            c.require(larger || text(c).equals("not_smaller"), "keep_aspect_ratio_policy = " + text(c)
                    + ": must be stretch, not_larger or not_smaller");
            scale = larger ? Double.MAX_VALUE : 0;
            for (int j = 0; j < axes.length; j++) {
                c.require(x.dim(axes[j]).isKnown(), "axis " + axes[j] + " must be known to keep the aspect ratio");
                double ratio = ratio(c, x, axes, by, j);
                scale = larger ? Math.min(scale, ratio) : Math.max(scale, ratio);
            }
        }
        c.require(scale >= SMALLEST_SCALE && scale <= LARGEST_SCALE, "scale = " + scale
                + ": must be from 2^-16 to 2^24");
        return scale;
    }

    private static double ratio(OpContext c, Shape x, int[] axes, Tensor by, int i) {
        long size = checkedSize(c, by.getLong(i));
        c.require(size > 0 && x.dim(axes[i]).value() > 0, "size " + size + " for axis " + axes[i] + " of shape " + x
                + ": must not be 0");
        return (double) size / x.dim(axes[i]).value();
    }

    private static long outSize(OpContext c, Shape x, int[] axes, Tensor by, boolean bySizes, int i) {
        double scale = scale(c, x, axes, by, bySizes, i);
        long in = x.dim(axes[i]).value();
        if (bySizes) {
            return text(c).equals("stretch") ? by.getLong(i) : (long) Math.floor(scale * in + 0.5);
        }
        return (long) Math.floor(scale * in);
    }

    private static void run(RunContext r) {
        Tensor x = r.in(0);
        Shape shape = Shape.of(x.shape());
        boolean bySizes = r.has(3) && r.in(3).count() != 0;
        Tensor by = r.in(bySizes ? 3 : scalesAt(r));
        int[] axes = axes(r, x.rank());
        ResizeWeights weights = ResizeWeights.of(r);
        Tensor roi = weights.crops() && r.has(1) && r.in(1).count() == 2 * axes.length ? r.in(1) : null;
        r.require(!weights.crops() || roi != null, "roi must have " + 2 * axes.length + " elements");
        Tensor current = x.type() == F64 ? x : Tensor.of(F64, doubles(x), x.shape());
        boolean[][] outside = new boolean[x.rank()][];
        // axes that shrink come first: what lies between is never larger than input or output
        int[] order = IntStream.range(0, axes.length).boxed()
                .sorted(Comparator.comparingDouble(i -> scale(r, shape, axes, by, bySizes, i)))
                .mapToInt(Integer::intValue).toArray();
        for (int i : order) {
            int at = axes[i];
            double scale = scale(r, shape, axes, by, bySizes, i);
            Axis axis = new Axis(x.dim(at), r.out().dim(at), scale, roi == null ? 0 : roi.getDouble(i),
                    roi == null ? 1 : roi.getDouble(axes.length + i));
            if (scale == 1 && roi == null) {
                continue;
            }
            r.require(axis.size > 0, "axis " + at + " of shape " + shape + " is empty");
            outside[at] = new boolean[axis.outSize];
            current = interpolate(current, at, axis, weights, outside[at]);
        }
        write(r, current, outside);
    }

    private static double[] doubles(Tensor x) {
        double[] all = new double[x.count()];
        Arrays.setAll(all, x::getDouble);
        return all;
    }

    private static Tensor interpolate(Tensor x, int at, Axis axis, ResizeWeights weights, boolean[] outside) {
        long[] shape = x.shape();
        shape[at] = axis.outSize;
        Tensor y = Tensor.allocate(F64, shape);
        int outer = Shapes.product(shape, 0, at);
        int inner = Shapes.product(shape, at + 1, shape.length);
        for (int o = 0; o < axis.outSize; o++) {
            double position = weights.position(axis, o);
            outside[o] = weights.crops() && !(position >= 0 && position <= axis.size - 1);
            int first = weights.first(position, axis.scale);
            double[] w = weights.at(position, axis.scale, first, axis.size);
            for (int k = 0; k < w.length; k++) {
                int from = Math.clamp((long) first + k, 0, axis.size - 1);
                for (int b = 0; w[k] != 0 && b < outer; b++) {
                    for (int i = 0; i < inner; i++) {
                        y.doubles()[(b * axis.outSize + o) * inner + i] +=
                                w[k] * x.doubles()[(b * axis.size + from) * inner + i];
                    }
                }
            }
        }
        return y;
    }

    private static void write(RunContext r, Tensor result, boolean[][] outside) {
        Tensor y = r.out();
        double extrapolation = r.real("extrapolation_value", 0);
        int[] strides = Shapes.strides(y.shape());
        for (int i = 0; i < y.count(); i++) {
            boolean out = false;
            for (int d = 0; d < outside.length; d++) {
                out |= outside[d] != null && outside[d][i / strides[d] % y.dim(d)];
            }
            double value = out ? extrapolation : result.doubles()[i];
            y.setDouble(i, y.type().isFloating() ? value : Math.rint(value));
        }
    }
}
