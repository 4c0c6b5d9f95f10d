// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static io.jquant.DataType.BOOL;
import static io.jquant.DataType.S64;
import static io.jquant.graph.ops.Op.onnx;

import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Concat, Split, Transpose, Expand and Dropout: elements move, none changes. */
final class DataMovement {
    static final List<Op> OPS = List.of(
            onnx("Concat", 4, "1-n", "1", "axis:i!", DataMovement::inferConcat, DataMovement::concat),
            onnx("Split", 2, "1", "1-n", "axis:i split:I", DataMovement::inferSplit, DataMovement::split),
            onnx("Split", 13, "1-2", "1-n", "axis:i", DataMovement::inferSplit, DataMovement::split),
            onnx("Split", 18, "1-2", "1-n", "axis:i num_outputs:i", DataMovement::inferSplit, DataMovement::split),
            onnx("Transpose", 1, "1", "1", "perm:I", DataMovement::inferTranspose, DataMovement::transpose),
            onnx("Expand", 8, "2", "1", "", DataMovement::inferExpand, DataMovement::expand),
            onnx("Dropout", 7, "1", "1-2", "ratio:f", DataMovement::inferDropout, DataMovement::dropout),
            onnx("Dropout", 10, "1", "1-2", "ratio:f", DataMovement::inferDropout, DataMovement::dropout),
            onnx("Dropout", 12, "1-3", "1-2", "seed:i", DataMovement::inferDropout, DataMovement::dropout));

    private DataMovement() {}

    private static void inferConcat(InferContext c) {
        Shape first = c.shape(0);
        for (int i = 1; i < c.count(); i++) {
            c.requireSameType(0, i);
            if (c.shape(i).isRanked() && first.isRanked() && c.shape(i).rank() != first.rank()) {
                throw c.fail("shapes " + first + " and " + c.shape(i) + " must have the same rank");
            }
        }
        if (!first.isRanked()) {
            c.output(0, c.type(0), Shape.UNKNOWN);
            return;
        }
        Shape shape = concatenated(c, 0, 1, c.axis(c.integer("axis", 0), first.rank()));
        List<Known.Extent> all = first.rank() == 1 ? extents(c) : null;
        if (all == null) {
            c.output(0, c.type(0), shape);
        } else {
            c.output(c.type(0), shape, all);
        }
    }

    /** Shape of inputs {@code from}, {@code from + each}, ... one after the other. */
    static Shape concatenated(InferContext c, int from, int each, int axis) {
        Shape shape = c.shape(from);
        long sum = 0;
        for (int i = from; i < c.count(); i += each) {
            Shape x = c.shape(i).isRanked() ? c.shape(i) : Shape.ofRank(shape.rank());
            if (x.rank() != shape.rank()) {
                throw c.fail("shapes " + shape + " and " + x + " must have the same rank");
            }
            for (int d = 0; d < x.rank(); d++) {
                if (d == axis) {
                    sum = sum < 0 || !x.dim(d).isKnown() ? -1 : Math.addExact(sum, x.dim(d).value());
                } else {
                    c.requireSame(x.dim(d), shape.dim(d), "shapes " + shape + " and " + x + " differ in axis " + d);
                    shape = shape.dim(d).isKnown() || !x.dim(d).isKnown() ? shape : shape.with(d, x.dim(d));
                }
            }
        }
        return shape.with(axis, sum < 0 ? Dim.UNKNOWN : Dim.of(sum));
    }

    private static List<Known.Extent> extents(InferContext c) {
        List<Known.Extent> all = new ArrayList<>();
        for (int i = 0; i < c.count(); i++) {
            List<Known.Extent> part = c.extents(i);
            if (part == null || all.size() > 64) {
                return null;
            }
            all.addAll(part);
        }
        return all;
    }

    private static void concat(RunContext r) {
        int axis = r.axis(r.integer("axis", 0), r.in(0).rank());
        int target = 0;
        int outer = Shapes.product(r.out().shape(), 0, axis);
        for (int o = 0; o < outer; o++) {
            for (Tensor x : r.inputs()) {
                int run = Shapes.product(x.shape(), axis, x.rank());
                Movement.copy(x, o * run, r.out(), target, run);
                target += run;
            }
        }
    }

    private static void inferSplit(InferContext c) {
        Shape x = c.shape(0);
        int parts = c.outputs();
        long[] sizes = c.has(1) ? c.longs(1) : c.integers("split");
        if (!x.isRanked() || (c.has(1) && sizes == null)) {
            for (int i = 0; i < parts; i++) {
                c.output(i, c.type(0), x.isRanked() ? Shape.ofRank(x.rank()) : Shape.UNKNOWN);
            }
            return;
        }
        int axis = c.axis(c.integer("axis", 0), x.rank());
        long declared = c.integer("num_outputs", parts);
        c.require(declared == parts, "num_outputs = " + declared + ": must be " + parts + " as there are outputs");
        Dim whole = x.dim(axis);
        if (sizes == null && whole.isKnown()) {
            sizes = new long[parts];
            long each = Math.ceilDiv(whole.value(), parts);
            c.require(c.since() >= 18 || whole.value() % parts == 0, "axis " + axis + " of shape " + x
                    + " must be a multiple of " + parts);
            for (int i = 0; i < parts; i++) {
                sizes[i] = Math.max(0, Math.min(each, whole.value() - i * each));
            }
        }
        if (sizes != null) {
            c.require(sizes.length == parts && Arrays.stream(sizes).allMatch(s -> s >= 0 && s <= 1L << 32)
                    && (!whole.isKnown() || Arrays.stream(sizes).sum() == whole.value()), "split = "
                    + Arrays.toString(sizes) + ": must be " + parts + " sizes that add up to " + whole);
        }
        for (int i = 0; i < parts; i++) {
            c.output(i, c.type(0), x.with(axis, sizes == null ? Dim.UNKNOWN : Dim.of(sizes[i])));
        }
    }

    private static void split(RunContext r) {
        Tensor x = r.in(0);
        int axis = r.axis(r.integer("axis", 0), x.rank());
        int outer = Shapes.product(x.shape(), 0, axis);
        int inner = Shapes.product(x.shape(), axis + 1, x.rank());
        long[] sizes = r.has(1) ? r.in(1).toLongs() : r.integers("split");
        int[] starts = new int[r.outputs() + 1];
        for (int i = 0; i < r.outputs(); i++) {
            int each = Math.ceilDiv(x.dim(axis), r.outputs());
            starts[i + 1] = sizes == null ? Math.min((i + 1) * each, x.dim(axis)) : starts[i] + (int) sizes[i];
        }
        for (int i = 0; i < r.outputs(); i++) {
            int run = (starts[i + 1] - starts[i]) * inner;
            for (int o = 0; r.wants(i) && o < outer; o++) {
                Movement.copy(x, (o * x.dim(axis) + starts[i]) * inner, r.out(i), o * run, run);
            }
        }
    }

    private static int[] permutation(OpContext c, int rank) {
        long[] given = c.integers("perm");
        int[] perm = new int[rank];
        boolean[] seen = new boolean[rank];
        if (given != null && given.length != rank) {
            throw c.fail("perm = " + Arrays.toString(given) + ": must be " + rank + " axes");
        }
        for (int i = 0; i < rank; i++) {
            perm[i] = given == null ? rank - 1 - i : c.axis(given[i], rank);
            if (seen[perm[i]]) {
                throw c.fail("perm = " + Arrays.toString(given) + ": must name each axis once");
            }
            seen[perm[i]] = true;
        }
        return perm;
    }

    private static void inferTranspose(InferContext c) {
        Shape x = c.shape(0);
        if (!x.isRanked()) {
            c.output(0, c.type(0), Shape.UNKNOWN);
            return;
        }
        List<Dim> dims = new ArrayList<>();
        for (int axis : permutation(c, x.rank())) {
            dims.add(x.dim(axis));
        }
        c.output(0, c.type(0), Shape.of(dims));
    }

    private static void transpose(RunContext r) {
        Tensor x = r.in(0);
        int[] perm = permutation(r, x.rank());
        int[] strides = Shapes.strides(x.shape());
        int[] permuted = new int[perm.length];
        for (int i = 0; i < perm.length; i++) {
            permuted[i] = strides[perm[i]];
        }
        strided(x, 0, permuted, r.out());
    }

    /** Fills a tensor from another one read at a start and strides: row by row along the last axis. */
    static void strided(Tensor x, int start, int[] strides, Tensor y) {
        long[] shape = y.shape();
        int last = shape.length - 1;
        int n = last < 0 ? 1 : (int) shape[last];
        int step = last < 0 ? 1 : strides[last];
        int[] index = new int[shape.length];
        int from = start;
        for (int i = 0; i < y.count(); i += n) {
            Movement.run(x, from, step, y, i, n);
            for (int d = last - 1; d >= 0; d--) {
                from += strides[d];
                if (++index[d] < shape[d]) {
                    break;
                }
                from -= strides[d] * index[d];
                index[d] = 0;
            }
        }
    }

    private static void inferExpand(InferContext c) {
        c.requireType(1, S64);
        c.requireRank(1, 1, 1);
        List<Known.Extent> extents = c.extents(1);
        if (extents == null) {
            c.output(0, c.type(0), Shape.UNKNOWN);
            return;
        }
        List<Dim> dims = new ArrayList<>();
        for (Known.Extent extent : extents) {
            c.require(!extent.isNumber() || extent.number() >= 0, "shape has " + extent.number()
                    + ": must be 0 or more");
            dims.add(extent.isNumber() ? Dim.of(extent.number()) : extent.dim());
        }
        c.output(0, c.type(0), Shapes.broadcast(c, c.shape(0), Shape.of(dims)));
    }

    private static void expand(RunContext r) {
        strided(r.in(0), 0, Shapes.broadcastStrides(r.in(0).shape(), r.out().shape()), r.out());
    }

    private static void inferDropout(InferContext c) {
        c.requireType(2, BOOL);
        Tensor training = c.has(2) ? c.constant(2) : null;
        c.require(training == null || (training.count() == 1 && training.getLong(0) == 0),
                "training_mode must be false: dropout is not computed");
        c.output(0, c.type(0), c.shape(0));
        c.output(1, c.since() < 10 ? c.type(0) : BOOL, c.shape(0));
    }

    private static void dropout(RunContext r) {
        Movement.copy(r.in(0), 0, r.out(), 0, r.in(0).count());
        for (int i = 0; r.wants(1) && i < r.out(1).count(); i++) {
            r.out(1).setLong(i, 1);
        }
    }
}
