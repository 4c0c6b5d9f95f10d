// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static io.jquant.DataType.F32;
import static io.jquant.DataType.S32;
import static io.jquant.DataType.U8;
import static io.jquant.graph.ops.Op.microsoft;

import io.jquant.DataType;
import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import java.util.List;

/** The matrix products of domain com.microsoft that quantization tools emit. */
final class MicrosoftMatrix {
    static final List<Op> OPS = List.of(
            microsoft("QGemm", "6-9", "1", "alpha:f transA:i transB:i", MicrosoftMatrix::inferGemm,
                    MicrosoftMatrix::gemm),
            microsoft("DynamicQuantizeMatMul", "3-5", "1", "", MicrosoftMatrix::inferDynamic,
                    MicrosoftMatrix::dynamic),
            microsoft("MatMulIntegerToFloat", "4-7", "1", "", MicrosoftMatrix::inferToFloat,
                    MicrosoftMatrix::toFloat));

    private MicrosoftMatrix() {}

    private static void inferGemm(InferContext c) {
        QuantMath.requireParameters(c, 0, 1, 2);
        QuantMath.require8Bit(c, 3);
        c.requireSameType(3, 5);
        c.requireType(6, S32);
        Shape shape = MatrixOps.gemmShape(c, 0, 3, 6);
        QuantMath.requireScalarOr(c, 4, shape.dim(1), "columns");
        QuantMath.requireScalarOr(c, 5, shape.dim(1), "columns");
        DataType type = F32;
        if (c.has(7)) {
            type = QuantMath.requireOutput(c, 7, 8);
        }
        c.output(0, type, shape);
    }

    private static void gemm(RunContext r) {
        float alpha = r.real("alpha", 1);
        float aScale = QuantMath.scale(r, 1);
        Tensor bScale = r.in(4);
        int[] addend = new int[r.out().count()];
        if (r.has(6)) {
            Broadcast.rows(r.out().shape(), (out, from, step, n) -> {
                for (int k = 0; k < n; k++) {
                    addend[out + k] = r.in(6).ints()[from[0] + k * step[0]];
                }
            }, r.in(6));
        }
        Tensor a = r.flag("transA", false) ? transposed(r.in(0)) : r.in(0);
        Tensor b = r.flag("transB", false) ? transposed(r.in(3)) : r.in(3);
        QuantizedMatrix.products(a, r.inOrNull(2), b, r.inOrNull(5), (out, row, column, sum) -> {
            float scale = alpha * aScale * QuantMath.scale(r, bScale, QuantMath.pick(bScale, column));
            int whole = sum + addend[out];
            if (r.has(7)) {
                r.out().setLong(out, QuantMath.saturate(whole * (scale / QuantMath.scale(r, 7)),
                        QuantMath.zeroPoint(r, 8), r.out().type()));
            } else {
                r.out().floats()[out] = whole * scale;
            }
        });
    }

    private static Tensor transposed(Tensor t) {
        Tensor y = Tensor.allocate(t.type(), t.dim(1), t.dim(0));
        DataMovement.strided(t, 0, new int[] {1, t.dim(1)}, y);
        return y;
    }

    private static void requireWeights(InferContext c, int b, int scale, int zeroPoint, int bias) {
        QuantMath.require8Bit(c, b);
        c.requireType(scale, F32);
        c.requireSameType(b, zeroPoint);
        c.requireType(bias, F32);
        Dim columns = QuantizedMatrix.columns(c, b);
        QuantMath.requireScalarOr(c, scale, columns, "columns");
        QuantMath.requireScalarOr(c, zeroPoint, columns, "columns");
        c.requireCount(bias, columns, "columns");
    }

    private static void inferDynamic(InferContext c) {
        c.requireType(0, F32);
        requireWeights(c, 1, 2, 3, 4);
        c.output(0, F32, MatrixOps.matMulShape(c, 0, 1));
    }

    private static void dynamic(RunContext r) {
        Tensor x = r.in(0);
        QuantizeOps.Dynamic d = QuantizeOps.Dynamic.of(x);
        r.require(d.scale() > 0 && d.scale() < Float.POSITIVE_INFINITY, "the input's range gives scale = "
                + d.scale() + ": must be finite and above 0");
        Tensor q = Tensor.allocate(U8, x.shape());
        for (int i = 0; i < x.count(); i++) {
            q.setLong(i, QuantMath.quantize(x.floats()[i], d.scale(), d.zeroPoint(), U8));
        }
        QuantizedMatrix.products(q, Tensor.scalar(U8, d.zeroPoint()), r.in(1), r.inOrNull(3),
                (out, row, column, sum) -> put(r, out, sum, d.scale(), 2, 4, column));
    }

    private static void put(RunContext r, int out, int sum, float aScale, int bScale, int bias, int column) {
        float scale = aScale * QuantMath.scale(r, r.in(bScale), QuantMath.pick(r.in(bScale), column));
        r.out().floats()[out] = sum * scale + (r.has(bias) ? r.in(bias).floats()[column] : 0);
    }

    private static void inferToFloat(InferContext c) {
        QuantMath.require8Bit(c, 0);
        c.requireSameType(0, 4);
        c.requireScalar(4);
        c.requireType(2, F32);
        c.requireScalar(2);
        requireWeights(c, 1, 3, 5, 6);
        c.output(0, F32, MatrixOps.matMulShape(c, 0, 1));
    }

    private static void toFloat(RunContext r) {
        float aScale = QuantMath.scale(r, 2);
        QuantizedMatrix.products(r.in(0), r.inOrNull(4), r.in(1), r.inOrNull(5),
                (out, row, column, sum) -> put(r, out, sum, aScale, 3, 6, column));
    }
}
