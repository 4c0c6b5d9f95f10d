// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static io.jquant.DataType.BOOL;
import static io.jquant.DataType.S64;
import static io.jquant.graph.ops.Op.onnx;

import io.jquant.DataType;
import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/** Sums, means and extremes along axes. */
final class Reduction {
    private static final String BY_ATTRIBUTE = "axes:I keepdims:i";
    private static final String BY_INPUT = "keepdims:i noop_with_empty_axes:i";

    /** How elements are combined: floats in double and integers in long, each from a start value. */
    private record Combiner(double realStart, DoubleBinaryOperator real, long integerStart, LongBinaryOperator integer,
            boolean mean) {
        /** The start value for integers of a type; booleans are 0 and 1. */
        long start(DataType type) {
            return type == BOOL && integerStart == Long.MIN_VALUE ? 0 : integerStart;
        }
    }

    private static final Combiner SUM = new Combiner(0, Double::sum, 0, Long::sum, false);
    private static final Combiner MEAN = new Combiner(0, Double::sum, 0, Long::sum, true);
    private static final Combiner SQUARES = new Combiner(0, (s, x) -> s + x * x, 0, (s, x) -> s + x * x, false);
    private static final Combiner MAX =
            new Combiner(Double.NEGATIVE_INFINITY, Math::max, Long.MIN_VALUE, Math::max, false);
    private static final Combiner MIN =
            new Combiner(Double.POSITIVE_INFINITY, Math::min, Long.MAX_VALUE, Math::min, false);

    static final List<Op> OPS = List.of(
            onnx("ReduceMean", 1, "1", "1", BY_ATTRIBUTE, Reduction::infer, r -> reduce(r, MEAN)),
            onnx("ReduceMean", 18, "1-2", "1", BY_INPUT, Reduction::infer, r -> reduce(r, MEAN)),
            onnx("ReduceSum", 1, "1", "1", BY_ATTRIBUTE, Reduction::infer, r -> reduce(r, SUM)),
            onnx("ReduceSum", 13, "1-2", "1", BY_INPUT, Reduction::infer, r -> reduce(r, SUM)),
            onnx("ReduceMax", 1, "1", "1", BY_ATTRIBUTE, Reduction::infer, r -> reduce(r, MAX)),
            onnx("ReduceMax", 18, "1-2", "1", BY_INPUT, Reduction::infer, r -> reduce(r, MAX)),
            onnx("ReduceMin", 1, "1", "1", BY_ATTRIBUTE, Reduction::infer, r -> reduce(r, MIN)),
            onnx("ReduceMin", 18, "1-2", "1", BY_INPUT, Reduction::infer, r -> reduce(r, MIN)),
            onnx("ReduceSumSquare", 1, "1", "1", BY_ATTRIBUTE, Reduction::infer, r -> reduce(r, SQUARES)),
            onnx("ReduceSumSquare", 18, "1-2", "1", BY_INPUT, Reduction::infer, r -> reduce(r, SQUARES)),
            onnx("ArgMax", 1, "1", "1", "axis:i keepdims:i", Reduction::inferArgMax, Reduction::argMax),
            onnx("ArgMax", 12, "1", "1", "axis:i keepdims:i select_last_index:i", Reduction::inferArgMax,
                    Reduction::argMax));

    private Reduction() {}

    private static void infer(InferContext c) {
        DataType type = c.type(0);
        c.require(type.bits() >= 8 && (type.bits() > 8 || !type.isFloating()), "input 0 is of type " + type
                + ": must be a number of 8 bits or more (float: 16 bits)");
        Shape x = c.shape(0);
        long[] axes = c.integers("axes");
        if (axes == null && c.has(1)) {
            c.requireType(1, S64);
            axes = c.longs(1);
            if (axes == null) {
                c.output(0, type, c.flag("keepdims", true) && x.isRanked() ? Shape.ofRank(x.rank()) : Shape.UNKNOWN);
                return;
            }
        }
        if (!x.isRanked()) {
            c.output(0, type, Shape.UNKNOWN);
            return;
        }
        c.output(0, type, reducedShape(x, reduced(c, axes, x.rank()), c.flag("keepdims", true)));
    }

    private static Shape reducedShape(Shape x, boolean[] reduced, boolean keep) {
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < x.rank(); i++) {
            if (!reduced[i]) {
                dims.add(x.dim(i));
            } else if (keep) {
                dims.add(Dim.of(1));
            }
        }
        return Shape.of(dims);
    }

    private static boolean[] reduced(OpContext c, long[] axes, int rank) {
        boolean[] reduced = new boolean[rank];
        if (axes == null || axes.length == 0) {
            Arrays.fill(reduced, !c.flag("noop_with_empty_axes", false));
            return reduced;
        }
        for (long axis : axes) {
            reduced[c.axis(axis, rank)] = true;
        }
        return reduced;
    }

    private static void reduce(RunContext r, Combiner combiner) {
        Tensor x = r.in(0);
        Tensor y = r.out();
        long[] axes = r.integers("axes");
        boolean[] reduced = reduced(r, axes == null && r.has(1) ? r.in(1).toLongs() : axes, x.rank());
        // seen from the input, the output advances by 0 along reduced axes
        long[] kept = x.shape();
        int group = 1;
        for (int i = 0; i < kept.length; i++) {
            if (reduced[i]) {
                group *= (int) kept[i];
                kept[i] = 1;
            }
        }
        Tensor target = y.reshape(kept);
        if (y.type().isFloating()) {
            reals(x, target, y, combiner, group);
        } else {
            integers(x, target, y, combiner, group);
        }
    }

    @SuppressWarnings("ReferenceEquality") // a combiner is itself and no other
    private static void reals(Tensor x, Tensor target, Tensor y, Combiner combiner, int group) {
        double[] sums = new double[y.count()];
        if (x.type() == DataType.F32 && combiner.realStart == 0 && combiner != SQUARES) {
            Broadcast.rows(x.shape(), (out, from, step, n) ->
                    addRow(x.floats(), out, sums, from[0], step[0], n), target);
            store(sums, y, combiner, group);
            return;
        }
        Arrays.fill(sums, combiner.realStart);
        Broadcast.rows(x.shape(), (out, from, step, n) -> {
            for (int k = 0; k < n; k++) {
                int at = from[0] + k * step[0];
                sums[at] = combiner.real.applyAsDouble(sums[at], x.getDouble(out + k));
            }
        }, target);
        store(sums, y, combiner, group);
    }

    private static void addRow(float[] x, int at, double[] sums, int from, int step, int n) {
        if (step == 1) {
            for (int k = 0; k < n; k++) {
                sums[from + k] += x[at + k];
            }
            return;
        }
        double sum = sums[from];
        for (int k = 0; k < n; k++) {
            sum += x[at + k];
        }
        sums[from] = sum;
    }

    private static void store(double[] sums, Tensor y, Combiner combiner, int group) {
        for (int i = 0; i < sums.length; i++) {
            y.setDouble(i, combiner.mean ? sums[i] / group : sums[i]);
        }
    }

    private static void integers(Tensor x, Tensor target, Tensor y, Combiner combiner, int group) {
        long[] sums = new long[y.count()];
        Arrays.fill(sums, combiner.start(y.type()));
        Broadcast.rows(x.shape(), (out, from, step, n) -> {
            for (int k = 0; k < n; k++) {
                int at = from[0] + k * step[0];
                sums[at] = combiner.integer.applyAsLong(sums[at], x.getLong(out + k));
            }
        }, target);
        for (int i = 0; i < sums.length; i++) {
            y.setLong(i, combiner.mean && group != 0 ? sums[i] / group : sums[i]);
        }
    }

    private static void inferArgMax(InferContext c) {
        Shape x = c.shape(0);
        if (!x.isRanked()) {
            c.output(0, S64, Shape.UNKNOWN);
            return;
        }
        boolean[] reduced = new boolean[x.rank()];
        int axis = c.axis(c.integer("axis", 0), x.rank());
        c.require(!x.dim(axis).isKnown() || x.dim(axis).value() > 0, "axis " + axis + " of shape " + x
                + " has no elements");
        reduced[axis] = true;
        c.output(0, S64, reducedShape(x, reduced, c.flag("keepdims", true)));
    }

    private static void argMax(RunContext r) {
        Tensor x = r.in(0);
        int axis = r.axis(r.integer("axis", 0), x.rank());
        boolean last = r.flag("select_last_index", false);
        int inner = Shapes.product(x.shape(), axis + 1, x.rank());
        int n = x.dim(axis);
        for (int i = 0; i < r.out().count(); i++) {
            int base = i / inner * n * inner + i % inner;
            int best = 0;
            for (int k = 1; k < n; k++) {
                double value = x.getDouble(base + k * inner);
                double largest = x.getDouble(base + best * inner);
                if (value > largest || (last && value == largest)) {
                    best = k;
                }
            }
            r.out().longs()[i] = best;
        }
    }
}
