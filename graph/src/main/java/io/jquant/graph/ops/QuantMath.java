// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static io.jquant.DataType.BF16;
import static io.jquant.DataType.F16;
import static io.jquant.DataType.F32;
import static io.jquant.DataType.S8;
import static io.jquant.DataType.U8;

import io.jquant.DataType;
import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;

/** Scale and zero point: how ONNX's quantized operators read and write numbers, in binary32. */
final class QuantMath {
    private QuantMath() {}

    /** {@code saturate(round(x / scale) + zeroPoint)}, ties to even; NaN becomes the smallest value. */
    static int quantize(float x, float scale, int zeroPoint, DataType type) {
        return saturate(x / scale, zeroPoint, type);
    }

    /** {@code saturate(round(x) + zeroPoint)}. */
    static int saturate(float x, int zeroPoint, DataType type) {
        if (Float.isNaN(x)) {
            return type.min();
        }
        // the long cast saturates and leaves room for the zero point
        long rounded = (long) Math.rint(Math.clamp((double) x, -0x1p40, 0x1p40));
        return Math.clamp(rounded + zeroPoint, type.min(), type.max());
    }

    /** An input that holds one scale, checked. */
    static float scale(RunContext r, int i) {
        return scale(r, r.in(i), 0);
    }

    static float scale(RunContext r, Tensor scales, int at) {
        float scale = (float) scales.getDouble(at);
        r.require(scale > 0 && scale < Float.POSITIVE_INFINITY, "scale = " + scale
                + ": must be finite and above 0");
        return scale;
    }

    /** An input that holds one zero point; 0 if it is left out. */
    static int zeroPoint(RunContext r, int i) {
        return r.has(i) && r.in(i).count() > 0 ? (int) r.in(i).getLong(0) : 0;
    }

    static void requireScale(InferContext c, int i) {
        c.requireType(i, F32, F16, BF16);
        c.requireScalar(i);
    }

    static void require8Bit(InferContext c, int i) {
        c.requireType(i, U8, S8);
    }

    /** A scale and zero point per tensor, the zero point of the type of the quantized input {@code of}. */
    static void requireParameters(InferContext c, int of, int scale, int zeroPoint) {
        require8Bit(c, of);
        requireScale(c, scale);
        c.requireSameType(of, zeroPoint);
        c.requireScalar(zeroPoint);
    }

    /** A scale and zero point per tensor of an output, whose type the zero point gives (u8 if it is left out). */
    static DataType requireOutput(InferContext c, int scale, int zeroPoint) {
        requireScale(c, scale);
        c.requireScalar(zeroPoint);
        if (!c.has(zeroPoint)) {
            return U8;
        }
        require8Bit(c, zeroPoint);
        return c.type(zeroPoint);
    }

    /** One element, or one for each of a dimension. */
    static void requireScalarOr(InferContext c, int i, Dim size, String meaning) {
        if (!c.has(i) || !c.shape(i).isKnown()) {
            return;
        }
        Shape shape = c.shape(i);
        long count = Tensor.count(shape.sizes());
        c.require(count == 1 || !size.isKnown() || count == size.value(), "input " + i + " has shape " + shape
                + ": must have one element, or one for each of the " + size + " " + meaning);
    }

    /** Element {@code i} of a tensor that has one element or one for each index. */
    static int pick(Tensor t, int i) {
        return t.count() == 1 ? 0 : i;
    }

    static float dequantize(long q, int zeroPoint, float scale) {
        return (float) (q - zeroPoint) * scale;
    }
}
