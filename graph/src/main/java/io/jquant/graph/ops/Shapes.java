// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import java.util.ArrayList;
import java.util.List;

/** Rules of shapes that several operators share. */
final class Shapes {
    private Shapes() {}

    /** The shape that both inputs are stretched to. */
    static Shape broadcast(InferContext c, Shape a, Shape b) {
        if (!a.isRanked() || !b.isRanked()) {
            return Shape.UNKNOWN;
        }
        int rank = Math.max(a.rank(), b.rank());
        List<Dim> dims = new ArrayList<>(rank);
        for (int i = 0; i < rank; i++) {
            Dim x = i < rank - a.rank() ? Dim.of(1) : a.dim(i - rank + a.rank());
            Dim y = i < rank - b.rank() ? Dim.of(1) : b.dim(i - rank + b.rank());
            dims.add(stretch(c, x, y, a, b));
        }
        return Shape.of(dims);
    }

    private static Dim stretch(InferContext c, Dim x, Dim y, Shape a, Shape b) {
        if (x.isKnown() && x.value() == 1) {
            return y;
        }
        if ((y.isKnown() && y.value() == 1) || x.equals(y)) {
            return x;
        }
        c.require(!x.isKnown() || !y.isKnown(), "shapes " + a + " and " + b + " cannot be broadcast together");
        return x.isKnown() ? x : y.isKnown() ? y : Dim.UNKNOWN;
    }

    /** Whether {@code a} can be stretched to {@code b} without {@code b} growing. */
    static boolean fitsInto(Shape a, Shape b) {
        if (!a.isRanked() || !b.isRanked()) {
            return true;
        }
        int shift = b.rank() - a.rank();
        boolean fits = shift >= 0;
        for (int i = 0; fits && i < a.rank(); i++) {
            Dim x = a.dim(i);
            Dim y = b.dim(i + shift);
            fits = !x.isKnown() || x.value() == 1 || !y.isKnown() || x.value() == y.value();
        }
        return fits;
    }

    /** Row-major strides of a tensor as seen from the shape it is stretched to: 0 where it is repeated. */
    static int[] broadcastStrides(long[] from, long[] to) {
        int[] strides = new int[to.length];
        int stride = 1;
        for (int i = from.length - 1; i >= 0; i--) {
            strides[i + to.length - from.length] = from[i] == 1 ? 0 : stride;
            stride *= (int) from[i];
        }
        return strides;
    }

    static int[] strides(long[] shape) {
        int[] strides = new int[shape.length];
        int stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= (int) shape[i];
        }
        return strides;
    }

    /** Product of the sizes from one axis to before another. */
    static int product(long[] shape, int from, int to) {
        int product = 1;
        for (int i = from; i < to; i++) {
            product *= (int) shape[i];
        }
        return product;
    }
}
