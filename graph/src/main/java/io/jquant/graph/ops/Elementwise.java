// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static io.jquant.DataType.BF16;
import static io.jquant.DataType.BOOL;
import static io.jquant.DataType.F16;
import static io.jquant.DataType.F32;
import static io.jquant.DataType.F64;
import static io.jquant.graph.ops.Op.microsoft;
import static io.jquant.graph.ops.Op.onnx;

import io.jquant.DataType;
import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import io.jquant.spi.FloatKernels.Function;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;

/**
 * Operators that work element by element. Floats are computed in double and rounded once, which for + - * / and sqrt
 * gives the binary32 result itself; exp, erf, gelu, sigmoid and tanh of binary32 numbers are those of FloatFunctions.
 */
final class Elementwise {
    static final List<Op> OPS = List.of(
            onnx("Add", 7, "2", "1", "", c -> arithmetic(c, Long::sum),
                    binary(FloatPairs::add, Double::sum, (a, b) -> a + b)),
            onnx("Sub", 7, "2", "1", "", c -> arithmetic(c, (a, b) -> a - b),
                    binary(FloatPairs::subtract, (a, b) -> a - b, (a, b) -> a - b)),
            onnx("Mul", 7, "2", "1", "", c -> arithmetic(c, (a, b) -> a * b),
                    binary(FloatPairs::multiply, (a, b) -> a * b, (a, b) -> a * b)),
            onnx("Div", 7, "2", "1", "", c -> arithmetic(c, (a, b) -> a / b), Elementwise::divide),
            onnx("Pow", 7, "2", "1", "", Elementwise::inferPow, Elementwise::pow),
            onnx("PRelu", 7, "2", "1", "", Elementwise::inferPrelu,
                    binary((x, slope) -> x < 0 ? x * slope : x, (x, slope) -> x < 0 ? x * slope : x)),
            onnx("Equal", 7, "2", "1", "", Elementwise::inferComparison, r -> compare(r, false)),
            onnx("Less", 7, "2", "1", "", Elementwise::inferComparison, r -> compare(r, true)),
            onnx("Max", 6, "1-n", "1", "", Elementwise::inferVariadic, variadic(Math::max, Math::max)),
            onnx("Min", 6, "1-n", "1", "", Elementwise::inferVariadic, variadic(Math::min, Math::min)),
            onnx("Sum", 6, "1-n", "1", "", Elementwise::inferVariadic, variadic(Double::sum, Long::sum)),
            onnx("Where", 9, "3", "1", "", Elementwise::inferWhere, Elementwise::where),
            onnx("Sqrt", 6, "1", "1", "", Elementwise::inferFloat, unary(r -> Math::sqrt)),
            onnx("Erf", 9, "1", "1", "", Elementwise::inferFloat, function(Function.ERF, r -> SpecialFunctions::erf)),
            onnx("Exp", 6, "1", "1", "", Elementwise::inferFloat, function(Function.EXP, r -> Math::exp)),
            onnx("Log", 6, "1", "1", "", Elementwise::inferFloat, unary(r -> Math::log)),
            onnx("Neg", 6, "1", "1", "", Elementwise::inferNumeric, Elementwise::negate),
            onnx("Reciprocal", 6, "1", "1", "", Elementwise::inferFloat, unary(r -> x -> 1 / x)),
            onnx("Round", 11, "1", "1", "", Elementwise::inferFloat, unary(r -> Math::rint)),
            onnx("Relu", 6, "1", "1", "", Elementwise::inferNumeric, Elementwise::relu),
            onnx("Clip", 6, "1", "1", "max:f min:f", Elementwise::inferFloat, Elementwise::clipByAttributes),
            onnx("Clip", 11, "1-3", "1", "", Elementwise::inferClip, Elementwise::clip),
            onnx("LeakyRelu", 6, "1", "1", "alpha:f", Elementwise::inferFloat, unary(r -> {
                float alpha = r.real("alpha", 0.01f);
                return x -> x < 0 ? alpha * x : x;
            })),
            onnx("Elu", 6, "1", "1", "alpha:f", Elementwise::inferFloat, unary(r -> {
                float alpha = r.real("alpha", 1);
                return x -> x < 0 ? alpha * Math.expm1(x) : x;
            })),
            onnx("HardSigmoid", 6, "1", "1", "alpha:f beta:f", Elementwise::inferFloat, unary(r -> {
                float alpha = r.real("alpha", 0.2f);
                float beta = r.real("beta", 0.5f);
                return x -> Math.max(0, Math.min(1, alpha * x + beta));
            })),
            onnx("HardSwish", 14, "1", "1", "", Elementwise::inferFloat,
                    unary(r -> x -> x * Math.max(0, Math.min(1, x / 6 + 0.5)))),
            onnx("Sigmoid", 6, "1", "1", "", Elementwise::inferFloat,
                    function(Function.SIGMOID, r -> SpecialFunctions::sigmoid)),
            onnx("Tanh", 6, "1", "1", "", Elementwise::inferFloat, function(Function.TANH, r -> Math::tanh)),
            onnx("Gelu", 20, "1", "1", "approximate:s", Elementwise::inferFloat,
                    function(Function.GELU, Elementwise::gelu)),
            microsoft("Gelu", "1", "1", "", Elementwise::inferFloat, function(Function.GELU, Elementwise::gelu)));

    private Elementwise() {}

    private static void inferFloat(InferContext c) {
        c.requireType(0, F32, F16, BF16, F64);
        c.output(0, c.type(0), c.shape(0));
    }

    private static void inferNumeric(InferContext c) {
        requireNumeric(c, 0);
        c.output(0, c.type(0), c.shape(0));
    }

    private static void requireNumeric(InferContext c, int i) {
        DataType type = c.type(i);
        boolean small = type.bits() < 8 || (type.bits() == 8 && type.isFloating());
        c.require(!small && type != BOOL, "input " + i + " is of type " + type
                + ": must be a number of 8 bits or more (float: 16 bits)");
    }

    private static void arithmetic(InferContext c, LongBinaryOperator operator) {
        requireNumeric(c, 0);
        c.requireSameType(0, 1);
        Shape shape = Shapes.broadcast(c, c.shape(0), c.shape(1));
        List<Known.Extent> a = c.extents(0);
        List<Known.Extent> b = c.extents(1);
        if (a == null || b == null || shape.rank() > 1 || (a.size() != b.size() && a.size() != 1 && b.size() != 1)) {
            c.output(0, c.type(0), shape);
            return;
        }
        List<Known.Extent> all = new ArrayList<>();
        int n = a.size() == 1 ? b.size() : a.size();
        for (int i = 0; i < n; i++) {
            Known.Extent x = a.get(a.size() == 1 ? 0 : i);
            Known.Extent y = b.get(b.size() == 1 ? 0 : i);
            all.add(combine(c, operator, x, y));
        }
        c.output(c.type(0), shape, all);
    }

    private static Known.Extent combine(InferContext c, LongBinaryOperator operator, Known.Extent x, Known.Extent y) {
        if (x.isNumber() && y.isNumber()) {
            boolean divides = c.node().is("Div");
            c.require(!divides || y.number() != 0, "divides by 0");
            return Known.Extent.of(operator.applyAsLong(x.number(), y.number()));
        }
        boolean scaling = c.node().is("Mul") || c.node().is("Div");
        return y.isNumber(scaling ? 1 : 0) ? x : Known.Extent.of(Dim.UNKNOWN);
    }

    private static void inferPow(InferContext c) {
        requireNumeric(c, 0);
        requireNumeric(c, 1);
        c.output(0, c.type(0), Shapes.broadcast(c, c.shape(0), c.shape(1)));
    }

    private static void inferPrelu(InferContext c) {
        requireNumeric(c, 0);
        c.requireSameType(0, 1);
        c.require(Shapes.fitsInto(c.shape(1), c.shape(0)), "slope of shape " + c.shape(1)
                + " must fit into shape " + c.shape(0));
        c.output(0, c.type(0), c.shape(0));
    }

    private static void inferComparison(InferContext c) {
        c.requireSameType(0, 1);
        c.output(0, BOOL, Shapes.broadcast(c, c.shape(0), c.shape(1)));
    }

    private static void inferVariadic(InferContext c) {
        requireNumeric(c, 0);
        Shape shape = c.shape(0);
        for (int i = 1; i < c.count(); i++) {
            c.requireSameType(0, i);
            shape = Shapes.broadcast(c, shape, c.shape(i));
        }
        c.output(0, c.type(0), shape);
    }

    private static void inferWhere(InferContext c) {
        c.requireType(0, BOOL);
        c.requireSameType(1, 2);
        c.output(0, c.type(1), Shapes.broadcast(c, c.shape(0), Shapes.broadcast(c, c.shape(1), c.shape(2))));
    }

    private static void inferClip(InferContext c) {
        c.requireSameType(0, 1);
        c.requireSameType(0, 2);
        c.requireScalar(1);
        c.requireScalar(2);
        inferNumeric(c);
    }

    /** A function chosen by the node's attributes. */
    private interface UnaryFunction {
        DoubleUnaryOperator of(RunContext r);
    }

    private static Op.Kernel unary(UnaryFunction chosen) {
        return r -> map(r.in(0), r.out(), chosen.of(r));
    }

    private static void map(Tensor x, Tensor y, DoubleUnaryOperator f) {
        int n = x.count();
        if (x.type() == F32) {
            float[] from = x.floats();
            float[] to = y.floats();
            for (int i = 0; i < n; i++) {
                to[i] = (float) f.applyAsDouble(from[i]);
            }
            return;
        }
        for (int i = 0; i < n; i++) {
            y.setDouble(i, f.applyAsDouble(x.getDouble(i)));
        }
    }

    private static DoubleUnaryOperator gelu(RunContext r) {
        String approximate = r.text("approximate", "none");
        return switch (approximate) {
            case "none" -> x -> 0.5 * x * (1 + SpecialFunctions.erf(x * Math.sqrt(0.5)));
            case "tanh" -> x -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            default -> throw r.fail("approximate = " + approximate + ": must be none or tanh");
        };
    }

    /** A function that binary32 numbers have in kernels of their own, as long as it is not approximated otherwise. */
    private static Op.Kernel function(Function function, UnaryFunction chosen) {
        return r -> {
            if (r.in(0).type() == F32 && r.text("approximate", "none").equals("none")) {
                r.floats().apply(function, r.in(0).count(), r.in(0).floats(), 0, r.out().floats(), 0);
            } else {
                map(r.in(0), r.out(), chosen.of(r));
            }
        };
    }

    private static Op.Kernel binary(FloatPairs.Row row, DoubleBinaryOperator f, LongBinaryOperator g) {
        Op.Kernel others = binary(f, g);
        return r -> {
            if (FloatPairs.fits(r.in(0), r.in(1), r.out())) {
                FloatPairs.combine(r.in(0), r.in(1), r.out(), row);
            } else {
                others.run(r);
            }
        };
    }

    private static Op.Kernel binary(DoubleBinaryOperator f, LongBinaryOperator g) {
        return r -> combine(r.in(0), r.in(1), r.out(), f, g);
    }

    static void combine(Tensor a, Tensor b, Tensor y, DoubleBinaryOperator f, LongBinaryOperator g) {
        Broadcast.rows(y.shape(), (out, from, step, n) -> {
            int i = from[0];
            int j = from[1];
            if (y.type() == F32 && a.type() == F32 && b.type() == F32) {
                for (int k = 0; k < n; k++) {
                    y.floats()[out + k] = (float) f.applyAsDouble(a.floats()[i + k * step[0]],
                            b.floats()[j + k * step[1]]);
                }
            } else if (y.type().isFloating()) {
                for (int k = 0; k < n; k++) {
                    y.setDouble(out + k, f.applyAsDouble(a.getDouble(i + k * step[0]), b.getDouble(j + k * step[1])));
                }
            } else {
                for (int k = 0; k < n; k++) {
                    y.setLong(out + k, g.applyAsLong(a.getLong(i + k * step[0]), b.getLong(j + k * step[1])));
                }
            }
        }, a, b);
    }

    private static void divide(RunContext r) {
        if (FloatPairs.fits(r.in(0), r.in(1), r.out())) {
            FloatPairs.combine(r.in(0), r.in(1), r.out(), FloatPairs::divide);
            return;
        }
        LongBinaryOperator g = r.in(0).type() == DataType.U64 ? Long::divideUnsigned : (a, b) -> a / b;
        combine(r.in(0), r.in(1), r.out(), (a, b) -> a / b, (a, b) -> {
            r.require(b != 0, "divides by 0");
            return g.applyAsLong(a, b);
        });
    }

    private static void pow(RunContext r) {
        Tensor a = r.in(0);
        Tensor b = r.in(1);
        Broadcast.rows(r.out().shape(), (out, from, step, n) -> {
            for (int k = 0; k < n; k++) {
                r.out().setDouble(out + k,
                        Math.pow(a.getDouble(from[0] + k * step[0]), b.getDouble(from[1] + k * step[1])));
            }
        }, a, b);
    }

    private static void compare(RunContext r, boolean less) {
        Tensor a = r.in(0);
        Tensor b = r.in(1);
        boolean unsigned = a.type() == DataType.U64;
        Broadcast.rows(r.out().shape(), (out, from, step, n) -> {
            for (int k = 0; k < n; k++) {
                int i = from[0] + k * step[0];
                int j = from[1] + k * step[1];
                boolean holds;
                if (a.type().isFloating()) {
                    holds = less ? a.getDouble(i) < b.getDouble(j) : a.getDouble(i) == b.getDouble(j);
                } else {
                    int order = unsigned
                            ? Long.compareUnsigned(a.getLong(i), b.getLong(j))
                            : Long.compare(a.getLong(i), b.getLong(j));
                    holds = less ? order < 0 : order == 0;
                }
                r.out().bytes()[out + k] = (byte) (holds ? 1 : 0);
            }
        }, a, b);
    }

    private static Op.Kernel variadic(DoubleBinaryOperator f, LongBinaryOperator g) {
        return r -> {
            Tensor sum = r.in(0);
            for (int i = 1; i < r.count(); i++) {
                Tensor next = Tensor.allocate(r.out().type(), r.out().shape());
                combine(sum, r.in(i), next, f, g);
                sum = next;
            }
            Tensor last = sum;
            Broadcast.rows(r.out().shape(), (out, from, step, n) -> {
                for (int k = 0; k < n; k++) {
                    Movement.element(last, from[0] + k * step[0], r.out(), out + k);
                }
            }, last);
        };
    }

    private static void where(RunContext r) {
        byte[] condition = r.in(0).bytes();
        Broadcast.rows(r.out().shape(), (out, from, step, n) -> {
            for (int k = 0; k < n; k++) {
                int pick = condition[from[0] + k * step[0]] != 0 ? 1 : 2;
                Movement.element(r.in(pick), from[pick] + k * step[pick], r.out(), out + k);
            }
        }, r.in(0), r.in(1), r.in(2));
    }

    private static void negate(RunContext r) {
        if (r.in(0).type().isFloating()) {
            map(r.in(0), r.out(), x -> -x);
            return;
        }
        for (int i = 0; i < r.in(0).count(); i++) {
            r.out().setLong(i, -r.in(0).getLong(i));
        }
    }

    private static void relu(RunContext r) {
        int n = r.in(0).count();
        if (r.in(0).type() == F32) {
            float[] x = r.in(0).floats();
            float[] y = r.out().floats();
            for (int i = 0; i < n; i++) {
                y[i] = Math.max(x[i], 0f);
            }
        } else if (r.in(0).type().isFloating()) {
            map(r.in(0), r.out(), x -> Math.max(x, 0));
        } else {
            for (int i = 0; i < n; i++) {
                r.out().setLong(i, Math.max(r.in(0).getLong(i), 0));
            }
        }
    }

    private static void clipByAttributes(RunContext r) {
        float low = r.real("min", -Float.MAX_VALUE);
        float high = r.real("max", Float.MAX_VALUE);
        map(r.in(0), r.out(), x -> Math.min(Math.max(x, low), high));
    }

    private static void clip(RunContext r) {
        Tensor x = r.in(0);
        if (x.type().isFloating()) {
            double low = r.has(1) ? r.in(1).getDouble(0) : Double.NEGATIVE_INFINITY;
            double high = r.has(2) ? r.in(2).getDouble(0) : Double.POSITIVE_INFINITY;
            map(x, r.out(), v -> Math.min(Math.max(v, low), high));
            return;
        }
        long low = r.has(1) ? r.in(1).getLong(0) : Long.MIN_VALUE;
        long high = r.has(2) ? r.in(2).getLong(0) : Long.MAX_VALUE;
        for (int i = 0; i < x.count(); i++) {
            r.out().setLong(i, Math.min(Math.max(x.getLong(i), low), high));
        }
    }
}
