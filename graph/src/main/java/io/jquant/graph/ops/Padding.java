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

/** Pad: a tensor with elements added (or, by negative pads, taken away) at its borders. */
final class Padding {
    static final List<Op> OPS = List.of(
            onnx("Pad", 2, "1", "1", "mode:s pads:I! value:f", Padding::infer, Padding::run),
            onnx("Pad", 11, "2-3", "1", "mode:s", Padding::infer, Padding::run),
            onnx("Pad", 18, "2-4", "1", "mode:s", Padding::infer, Padding::run));
    private static final long LARGEST = 1L << 31;

    private Padding() {}

    private static String mode(OpContext c) {
        String mode = c.text("mode", "constant");
        c.require(List.of("constant", "reflect", "edge", "wrap").contains(mode), "mode = " + mode
                + ": must be constant, reflect, edge or wrap");
        return mode;
    }

    /** Pads before and after for each axis, from what the node lists for some or all of them. */
    private static long[][] pads(OpContext c, long[] listed, long[] axes, int rank) {
        int n = axes == null ? rank : axes.length;
        c.require(listed.length == 2 * n, "pads has " + listed.length + " elements: must have " + 2 * n);
        long[][] pads = new long[2][rank];
        for (int i = 0; i < n; i++) {
            int axis = axes == null ? i : c.axis(axes[i], rank);
            for (int side = 0; side < 2; side++) {
                long pad = listed[side * n + i];
                c.require(Math.abs(pad) <= LARGEST && pad != Long.MIN_VALUE, "pads has " + pad
                        + ": must be at most 2^31");
                pads[side][axis] = pad;
            }
        }
        return pads;
    }

    private static void infer(InferContext c) {
        String mode = mode(c);
        c.requireType(1, S64);
        c.requireSameType(0, 2);
        c.requireScalar(2);
        c.requireType(3, S64, S32);
        Shape x = c.shape(0);
        long[] listed = c.since() < 11 ? c.integers("pads") : c.longs(1);
        long[] axes = c.has(3) ? c.longs(3) : null;
        if (!x.isRanked() || listed == null || (c.has(3) && axes == null)) {
            c.output(0, c.type(0), x.isRanked() ? Shape.ofRank(x.rank()) : Shape.UNKNOWN);
            return;
        }
        long[][] pads = pads(c, listed, axes, x.rank());
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < x.rank(); i++) {
            long sum = pads[0][i] + pads[1][i];
            boolean none = pads[0][i] == 0 && pads[1][i] == 0;
            Dim dim = x.dim(i);
            c.require(!dim.isKnown() || dim.value() + sum >= 0, "pads take more than there is of axis " + i
                    + " of shape " + x);
            c.require(!dim.isKnown() || none || dim.value() > 0 || mode.equals("constant"), "axis " + i + " of shape "
                    + x + " is empty: cannot be padded with mode " + mode);
            dims.add(dim.isKnown() ? Dim.of(dim.value() + sum) : none ? dim : Dim.UNKNOWN);
        }
        c.output(0, c.type(0), Shape.of(dims));
    }

    private static void run(RunContext r) {
        Tensor x = r.in(0);
        String mode = mode(r);
        long[][] pads = pads(r, r.since() < 11 ? r.integers("pads") : r.in(1).toLongs(),
                r.has(3) ? r.in(3).toLongs() : null, x.rank());
        Tensor value = Tensor.allocate(x.type());
        if (r.has(2)) {
            value = r.in(2);
        } else if (r.real("value", 0) != 0) {
            value.setDouble(0, r.real("value", 0));
        }
        int rank = x.rank();
        int[][] sources = new int[rank][];
        for (int d = 0; d < rank; d++) {
            sources[d] = sources(mode, (int) pads[0][d], x.dim(d), r.out().dim(d));
        }
        int[] strides = Shapes.strides(x.shape());
        int[] index = new int[rank];
        for (int i = 0; i < r.out().count(); i++) {
            int from = 0;
            for (int d = 0; d < rank && from >= 0; d++) {
                int source = sources[d][index[d]];
                from = source < 0 ? -1 : from + source * strides[d];
            }
            if (from < 0) {
                Movement.element(value, 0, r.out(), i);
            } else {
                Movement.element(x, from, r.out(), i);
            }
            for (int d = rank - 1; d >= 0 && ++index[d] == r.out().dim(d); d--) {
                index[d] = 0;
            }
        }
    }

    /** For each position of one axis of the output, the position in the input, or -1 for the constant. */
    private static int[] sources(String mode, int before, int size, int outSize) {
        int[] sources = new int[outSize];
        Arrays.setAll(sources, o -> {
            long i = (long) o - before;
            if (i >= 0 && i < size) {
                return (int) i;
            }
            return switch (mode) {
                case "edge" -> Math.clamp(i, 0, size - 1);
                case "wrap" -> (int) Math.floorMod(i, (long) size);
                case "reflect" -> {
                    long period = Math.max(1, 2L * (size - 1));
                    long folded = Math.floorMod(i, period);
                    yield (int) (folded < size ? folded : period - folded);
                }
                default -> -1;
            };
        });
        return sources;
    }
}
