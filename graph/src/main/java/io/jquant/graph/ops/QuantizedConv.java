// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static io.jquant.DataType.S32;
import static io.jquant.graph.ops.Op.onnx;

import io.jquant.DataType;
import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import java.util.List;

/** Integer convolutions: direct sums over the part of the window inside the input. */
final class QuantizedConv {
    static final List<Op> OPS = List.of(
            onnx("ConvInteger", 10, "2-4", "1", Convolution.ATTRIBUTES, QuantizedConv::inferInteger,
                    QuantizedConv::integer),
            onnx("QLinearConv", 10, "8-9", "1", Convolution.ATTRIBUTES, QuantizedConv::inferLinear,
                    QuantizedConv::linear));

    private QuantizedConv() {}

    private static void inferInteger(InferContext c) {
        QuantMath.require8Bit(c, 0);
        QuantMath.require8Bit(c, 1);
        c.requireSameType(0, 2);
        c.requireSameType(1, 3);
        c.requireScalar(2);
        QuantMath.requireScalarOr(c, 3, outChannels(c, 1), "output channels");
        c.output(0, S32, Convolution.shape(c, 0, 1));
    }

    private static Dim outChannels(InferContext c, int weights) {
        return c.shape(weights).rank() > 0 ? c.shape(weights).dim(0) : Dim.UNKNOWN;
    }

    private static void integer(RunContext r) {
        sums(r, r.in(0), r.inOrNull(2), r.in(1), r.inOrNull(3), (out, channel, sum) -> r.out().ints()[out] = sum);
    }

    private static void inferLinear(InferContext c) {
        QuantMath.requireParameters(c, 0, 1, 2);
        QuantMath.require8Bit(c, 3);
        c.requireSameType(3, 5);
        QuantMath.requireScalarOr(c, 4, outChannels(c, 3), "output channels");
        QuantMath.requireScalarOr(c, 5, outChannels(c, 3), "output channels");
        DataType type = QuantMath.requireOutput(c, 6, 7);
        c.requireType(8, S32);
        Shape shape = Convolution.shape(c, 0, 3);
        c.requireCount(8, shape.isRanked() ? shape.dim(1) : Dim.UNKNOWN, "output channels");
        c.output(0, type, shape);
    }

    private static void linear(RunContext r) {
        float scale = QuantMath.scale(r, 6);
        int zeroPoint = QuantMath.zeroPoint(r, 7);
        float[] factors = new float[r.in(3).dim(0)];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = QuantMath.scale(r, 1) * QuantMath.scale(r, r.in(4), QuantMath.pick(r.in(4), i)) / scale;
        }
        sums(r, r.in(0), r.in(2), r.in(3), r.in(5), (out, channel, sum) -> {
            int whole = r.has(8) ? sum + r.in(8).ints()[channel] : sum;
            r.out().setLong(out, QuantMath.saturate(whole * factors[channel], zeroPoint, r.out().type()));
        });
    }

    /** Gets each exact sum: where it belongs and its output channel. */
    @FunctionalInterface
    private interface Sink {
        void put(int out, int channel, int sum);
    }

    private static void sums(RunContext r, Tensor x, Tensor xZeroPoint, Tensor w, Tensor wZeroPoint, Sink sink) {
        Window g = Convolution.window(r, x, w);
        int groups = (int) Convolution.group(r);
        int outChannels = w.dim(0);
        int depth = w.dim(1);
        int[] input = new int[x.count()];
        for (int i = 0; i < input.length; i++) {
            input[i] = (int) (x.getLong(i) - (xZeroPoint == null ? 0 : xZeroPoint.getLong(0)));
        }
        int perChannel = depth * g.kernelSize();
        int[] weights = new int[w.count()];
        for (int i = 0; i < weights.length; i++) {
            int zeroPoint = wZeroPoint == null ? 0
                    : (int) wZeroPoint.getLong(QuantMath.pick(wZeroPoint, i / perChannel));
            weights[i] = (int) w.getLong(i) - zeroPoint;
        }
        Pooling.forEachWindow(g, x.dim(0) * outChannels, (plane, out, start, first, end) -> {
            int channel = plane % outChannels;
            int firstInput = (plane / outChannels * groups + channel / (outChannels / groups)) * depth;
            int sum = 0;
            for (int ic = 0; ic < depth; ic++) {
                for (int d = first[0]; d < end[0]; d++) {
                    for (int h = first[1]; h < end[1]; h++) {
                        int line = (((firstInput + ic) * g.in()[0] + start[0] + d * g.dilation()[0]) * g.in()[1]
                                + start[1] + h * g.dilation()[1]) * g.in()[2] + start[2];
                        int row = ((channel * depth + ic) * g.kernel()[0] + d) * g.kernel()[1] + h;
                        for (int v = first[2]; v < end[2]; v++) {
                            sum += input[line + v * g.dilation()[2]] * weights[row * g.kernel()[2] + v];
                        }
                    }
                }
            }
            sink.put(out, channel, sum);
        });
    }
}
