// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static io.jquant.graph.ops.Op.microsoft;

import io.jquant.DataType;
import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * The operators of domain com.microsoft that quantization tools emit around the matrix products. Each is defined as
 * dequantize, the float operator, quantize, except where ONNX Runtime, whose operators they are, scales or rounds
 * otherwise.
 */
final class MicrosoftElementwise {
    private static final String POOL = "auto_pad:s ceil_mode:i channels_last:i count_include_pad:i kernel_shape:I!"
            + " pads:I strides:I";
    static final List<Op> OPS = List.of(
            microsoft("QLinearAdd", "7-8", "1", "", MicrosoftElementwise::inferBinary, r -> binary(r, false)),
            microsoft("QLinearMul", "7-8", "1", "", MicrosoftElementwise::inferBinary, r -> binary(r, true)),
            microsoft("QLinearSigmoid", "4-5", "1", "", MicrosoftElementwise::inferUnary,
                    r -> unary(r, SpecialFunctions::sigmoid)),
            microsoft("QLinearLeakyRelu", "4-5", "1", "alpha:f", MicrosoftElementwise::inferUnary, r -> {
                float alpha = r.real("alpha", 0.01f);
                unary(r, x -> x < 0 ? (float) x * alpha : x);
            }),
            microsoft("QLinearSoftmax", "5", "1", "axis:i opset:i", MicrosoftElementwise::inferUnary,
                    MicrosoftElementwise::softmax),
            microsoft("QLinearConcat", "5-n", "1", "axis:i!", MicrosoftElementwise::inferConcat,
                    MicrosoftElementwise::concat),
            microsoft("QLinearAveragePool", "4-5", "1", POOL, MicrosoftElementwise::inferPool,
                    MicrosoftElementwise::pool),
            microsoft("QLinearGlobalAveragePool", "5", "1", "channels_last:i", MicrosoftElementwise::inferGlobal,
                    MicrosoftElementwise::global));

    private MicrosoftElementwise() {}

    private static float read(RunContext r, int x, int i) {
        return QuantMath.dequantize(r.in(x).getLong(i), QuantMath.zeroPoint(r, x + 2), QuantMath.scale(r, x + 1));
    }

    private static void write(RunContext r, int scale, int out, float value) {
        r.out().setLong(out, QuantMath.quantize(value, QuantMath.scale(r, scale), QuantMath.zeroPoint(r, scale + 1),
                r.out().type()));
    }

    private static void inferBinary(InferContext c) {
        QuantMath.requireParameters(c, 0, 1, 2);
        QuantMath.requireParameters(c, 3, 4, 5);
        c.requireSameType(0, 3);
        c.output(0, QuantMath.requireOutput(c, 6, 7), Shapes.broadcast(c, c.shape(0), c.shape(3)));
    }

    private static void binary(RunContext r, boolean multiply) {
        Broadcast.rows(r.out().shape(), (out, from, step, n) -> {
            for (int k = 0; k < n; k++) {
                int i = from[0] + k * step[0];
                int j = from[1] + k * step[1];
                if (multiply) {
                    r.out().setLong(out + k, product(r, i, j));
                } else {
                    write(r, 6, out + k, read(r, 0, i) + read(r, 3, j));
                }
            }
        }, r.in(0), r.in(3));
    }

    /** An exact integer product, scaled once, rounded after the zero point is added. */
    private static int product(RunContext r, int i, int j) {
        long a = r.in(0).getLong(i) - QuantMath.zeroPoint(r, 2);
        long b = r.in(3).getLong(j) - QuantMath.zeroPoint(r, 5);
        float scale = QuantMath.scale(r, 1) * QuantMath.scale(r, 4) / QuantMath.scale(r, 6);
        return QuantMath.saturate(a * b * scale + QuantMath.zeroPoint(r, 7), 0, r.out().type());
    }

    private static void inferUnary(InferContext c) {
        QuantMath.requireParameters(c, 0, 1, 2);
        if (c.node().opType().equals("QLinearSoftmax") && c.shape(0).isRanked()) {
            c.axis(c.integer("axis", -1), c.shape(0).rank());
        }
        c.output(0, QuantMath.requireOutput(c, 3, 4), c.shape(0));
    }

    private static void unary(RunContext r, DoubleUnaryOperator f) {
        for (int i = 0; i < r.out().count(); i++) {
            write(r, 3, i, (float) f.applyAsDouble(read(r, 0, i)));
        }
    }

    private static void softmax(RunContext r) {
        Tensor x = r.in(0);
        int axis = r.axis(r.integer("axis", -1), x.rank());
        boolean flattened = r.integer("opset", 13) < 13;
        int n = flattened ? Shapes.product(x.shape(), axis, x.rank()) : x.dim(axis);
        int inner = flattened ? 1 : Shapes.product(x.shape(), axis + 1, x.rank());
        int rows = n == 0 ? 0 : x.count() / n;
        for (int row = 0; row < rows; row++) {
            int base = row / inner * n * inner + row % inner;
            double largest = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < n; k++) {
                largest = Math.max(largest, read(r, 0, base + k * inner));
            }
            double sum = 0;
            for (int k = 0; k < n; k++) {
                sum += Math.exp(read(r, 0, base + k * inner) - largest);
            }
            for (int k = 0; k < n; k++) {
                write(r, 3, base + k * inner, (float) (Math.exp(read(r, 0, base + k * inner) - largest) / sum));
            }
        }
    }

    private static void inferConcat(InferContext c) {
        c.require(c.count() % 3 == 2, "has " + c.count() + " inputs: must be scale, zero point, then three for each"
                + " value");
        DataType type = QuantMath.requireOutput(c, 0, 1);
        for (int i = 2; i < c.count(); i += 3) {
            QuantMath.requireParameters(c, i, i + 1, i + 2);
            c.require(!c.shape(i).isRanked() || !c.shape(2).isRanked() || c.shape(i).rank() == c.shape(2).rank(),
                    "shapes " + c.shape(2) + " and " + c.shape(i) + " must have the same rank");
        }
        Shape first = c.shape(2);
        c.output(0, type, first.isRanked()
                ? DataMovement.concatenated(c, 2, 3, c.axis(c.integer("axis", 0), first.rank()))
                : Shape.UNKNOWN);
    }

    private static void concat(RunContext r) {
        int axis = r.axis(r.integer("axis", 0), r.in(2).rank());
        int outer = Shapes.product(r.out().shape(), 0, axis);
        int target = 0;
        for (int o = 0; o < outer; o++) {
            for (int x = 2; x < r.count(); x += 3) {
                int run = Shapes.product(r.in(x).shape(), axis, r.in(x).rank());
                for (int i = 0; i < run; i++) {
                    write(r, 0, target++, read(r, x, o * run + i));
                }
            }
        }
    }

    /** A shape with its second dimension moved to the end, or its last one to the second place. */
    private static Shape moved(Shape shape, boolean toEnd) {
        List<Dim> dims = new ArrayList<>(shape.dims());
        dims.add(toEnd ? dims.size() - 1 : 1, dims.remove(toEnd ? 1 : dims.size() - 1));
        return Shape.of(dims);
    }

    /**
     * Pools a float view of the input, channels second, and quantizes what comes out; rounded last means after the
     * zero point is added, which differs at ties.
     */
    private static void pooled(RunContext r, Op.Kernel kernel, boolean roundLast) {
        boolean last = r.flag("channels_last", false);
        Tensor x = r.in(0);
        Tensor values = Tensor.allocate(DataType.F32, x.shape());
        for (int i = 0; i < x.count(); i++) {
            values.floats()[i] = read(r, 0, i);
        }
        long[] shape = last ? moved(Shape.of(r.out().shape()), false).sizes() : r.out().shape();
        Tensor result = Tensor.allocate(DataType.F32, shape);
        kernel.run(r.with(new Tensor[] {last ? moved(values, false) : values}, new Tensor[] {result}));
        Tensor ordered = last ? moved(result, true) : result;
        for (int i = 0; i < ordered.count(); i++) {
            if (roundLast) {
                float scaled = ordered.floats()[i] / QuantMath.scale(r, 3) + QuantMath.zeroPoint(r, 4);
                r.out().setLong(i, QuantMath.saturate(scaled, 0, r.out().type()));
            } else {
                write(r, 3, i, ordered.floats()[i]);
            }
        }
    }

    private static Tensor moved(Tensor t, boolean toEnd) {
        int rank = t.rank();
        Tensor y = Tensor.allocate(t.type(), moved(Shape.of(t.shape()), toEnd).sizes());
        int[] strides = Shapes.strides(t.shape());
        int[] permuted = new int[rank];
        for (int i = 1; i < rank; i++) {
            int from = i == 1 && !toEnd ? rank - 1 : i == rank - 1 && toEnd ? 1 : toEnd ? i + 1 : i - 1;
            permuted[i] = strides[from];
        }
        permuted[0] = strides[0];
        DataMovement.strided(t, 0, permuted, y);
        return y;
    }

    private static void inferPool(InferContext c) {
        QuantMath.requireParameters(c, 0, 1, 2);
        DataType type = QuantMath.requireOutput(c, 3, 4);
        c.output(0, type, inferMoved(c, Pooling::shape));
    }

    private static void inferGlobal(InferContext c) {
        QuantMath.requireParameters(c, 0, 1, 2);
        DataType type = QuantMath.requireOutput(c, 3, 4);
        c.output(0, type, inferMoved(c, Pooling::globalShape));
    }

    /** The shape of a pooled input, which is seen with its channels second. */
    private interface PooledShape {
        Shape of(InferContext c, int i);
    }

    private static Shape inferMoved(InferContext c, PooledShape pooled) {
        Shape x = c.shape(0);
        if (!c.flag("channels_last", false) || !x.isRanked()) {
            return pooled.of(c, 0);
        }
        c.requireRank(0, 2, 99);
        Known view = Known.of(c.type(0), moved(x, false));
        return moved(pooled.of(new InferContext(c.node(), c.op(), new Known[] {view}), 0), true);
    }

    private static void pool(RunContext r) {
        pooled(r, Pooling::average, true);
    }

    private static void global(RunContext r) {
        pooled(r, s -> Pooling.global(s, false), false);
    }
}
