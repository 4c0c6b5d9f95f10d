// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static io.jquant.DataType.S32;
import static io.jquant.DataType.S64;
import static io.jquant.graph.ops.Op.onnx;

import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Slice and Gather, and the shape of a value as a value. */
final class Indexing {
    static final List<Op> OPS = List.of(
            onnx("Slice", 1, "1", "1", "axes:I ends:I! starts:I!", Indexing::inferSlice, Indexing::slice),
            onnx("Slice", 10, "3-5", "1", "", Indexing::inferSlice, Indexing::slice),
            onnx("Gather", 1, "2", "1", "axis:i", Indexing::inferGather, Indexing::gather),
            onnx("GatherElements", 11, "2", "1", "axis:i", Indexing::inferGatherElements, Indexing::gatherElements),
            onnx("Shape", 1, "1", "1", "", Indexing::inferShape, Indexing::shape),
            onnx("Shape", 15, "1", "1", "end:i start:i", Indexing::inferShape, Indexing::shape),
            onnx("Size", 1, "1", "1", "", c -> c.output(0, S64, Shape.SCALAR),
                    r -> r.out().setLong(0, r.in(0).count())));

    private Indexing() {}

    /** Where a slice of one axis starts, by how much it advances, and its size. */
    private record Range(long start, long step, long size) {
        static Range of(long start, long end, long step, long size) {
            long from = Math.clamp(start < 0 ? start + size : start, 0, step > 0 ? size : size - 1);
            long to = Math.clamp(end < 0 ? end + size : end, step > 0 ? 0 : -1, size);
            long span = step > 0 ? to - from : from - to;
            return new Range(from, step, span <= 0 || size == 0 ? 0 : (span - 1) / Math.abs(step) + 1);
        }
    }

    /** The range of every axis; a null range is an axis whose size is unknown, a null list unknown bounds. */
    private static List<Range> ranges(OpContext c, Shape x, long[][] bounds) {
        long[] starts = bounds[0];
        long[] ends = bounds[1];
        long[] axes = bounds[2];
        long[] steps = bounds[3];
        int n = starts.length;
        c.require(ends.length == n && (axes == null || axes.length == n) && (steps == null || steps.length == n),
                "starts, ends, axes and steps must have the same length");
        Range[] ranges = new Range[x.rank()];
        boolean[] seen = new boolean[x.rank()];
        for (int i = 0; i < x.rank(); i++) {
            ranges[i] = x.dim(i).isKnown() ? new Range(0, 1, x.dim(i).value()) : null;
        }
        for (int i = 0; i < n; i++) {
            int axis = c.axis(axes == null ? i : axes[i], x.rank());
            long step = steps == null ? 1 : steps[i];
            c.require(!seen[axis], "axes = " + Arrays.toString(axes) + ": must name each axis once");
            c.require(step != 0 && step != Long.MIN_VALUE, "step = " + step + ": must not be 0");
            seen[axis] = true;
            Dim dim = x.dim(axis);
            ranges[axis] = dim.isKnown()
                    ? Range.of(starts[i], ends[i], step, dim.value())
                    : null;
        }
        return Arrays.asList(ranges);
    }

    private static boolean isWhole(long[][] bounds, int i) {
        return bounds[0][i] == 0 && bounds[1][i] >= Integer.MAX_VALUE && (bounds[3] == null || bounds[3][i] == 1);
    }

    private static void inferSlice(InferContext c) {
        for (int i = 1; i < c.count(); i++) {
            c.requireType(i, S64, S32);
            if (c.has(i)) {
                c.requireRank(i, 1, 1);
            }
        }
        Shape x = c.shape(0);
        long[][] bounds = c.since() < 10
                ? new long[][] {c.integers("starts"), c.integers("ends"), c.integers("axes"), null}
                : new long[][] {c.longs(1), c.longs(2), c.has(3) ? c.longs(3) : null, c.has(4) ? c.longs(4) : null};
        boolean open = c.since() >= 10 && (bounds[0] == null || bounds[1] == null || (c.has(3) && bounds[2] == null)
                || (c.has(4) && bounds[3] == null));
        if (open || !x.isRanked()) {
            c.output(0, c.type(0), x.isRanked() ? Shape.ofRank(x.rank()) : Shape.UNKNOWN);
            return;
        }
        List<Range> ranges = ranges(c, x, bounds);
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < ranges.size(); i++) {
            dims.add(ranges.get(i) != null ? Dim.of(ranges.get(i).size) : untouched(c, bounds, i, x)
                    ? x.dim(i) : Dim.UNKNOWN);
        }
        List<Known.Extent> extents = x.rank() == 1 && ranges.getFirst() != null ? c.extents(0) : null;
        if (extents == null) {
            c.output(0, c.type(0), Shape.of(dims));
            return;
        }
        Range range = ranges.getFirst();
        List<Known.Extent> picked = new ArrayList<>();
        for (long i = 0; i < range.size; i++) {
            picked.add(extents.get((int) (range.start + i * range.step)));
        }
        c.output(c.type(0), Shape.of(dims), picked);
    }

    private static boolean untouched(OpContext c, long[][] bounds, int axis, Shape x) {
        for (int i = 0; i < bounds[0].length; i++) {
            if (c.axis(bounds[2] == null ? i : bounds[2][i], x.rank()) == axis) {
                return isWhole(bounds, i);
            }
        }
        return true;
    }

    private static void slice(RunContext r) {
        Tensor x = r.in(0);
        long[][] bounds = r.since() < 10
                ? new long[][] {r.integers("starts"), r.integers("ends"), r.integers("axes"), null}
                : new long[][] {r.in(1).toLongs(), r.in(2).toLongs(), r.has(3) ? r.in(3).toLongs() : null,
                    r.has(4) ? r.in(4).toLongs() : null};
        int[] strides = Shapes.strides(x.shape());
        int start = 0;
        List<Range> ranges = ranges(r, Shape.of(x.shape()), bounds);
        for (int i = 0; i < strides.length; i++) {
            start += (int) ranges.get(i).start * strides[i];
            strides[i] = (int) (ranges.get(i).step * strides[i]);
        }
        DataMovement.strided(x, start, strides, r.out());
    }

    private static void inferGather(InferContext c) {
        c.requireType(1, S64, S32);
        c.requireRank(0, 1, 99);
        Shape x = c.shape(0);
        Shape indices = c.shape(1);
        if (!x.isRanked() || !indices.isRanked()) {
            c.output(0, c.type(0), Shape.UNKNOWN);
            return;
        }
        int axis = c.axis(c.integer("axis", 0), x.rank());
        List<Dim> dims = new ArrayList<>(x.dims().subList(0, axis));
        dims.addAll(indices.dims());
        dims.addAll(x.dims().subList(axis + 1, x.rank()));
        List<Known.Extent> extents = x.rank() == 1 && indices.rank() <= 1 ? c.extents(0) : null;
        long[] picks = extents == null ? null : c.longs(1);
        if (picks == null || picks.length > 64) {
            c.output(0, c.type(0), Shape.of(dims));
            return;
        }
        List<Known.Extent> picked = new ArrayList<>();
        for (long pick : picks) {
            picked.add(extents.get(index(c, pick, extents.size())));
        }
        c.output(c.type(0), Shape.of(dims), picked);
    }

    private static int index(OpContext c, long index, int size) {
        // asked for every element: the message is made only where it is wanted
        if (index < -size || index >= size) {
            throw c.fail("index = " + index + ": must be from " + -size + " to " + (size - 1));
        }
        return (int) (index < 0 ? index + size : index);
    }

    private static void gather(RunContext r) {
        Tensor x = r.in(0);
        Tensor indices = r.in(1);
        int axis = r.axis(r.integer("axis", 0), x.rank());
        int outer = Shapes.product(x.shape(), 0, axis);
        int inner = Shapes.product(x.shape(), axis + 1, x.rank());
        int target = 0;
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < indices.count(); i++) {
                int pick = index(r, indices.getLong(i), x.dim(axis));
                Movement.copy(x, (o * x.dim(axis) + pick) * inner, r.out(), target, inner);
                target += inner;
            }
        }
    }

    private static void inferGatherElements(InferContext c) {
        c.requireType(1, S64, S32);
        c.requireRank(0, 1, 99);
        Shape x = c.shape(0);
        Shape indices = c.shape(1);
        if (x.isRanked() && indices.isRanked()) {
            c.require(x.rank() == indices.rank(), "shapes " + x + " and " + indices + " must have the same rank");
            int axis = c.axis(c.integer("axis", 0), x.rank());
            for (int i = 0; i < x.rank(); i++) {
                boolean fits = i == axis || !x.dim(i).isKnown() || !indices.dim(i).isKnown()
                        || indices.dim(i).value() <= x.dim(i).value();
                c.require(fits, "indices of shape " + indices + " must not be larger than " + x);
            }
        }
        c.output(0, c.type(0), indices);
    }

    private static void gatherElements(RunContext r) {
        Tensor x = r.in(0);
        Tensor indices = r.in(1);
        int axis = r.axis(r.integer("axis", 0), x.rank());
        int[] strides = Shapes.strides(x.shape());
        int[] own = Shapes.strides(indices.shape());
        for (int i = 0; i < indices.count(); i++) {
            int from = index(r, indices.getLong(i), x.dim(axis)) * strides[axis];
            for (int d = 0; d < strides.length; d++) {
                from += d == axis ? 0 : i / own[d] % indices.dim(d) * strides[d];
            }
            Movement.element(x, from, r.out(), i);
        }
    }

    private static int bound(OpContext c, String name, long absent, int rank) {
        long value = c.integer(name, absent);
        return Math.clamp(value < 0 ? value + rank : value, 0, rank);
    }

    private static void inferShape(InferContext c) {
        Shape x = c.shape(0);
        if (!x.isRanked()) {
            c.output(0, S64, Shape.ofRank(1));
            return;
        }
        int start = bound(c, "start", 0, x.rank());
        int end = Math.max(start, bound(c, "end", x.rank(), x.rank()));
        List<Known.Extent> extents = x.dims().subList(start, end).stream().map(Known.Extent::of).toList();
        c.output(S64, Shape.of(end - start), extents);
    }

    private static void shape(RunContext r) {
        long[] shape = r.in(0).shape();
        int start = bound(r, "start", 0, shape.length);
        System.arraycopy(shape, start, r.out().longs(), 0, r.out().count());
    }
}
