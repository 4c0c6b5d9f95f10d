// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static io.jquant.graph.ops.Op.onnx;

import io.jquant.DataType;
import io.jquant.graph.OnnxDataTypes;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import java.util.List;

/** Conversions between element types. */
final class Casting {
    static final List<Op> OPS = List.of(
            onnx("Cast", 6, "1", "1", "to:i!", Casting::inferCast, Casting::cast),
            onnx("Cast", 19, "1", "1", "saturate:i to:i!", Casting::inferCast, Casting::cast),
            onnx("Cast", 24, "1", "1", "round_mode:s saturate:i to:i!", Casting::inferCast, Casting::cast),
            onnx("CastLike", 15, "2", "1", "", Casting::inferCastLike, Casting::cast),
            onnx("CastLike", 19, "2", "1", "saturate:i", Casting::inferCastLike, Casting::cast),
            onnx("CastLike", 24, "2", "1", "round_mode:s saturate:i", Casting::inferCastLike, Casting::cast));

    private Casting() {}

    private static void inferCast(InferContext c) {
        DataType to = OnnxDataTypes.of(c.integer("to", 0));
        c.require(to != null, "to = " + c.integer("to", 0) + ": must be the number of a numeric type");
        infer(c, to);
    }

    private static void inferCastLike(InferContext c) {
        infer(c, c.type(1));
    }

    private static void infer(InferContext c, DataType to) {
        Shape shape = c.shape(0);
        boolean integer = to == DataType.S64 || to == DataType.S32;
        List<Known.Extent> extents = integer && shape.isRanked() && shape.rank() <= 1 ? c.extents(0) : null;
        if (extents == null) {
            c.output(0, to, shape);
        } else {
            c.output(to, shape, extents);
        }
    }

    private static void cast(RunContext r) {
        Tensor x = r.in(0);
        Tensor y = r.out();
        boolean saturate = r.flag("saturate", true);
        if (x.type() == DataType.S8 && y.type() == DataType.F32) {
            widen(x.bytes(), y.floats(), x.count());
            return;
        }
        for (int i = 0; i < x.count(); i++) {
            switch (y.type()) {
                case F8E4M3FN, F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ -> y.setFloat8(i, (float) x.getDouble(i), saturate);
                case F8E8M0 -> y.bytes()[i] = (byte) exponent(r, (float) x.getDouble(i), saturate);
                default -> element(x, y, i);
            }
        }
    }

    /** The bytes of a quantized table, which C2 vectorises. */
    private static void widen(byte[] from, float[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = from[i];
        }
    }

    private static void element(Tensor x, Tensor y, int i) {
        if (x.type().isFloating()) {
            y.setDouble(i, x.getDouble(i));
        } else if (y.type().isFloating()) {
            y.setDouble(i, x.type() == DataType.U64 ? x.getDouble(i) : x.getLong(i));
        } else {
            y.setLong(i, x.getLong(i));
        }
    }

    /** The code of a power of two next to a number: its biased exponent. */
    private static int exponent(RunContext r, float value, boolean saturate) {
        String mode = r.text("round_mode", "up");
        r.require(List.of("up", "down", "nearest").contains(mode), "round_mode = " + mode
                + ": must be up, down or nearest");
        int bits = Float.floatToRawIntBits(value);
        int exponent = bits >>> 23 & 0xff;
        int mantissa = bits & 0x7fffff;
        if (exponent == 0xff) {
            return mantissa != 0 || !saturate ? 0xff : 0xfe;
        }
        boolean up = switch (mode) {
            case "up" -> mantissa != 0;
            case "nearest" -> mantissa >= 0x400000;
            default -> false;
        };
        int rounded = exponent + (up && (exponent > 0 || mantissa > 0x400000) ? 1 : 0);
        return rounded == 0xff ? (saturate ? 0xfe : 0xff) : rounded;
    }
}
