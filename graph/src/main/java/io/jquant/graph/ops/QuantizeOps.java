// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static io.jquant.DataType.BF16;
import static io.jquant.DataType.F16;
import static io.jquant.DataType.F32;
import static io.jquant.DataType.S32;
import static io.jquant.DataType.U8;
import static io.jquant.graph.ops.Op.microsoft;
import static io.jquant.graph.ops.Op.onnx;

import io.jquant.DataType;
import io.jquant.graph.Dim;
import io.jquant.graph.OnnxDataTypes;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import java.util.List;

/** QuantizeLinear, DequantizeLinear and DynamicQuantizeLinear: per tensor, per axis and in blocks. */
final class QuantizeOps {
    static final List<Op> OPS = List.of(
            onnx("QuantizeLinear", 10, "2-3", "1", "", QuantizeOps::inferQuantize, QuantizeOps::quantize),
            onnx("QuantizeLinear", 13, "2-3", "1", "axis:i", QuantizeOps::inferQuantize, QuantizeOps::quantize),
            onnx("QuantizeLinear", 19, "2-3", "1", "axis:i saturate:i", QuantizeOps::inferQuantize,
                    QuantizeOps::quantize),
            onnx("QuantizeLinear", 21, "2-3", "1", "axis:i block_size:i output_dtype:i saturate:i",
                    QuantizeOps::inferQuantize, QuantizeOps::quantize),
            onnx("QuantizeLinear", 23, "2-3", "1", "axis:i block_size:i output_dtype:i precision:i saturate:i",
                    QuantizeOps::inferQuantize, QuantizeOps::quantize),
            onnx("DequantizeLinear", 10, "2-3", "1", "", QuantizeOps::inferDequantize, QuantizeOps::dequantize),
            onnx("DequantizeLinear", 13, "2-3", "1", "axis:i", QuantizeOps::inferDequantize, QuantizeOps::dequantize),
            onnx("DequantizeLinear", 21, "2-3", "1", "axis:i block_size:i", QuantizeOps::inferDequantize,
                    QuantizeOps::dequantize),
            onnx("DequantizeLinear", 23, "2-3", "1", "axis:i block_size:i output_dtype:i",
                    QuantizeOps::inferDequantize, QuantizeOps::dequantize),
            onnx("DynamicQuantizeLinear", 11, "1", "3", "", QuantizeOps::inferDynamic, QuantizeOps::dynamic),
            microsoft("QuantizeLinear", "2-3", "1", "axis:i", QuantizeOps::inferQuantize, QuantizeOps::quantize),
            microsoft("DequantizeLinear", "2-3", "1", "axis:i", QuantizeOps::inferDequantize,
                    QuantizeOps::dequantize));

    private QuantizeOps() {}

    /** Which scale belongs to an element: scales are {@code outer x blocks x inner}, an axis has blocks of a size. */
    private record Layout(int size, int inner, int block, int blocks, int scaleInner) {
        static Layout of(RunContext r) {
            Tensor x = r.in(0);
            Tensor scale = r.in(1);
            if (scale.count() == 1 && scale.rank() <= 1 && r.integer("block_size", 0) == 0) {
                return new Layout(1, 1, 1, 1, 0);
            }
            int axis = r.axis(r.integer("axis", 1), x.rank());
            int inner = Shapes.product(x.shape(), axis + 1, x.rank());
            int block = (int) r.integer("block_size", 0);
            return block == 0
                    ? new Layout(x.dim(axis), inner, 1, 0, 0)
                    : new Layout(x.dim(axis), inner, block, scale.dim(axis), inner);
        }

        int at(int i) {
            int position = i / inner % size;
            int outer = blocks == 0 ? 0 : i / inner / size;
            return scaleInner == 0
                    ? size == 1 ? 0 : position
                    : (outer * blocks + position / block) * scaleInner + i % inner;
        }
    }

    private static void inferLayout(InferContext c) {
        Shape x = c.shape(0);
        Shape scale = c.shape(1);
        if (c.has(2) && scale.isKnown() && c.shape(2).isKnown()) {
            c.require(Tensor.count(scale.sizes()) == Tensor.count(c.shape(2).sizes()), "zero point of shape "
                    + c.shape(2) + " must have as many elements as the scale of shape " + scale);
        }
        long block = c.integer("block_size", 0);
        c.require(block >= 0 && block <= Tensor.MAX_ELEMENTS, "block_size = " + block + ": must be 0 or more");
        if (!x.isRanked() || !scale.isRanked()) {
            return;
        }
        boolean single = scale.rank() == 0 || (scale.rank() == 1 && scale.dim(0).equals(Dim.of(1)));
        if (block == 0 && single) {
            return;
        }
        int axis = c.axis(c.integer("axis", 1), x.rank());
        if (block == 0) {
            c.requireCount(1, x.dim(axis), "axis " + axis);
            return;
        }
        c.require(scale.rank() == x.rank(), "scale of shape " + scale + " must have the rank of the input of shape "
                + x);
        for (int d = 0; d < x.rank(); d++) {
            Dim wanted = d != axis ? x.dim(d)
                    : x.dim(d).isKnown() ? Dim.of(Math.ceilDiv(x.dim(d).value(), block)) : Dim.UNKNOWN;
            c.requireSame(scale.dim(d), wanted, "scale of shape " + scale + " does not fit input of shape " + x
                    + " with block_size = " + block);
        }
    }

    private static void inferQuantize(InferContext c) {
        c.requireType(0, F32, F16, BF16, S32);
        c.requireType(1, F32, F16, BF16);
        long declared = c.integer("output_dtype", 0);
        DataType type = c.has(2) ? c.type(2) : declared == 0 ? U8 : OnnxDataTypes.of(declared);
        boolean fits = type != null && type != S32 && (type.isQuantizable() || type == DataType.U2
                || type == DataType.S2 || (type.isFloating() && type.bits() <= 8 && type != DataType.F8E8M0));
        c.require(fits, "quantizes to " + type + ": must be an integer of 2 to 16 bits or a float of 4 or 8 bits");
        c.require(declared == 0 || OnnxDataTypes.of(declared) == type, "output_dtype = " + declared
                + ": must be the zero point's type, " + type);
        inferLayout(c);
        c.output(0, type, c.shape(0));
    }

    private static void quantize(RunContext r) {
        Tensor x = r.in(0);
        Tensor y = r.out();
        float[] scales = scales(r);
        int[] zeroPoints = zeroPoints(r, scales.length);
        Layout layout = Layout.of(r);
        boolean saturate = r.flag("saturate", true);
        int low = y.type().isFloating() ? 0 : lowest(y.type());
        int high = y.type().isFloating() ? 0 : highest(y.type());
        for (int i = 0; i < x.count(); i++) {
            int at = layout.at(i);
            float scaled = (float) x.getDouble(i) / scales[at];
            if (!y.type().isFloating()) {
                long rounded = Float.isNaN(scaled) ? low : (long) Math.rint(Math.clamp((double) scaled, -1e12, 1e12))
                        + zeroPoints[at];
                y.setLong(i, Math.clamp(rounded, low, high));
            } else if (y.type() == DataType.F4E2M1) {
                y.setDouble(i, scaled);
            } else {
                y.setFloat8(i, scaled, saturate);
            }
        }
    }

    private static int lowest(DataType type) {
        return type == DataType.U2 ? 0 : type == DataType.S2 ? -2 : type.min();
    }

    private static int highest(DataType type) {
        return type == DataType.U2 ? 3 : type == DataType.S2 ? 1 : type.max();
    }

    private static float[] scales(RunContext r) {
        float[] scales = new float[r.in(1).count()];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = QuantMath.scale(r, r.in(1), i);
        }
        return scales;
    }

    private static int[] zeroPoints(RunContext r, int n) {
        int[] zeroPoints = new int[n];
        for (int i = 0; r.has(2) && i < n; i++) {
            zeroPoints[i] = (int) r.in(2).getLong(i);
        }
        return zeroPoints;
    }

    private static void inferDequantize(InferContext c) {
        DataType type = c.type(0);
        boolean fits = type.isQuantizable() || type == DataType.U2 || type == DataType.S2
                || (type.isFloating() && type.bits() <= 8 && type != DataType.F8E8M0);
        c.require(fits, "input 0 is of type " + type
                + ": must be an integer of 2 to 32 bits or a float of 4 or 8 bits");
        c.requireType(1, F32, F16, BF16);
        c.requireSameType(0, 2);
        inferLayout(c);
        long declared = c.integer("output_dtype", 0);
        DataType out = declared == 0 ? c.type(1) : OnnxDataTypes.of(declared);
        c.require(out == F32 || out == F16 || out == BF16, "output_dtype = " + declared + ": must be a float type");
        c.output(0, out, c.shape(0));
    }

    private static void dequantize(RunContext r) {
        Tensor x = r.in(0);
        float[] scales = scales(r);
        int[] zeroPoints = zeroPoints(r, scales.length);
        Layout layout = Layout.of(r);
        for (int i = 0; i < x.count(); i++) {
            int at = layout.at(i);
            float difference = x.type().isFloating() ? (float) x.getDouble(i) : (float) (x.getLong(i) - zeroPoints[at]);
            r.out().setDouble(i, difference * scales[at]);
        }
    }

    private static void inferDynamic(InferContext c) {
        c.requireType(0, F32);
        c.output(0, U8, c.shape(0));
        c.output(1, F32, Shape.SCALAR);
        c.output(2, U8, Shape.SCALAR);
    }

    /** Scale and zero point of u8 that cover a tensor and 0. */
    record Dynamic(float scale, int zeroPoint) {
        static Dynamic of(Tensor x) {
            float low = 0;
            float high = 0;
            for (int i = 0; i < x.count(); i++) {
                low = Math.min(low, x.floats()[i]);
                high = Math.max(high, x.floats()[i]);
            }
            float scale = high == low ? 1 : (high - low) / 255;
            return new Dynamic(scale, QuantMath.saturate(-low / scale, 0, U8));
        }
    }

    private static void dynamic(RunContext r) {
        Tensor x = r.in(0);
        Dynamic d = Dynamic.of(x);
        r.require(d.scale > 0 && d.scale < Float.POSITIVE_INFINITY, "the input's range gives scale = " + d.scale
                + ": must be finite and above 0");
        for (int i = 0; i < x.count(); i++) {
            r.out().setLong(i, QuantMath.quantize(x.floats()[i], d.scale, d.zeroPoint, U8));
        }
        if (r.wants(1)) {
            r.out(1).setDouble(0, d.scale);
        }
        if (r.wants(2)) {
            r.out(2).setLong(0, d.zeroPoint);
        }
    }
}
