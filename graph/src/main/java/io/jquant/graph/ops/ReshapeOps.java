// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static io.jquant.DataType.S64;
import static io.jquant.graph.ops.Op.onnx;

import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The same elements in another shape: these have no kernel. */
final class ReshapeOps {
    static final List<Op> OPS = List.of(
            onnx("Reshape", 5, "2", "1", "", ReshapeOps::reshape, null),
            onnx("Reshape", 14, "2", "1", "allowzero:i", ReshapeOps::reshape, null),
            onnx("Flatten", 1, "1", "1", "axis:i", ReshapeOps::flatten, null),
            onnx("Squeeze", 1, "1", "1", "axes:I", ReshapeOps::squeeze, null),
            onnx("Squeeze", 13, "1-2", "1", "", ReshapeOps::squeeze, null),
            onnx("Unsqueeze", 1, "1", "1", "axes:I!", ReshapeOps::unsqueeze, null),
            onnx("Unsqueeze", 13, "2", "1", "", ReshapeOps::unsqueeze, null),
            onnx("Identity", 1, "1", "1", "", ReshapeOps::identity, null));

    private ReshapeOps() {}

    /** A product of sizes of which some are symbols. */
    private static final class Product {
        private long number = 1;
        private final List<Dim> symbols = new ArrayList<>();

        void times(Dim dim) {
            if (!dim.isKnown()) {
                symbols.add(dim);
            } else {
                number = Math.multiplyHigh(number, dim.value()) == 0 && number * dim.value() >= 0
                        ? number * dim.value()
                        : Long.MAX_VALUE;
            }
        }

        /** This divided by another product, as far as that is known. */
        Dim dividedBy(Product other) {
            List<Dim> left = new ArrayList<>(symbols);
            for (Dim symbol : other.symbols) {
                if (symbol.symbol().isEmpty() || !left.remove(symbol)) {
                    return Dim.UNKNOWN;
                }
            }
            if (other.number == 0 || number % other.number != 0) {
                return Dim.UNKNOWN;
            }
            long factor = number / other.number;
            return left.isEmpty() ? Dim.of(factor)
                    : left.size() == 1 && factor == 1 ? left.getFirst() : Dim.UNKNOWN;
        }
    }

    private static void keepExtents(InferContext c, Shape shape) {
        List<Known.Extent> extents = shape.isRanked() && shape.rank() <= 1 ? c.extents(0) : null;
        if (extents == null) {
            c.output(0, c.type(0), shape);
        } else {
            c.output(c.type(0), shape, extents);
        }
    }

    private static void identity(InferContext c) {
        keepExtents(c, c.shape(0));
    }

    private static void reshape(InferContext c) {
        c.requireType(1, S64);
        c.requireRank(1, 1, 1);
        List<Known.Extent> target = c.extents(1);
        if (target == null) {
            Shape sizes = c.shape(1);
            boolean ranked = sizes.isKnown() && sizes.dim(0).value() <= 64;
            c.output(0, c.type(0), ranked ? Shape.ofRank((int) sizes.dim(0).value()) : Shape.UNKNOWN);
            return;
        }
        Shape x = c.shape(0);
        boolean allowZero = c.flag("allowzero", false);
        List<Dim> dims = new ArrayList<>();
        int open = -1;
        for (int i = 0; i < target.size(); i++) {
            Known.Extent extent = target.get(i);
            if (extent.isNumber(-1)) {
                c.require(open < 0, "shape " + describe(target) + " must have at most one -1");
                open = i;
                dims.add(Dim.UNKNOWN);
            } else if (extent.isNumber(0) && !allowZero) {
                c.require(!x.isRanked() || i < x.rank(), "shape " + describe(target)
                        + " has a 0 where the input of shape " + x + " has no dimension");
                dims.add(x.isRanked() ? x.dim(i) : Dim.UNKNOWN);
            } else {
                c.require(!extent.isNumber() || extent.number() >= 0, "shape " + describe(target)
                        + " must have numbers of -1 or more");
                dims.add(extent.isNumber() ? Dim.of(extent.number()) : extent.dim());
            }
        }
        keepExtents(c, solve(c, x, dims, open));
    }

    private static String describe(List<Known.Extent> target) {
        return target.stream().map(e -> e.isNumber() ? "" + e.number() : e.dim().toString()).toList().toString();
    }

    private static Shape solve(InferContext c, Shape x, List<Dim> dims, int open) {
        if (!x.isRanked()) {
            return Shape.of(dims);
        }
        Product all = new Product();
        x.dims().forEach(all::times);
        Product rest = new Product();
        for (int i = 0; i < dims.size(); i++) {
            if (i != open) {
                rest.times(dims.get(i));
            }
        }
        if (open >= 0) {
            Dim solved = all.dividedBy(rest);
            c.require(solved.isKnown() || !all.symbols.isEmpty() || !rest.symbols.isEmpty(), "shape " + x
                    + " cannot be reshaped to " + dims);
            dims.set(open, solved);
        } else if (all.symbols.isEmpty() && rest.symbols.isEmpty()) {
            c.require(all.number == rest.number, "shape " + x + " cannot be reshaped to " + dims);
        }
        return Shape.of(dims);
    }

    private static void flatten(InferContext c) {
        Shape x = c.shape(0);
        if (!x.isRanked()) {
            c.output(0, c.type(0), Shape.ofRank(2));
            return;
        }
        long axis = c.integer("axis", 1);
        c.require(axis >= -x.rank() && axis <= x.rank(), "axis = " + axis + ": must be from " + -x.rank() + " to "
                + x.rank());
        int split = (int) (axis < 0 ? axis + x.rank() : axis);
        Product one = new Product();
        Product before = new Product();
        Product after = new Product();
        for (int i = 0; i < x.rank(); i++) {
            (i < split ? before : after).times(x.dim(i));
        }
        c.output(0, c.type(0), Shape.of(List.of(before.dividedBy(one), after.dividedBy(one))));
    }

    /** Axes from the attribute or, since version 13, from input 1; null if they are absent or not known. */
    private static long[] axes(InferContext c) {
        if (c.has(1)) {
            c.requireType(1, S64);
            c.requireRank(1, 0, 1);
            return c.longs(1);
        }
        return c.integers("axes");
    }

    private static void squeeze(InferContext c) {
        Shape x = c.shape(0);
        long[] axes = axes(c);
        if (!x.isRanked() || (axes == null && (c.has(1) || !x.isKnown()))) {
            c.output(0, c.type(0), Shape.UNKNOWN);
            return;
        }
        boolean[] gone = new boolean[x.rank()];
        for (int i = 0; axes == null && i < gone.length; i++) {
            gone[i] = x.dim(i).value() == 1;
        }
        for (long axis : axes == null ? new long[0] : axes) {
            int at = c.axis(axis, x.rank());
            c.requireSame(x.dim(at), Dim.of(1), "axis " + axis + " of shape " + x + " must be of size 1");
            gone[at] = true;
        }
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < gone.length; i++) {
            if (!gone[i]) {
                dims.add(x.dim(i));
            }
        }
        keepExtents(c, Shape.of(dims));
    }

    private static void unsqueeze(InferContext c) {
        Shape x = c.shape(0);
        long[] axes = axes(c);
        if (!x.isRanked() || axes == null) {
            c.output(0, c.type(0), Shape.UNKNOWN);
            return;
        }
        c.require(axes.length <= 64, "has " + axes.length + " axes: must have at most 64");
        Dim[] dims = new Dim[x.rank() + axes.length];
        for (long axis : axes) {
            int at = c.axis(axis, dims.length);
            c.require(dims[at] == null, "axes " + Arrays.toString(axes) + " must differ");
            dims[at] = Dim.of(1);
        }
        int next = 0;
        for (int i = 0; i < dims.length; i++) {
            dims[i] = dims[i] == null ? x.dim(next++) : dims[i];
        }
        keepExtents(c, Shape.of(List.of(dims)));
    }
}
