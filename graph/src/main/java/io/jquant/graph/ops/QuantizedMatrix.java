// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static io.jquant.DataType.S32;
import static io.jquant.graph.ops.Op.onnx;

import io.jquant.DataType;
import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import java.util.Arrays;
import java.util.List;

/** Integer matrix products. */
final class QuantizedMatrix {
    static final List<Op> OPS = List.of(
            onnx("MatMulInteger", 10, "2-4", "1", "", QuantizedMatrix::inferInteger, QuantizedMatrix::integer),
            onnx("QLinearMatMul", 10, "8", "1", "", QuantizedMatrix::inferLinear, QuantizedMatrix::linear));

    private QuantizedMatrix() {}

    private static void inferInteger(InferContext c) {
        requireFactors(c, 0, 2, 1, 3);
        c.output(0, S32, MatrixOps.matMulShape(c, 0, 1));
    }

    /** Two 8-bit matrices with zero points per tensor, or per row of the first and per column of the second. */
    static void requireFactors(InferContext c, int a, int aZeroPoint, int b, int bZeroPoint) {
        QuantMath.require8Bit(c, a);
        QuantMath.require8Bit(c, b);
        c.requireSameType(a, aZeroPoint);
        c.requireSameType(b, bZeroPoint);
        QuantMath.requireScalarOr(c, aZeroPoint, rows(c, a), "rows");
        QuantMath.requireScalarOr(c, bZeroPoint, columns(c, b), "columns");
    }

    static Dim rows(InferContext c, int a) {
        Shape shape = c.shape(a);
        return !shape.isRanked() ? Dim.UNKNOWN : shape.rank() < 2 ? Dim.of(1) : shape.dim(shape.rank() - 2);
    }

    static Dim columns(InferContext c, int b) {
        Shape shape = c.shape(b);
        return !shape.isRanked() ? Dim.UNKNOWN : shape.rank() < 2 ? Dim.of(1) : shape.dim(shape.rank() - 1);
    }

    /** Gets each exact sum of products of a matrix product: where it belongs, its row and its column. */
    @FunctionalInterface
    interface Sink {
        void put(int out, int row, int column, int sum);
    }

    /** Sums of (a - aZeroPoint) (b - bZeroPoint), wrapping at 32 bits. */
    static void products(Tensor a, Tensor aZeroPoint, Tensor b, Tensor bZeroPoint, Sink sink) {
        MatrixOps.forEachProduct(a, b, (i, j, o, m, n, k) -> {
            int[] left = centered(a, i, m, k, aZeroPoint, true);
            int[] right = centered(b, j, k, n, bZeroPoint, false);
            int[] sums = new int[n];
            for (int row = 0; row < m; row++) {
                Arrays.fill(sums, 0);
                for (int p = 0; p < k; p++) {
                    int factor = left[row * k + p];
                    for (int column = 0; column < n; column++) {
                        sums[column] += factor * right[p * n + column];
                    }
                }
                for (int column = 0; column < n; column++) {
                    sink.put(o + row * n + column, row, column, sums[column]);
                }
            }
        });
    }

    /** A matrix less its zero point, which may be one for each row or one for each column. */
    private static int[] centered(Tensor t, int start, int rows, int columns, Tensor zeroPoint, boolean byRow) {
        int[] all = new int[rows * columns];
        for (int i = 0; i < all.length; i++) {
            int at = zeroPoint == null ? 0 : QuantMath.pick(zeroPoint, byRow ? i / columns : i % columns);
            all[i] = (int) (t.getLong(start + i) - (zeroPoint == null ? 0 : zeroPoint.getLong(at)));
        }
        return all;
    }

    private static void integer(RunContext r) {
        products(r.in(0), r.inOrNull(2), r.in(1), r.inOrNull(3), (out, row, column, sum) ->
                r.out().ints()[out] = sum);
    }

    private static void inferLinear(InferContext c) {
        requireFactors(c, 0, 2, 3, 5);
        QuantMath.requireScalarOr(c, 1, rows(c, 0), "rows");
        QuantMath.requireScalarOr(c, 4, columns(c, 3), "columns");
        DataType type = QuantMath.requireOutput(c, 6, 7);
        c.output(0, type, MatrixOps.matMulShape(c, 0, 3));
    }

    private static void linear(RunContext r) {
        float scale = QuantMath.scale(r, 6);
        int zeroPoint = QuantMath.zeroPoint(r, 7);
        products(r.in(0), r.in(2), r.in(3), r.in(5), (out, row, column, sum) -> {
            float factor = QuantMath.scale(r, r.in(1), QuantMath.pick(r.in(1), row))
                    * QuantMath.scale(r, r.in(4), QuantMath.pick(r.in(4), column)) / scale;
            r.out().setLong(out, QuantMath.saturate(sum * factor, zeroPoint, r.out().type()));
        });
    }
}
