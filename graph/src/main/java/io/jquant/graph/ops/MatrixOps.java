// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static io.jquant.DataType.F64;
import static io.jquant.DataType.S32;
import static io.jquant.DataType.S64;
import static io.jquant.graph.ops.Op.onnx;

import io.jquant.DataType;
import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Matrix products of floats. */
final class MatrixOps {
    static final List<Op> OPS = List.of(
            onnx("Gemm", 7, "3", "1", "alpha:f beta:f transA:i transB:i", MatrixOps::inferGemm,
                    Widening.of(MatrixOps::gemm)),
            onnx("Gemm", 11, "2-3", "1", "alpha:f beta:f transA:i transB:i", MatrixOps::inferGemm,
                    Widening.of(MatrixOps::gemm)),
            onnx("MatMul", 1, "2", "1", "", MatrixOps::inferMatMul, Widening.of(MatrixOps::matMul)));

    private MatrixOps() {}

    private static void inferGemm(InferContext c) {
        c.requireFloat(0);
        c.requireSameType(0, 1);
        c.requireSameType(0, 2);
        c.output(0, c.type(0), gemmShape(c, 0, 1, 2));
    }

    /** Shape of a Gemm whose matrices and addend are the given inputs. */
    static Shape gemmShape(InferContext c, int a, int b, int addend) {
        c.requireRank(a, 2, 2);
        c.requireRank(b, 2, 2);
        if (!c.shape(a).isRanked() || !c.shape(b).isRanked()) {
            return Shape.ofRank(2);
        }
        int ta = c.flag("transA", false) ? 1 : 0;
        int tb = c.flag("transB", false) ? 1 : 0;
        c.requireSame(c.shape(a).dim(1 - ta), c.shape(b).dim(tb), "shapes " + c.shape(a) + " and " + c.shape(b)
                + " do not fit for transA = " + ta + ", transB = " + tb);
        Shape shape = Shape.of(List.of(c.shape(a).dim(ta), c.shape(b).dim(1 - tb)));
        if (c.has(addend)) {
            c.require(Shapes.fitsInto(c.shape(addend), shape), "addend of shape " + c.shape(addend)
                    + " must fit into shape " + shape);
        }
        return shape;
    }

    private static void gemm(RunContext r) {
        int m = r.out().dim(0);
        int n = r.out().dim(1);
        boolean transA = r.flag("transA", false);
        int k = r.in(0).dim(transA ? 0 : 1);
        float alpha = r.real("alpha", 1);
        float beta = r.real("beta", 1);
        float[] a = transA ? FloatProduct.transposed(r.in(0).floats(), k, m) : r.in(0).floats();
        if (alpha != 1) {
            a = Arrays.copyOf(a, m * k);
            for (int i = 0; i < a.length; i++) {
                a[i] *= alpha;
            }
        }
        float[] y = r.out().floats();
        Arrays.fill(y, 0, m * n, 0);
        if (r.has(2) && beta != 0) {
            Broadcast.rows(r.out().shape(), (out, from, step, count) -> {
                for (int j = 0; j < count; j++) {
                    y[out + j] = beta * r.in(2).floats()[from[0] + j * step[0]];
                }
            }, r.in(2));
        }
        r.floats().multiply(m, n, k, a, 0, r.in(1).floats(), 0, r.flag("transB", false), y, 0);
    }

    private static void inferMatMul(InferContext c) {
        c.requireType(0, DataType.F32, DataType.F16, DataType.BF16, F64, S32, S64, DataType.U32, DataType.U64);
        c.requireSameType(0, 1);
        c.output(0, c.type(0), matMulShape(c, 0, 1));
    }

    /** Shape of a product as numpy.matmul defines it. */
    static Shape matMulShape(InferContext c, int first, int second) {
        Shape a = c.shape(first);
        Shape b = c.shape(second);
        c.requireRank(first, 1, 99);
        c.requireRank(second, 1, 99);
        if (!a.isRanked() || !b.isRanked()) {
            return Shape.UNKNOWN;
        }
        Dim k = a.dim(a.rank() - 1);
        Dim rows = b.dim(Math.max(0, b.rank() - 2));
        if (k.isKnown() && rows.isKnown() && k.value() != rows.value()) {
            throw c.fail("shapes " + a + " and " + b + " do not fit");
        }
        Shape batch = Shapes.broadcast(c, batch(a), batch(b));
        List<Dim> dims = new ArrayList<>(batch.dims());
        if (a.rank() > 1) {
            dims.add(a.dim(a.rank() - 2));
        }
        if (b.rank() > 1) {
            dims.add(b.dim(b.rank() - 1));
        }
        return Shape.of(dims);
    }

    private static Shape batch(Shape shape) {
        return Shape.of(shape.dims().subList(0, Math.max(0, shape.rank() - 2)));
    }

    /** One product of a batch: where each matrix starts. */
    @FunctionalInterface
    interface Product {
        void multiply(int a, int b, int c, int m, int n, int k);
    }

    /** Calls back for every pair of matrices of two stretched batches. */
    static void forEachProduct(Tensor a, Tensor b, Product product) {
        int m = a.rank() > 1 ? a.dim(a.rank() - 2) : 1;
        int k = a.dim(a.rank() - 1);
        int n = b.rank() > 1 ? b.dim(b.rank() - 1) : 1;
        Tensor as = batchIndex(a);
        Tensor bs = batchIndex(b);
        Broadcast.rows(batchShape(as, bs), (out, from, step, count) -> {
            for (int i = 0; i < count; i++) {
                product.multiply((from[0] + i * step[0]) * m * k, (from[1] + i * step[1]) * k * n, (out + i) * m * n,
                        m, n, k);
            }
        }, as, bs);
    }

    /** A tensor of the shape of a batch; only its strides are used. */
    private static Tensor batchIndex(Tensor t) {
        return Tensor.allocate(DataType.U2, Arrays.copyOf(t.shape(), Math.max(0, t.rank() - 2)));
    }

    private static long[] batchShape(Tensor a, Tensor b) {
        long[] shape = new long[Math.max(a.rank(), b.rank())];
        Arrays.fill(shape, 1);
        for (Tensor t : List.of(a, b)) {
            for (int i = 0; i < t.rank(); i++) {
                int at = shape.length - t.rank() + i;
                shape[at] = shape[at] == 1 ? t.dim(i) : shape[at];
            }
        }
        return shape;
    }

    private static void matMul(RunContext r) {
        Tensor a = r.in(0);
        Tensor b = r.in(1);
        Tensor y = r.out();
        if (y.type() == DataType.F32) {
            Arrays.fill(y.floats(), 0, y.count(), 0);
            forEachProduct(a, b, (i, j, o, m, n, k) ->
                    r.floats().multiply(m, n, k, a.floats(), i, b.floats(), j, false, y.floats(), o));
        } else {
            forEachProduct(a, b, (i, j, o, m, n, k) -> multiplyExactly(a, i, b, j, y, o, m, n, k));
        }
    }

    private static void multiplyExactly(Tensor a, int i, Tensor b, int j, Tensor y, int o, int m, int n, int k) {
        for (int row = 0; row < m; row++) {
            for (int column = 0; column < n; column++) {
                double real = 0;
                long integer = 0;
                for (int p = 0; p < k; p++) {
                    int at = i + row * k + p;
                    int bt = j + p * n + column;
                    if (y.type() == F64) {
                        real += a.getDouble(at) * b.getDouble(bt);
                    } else {
                        integer += a.getLong(at) * b.getLong(bt);
                    }
                }
                if (y.type() == F64) {
                    y.setDouble(o + row * n + column, real);
                } else {
                    y.setLong(o + row * n + column, integer);
                }
            }
        }
    }
}
