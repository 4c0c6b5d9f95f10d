// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static io.jquant.DataType.F32;
import static io.jquant.DataType.U8;
import static io.jquant.graph.ops.Op.microsoft;

import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import java.util.List;

/**
 * DynamicQuantizeLSTM of domain com.microsoft: an LSTM on 8-bit weights, its input quantized as a whole, its state at
 * every step. Weights are {@code [directions][features][gates * hidden]}, transposed against LSTM's.
 */
final class MicrosoftRecurrent {
    private static final Op LSTM = Recurrent.OPS.get(1);
    /** The inputs that LSTM has as well. */
    private static final int SHARED_INPUTS = 8;
    static final List<Op> OPS = List.of(microsoft("DynamicQuantizeLSTM", "3-12", "0-3",
            "activation_alpha:F activation_beta:F activations:S clip:f direction:s hidden_size:i input_forget:i",
            MicrosoftRecurrent::infer, MicrosoftRecurrent::run));

    private MicrosoftRecurrent() {}

    private static void infer(InferContext c) {
        c.requireType(0, F32);
        Known[] inputs = new Known[SHARED_INPUTS];
        for (int i = 0; i < SHARED_INPUTS; i++) {
            inputs[i] = c.has(i) ? c.known(i) : null;
        }
        for (int weight = 1; weight <= 2; weight++) {
            QuantMath.require8Bit(c, weight);
            int scale = 6 + 2 * weight;
            c.requireType(scale, F32);
            c.requireSameType(weight, scale + 1);
            c.requireRank(weight, 3, 3);
            Shape shape = c.shape(weight).isRanked() ? c.shape(weight) : Shape.ofRank(3);
            checkScale(c, scale, shape);
            inputs[weight] = Known.of(F32, Shape.of(List.of(shape.dim(0), shape.dim(2), shape.dim(1))));
        }
        Known[] made = new InferContext(c.node(), LSTM, inputs).infer();
        for (int i = 0; i < made.length; i++) {
            if (made[i] != null) {
                c.output(i, made[i].type(), made[i].shape());
            }
        }
    }

    /** A scale for each direction, or for each column of each direction. */
    private static void checkScale(InferContext c, int scale, Shape weight) {
        int rank = c.requireRank(scale, 1, 2);
        for (int d = 0; d < rank; d++) {
            Dim wanted = weight.dim(2 * d);
            c.requireSame(c.shape(scale).dim(d), wanted, "input " + scale + " has shape " + c.shape(scale)
                    + ": must have the directions, and columns, of a weight of shape " + weight);
        }
    }

    private static void run(RunContext r) {
        Tensor[] inputs = new Tensor[SHARED_INPUTS];
        for (int i = 0; i < SHARED_INPUTS; i++) {
            inputs[i] = r.inOrNull(i);
        }
        inputs[0] = roundTrip(r, r.in(0));
        inputs[1] = dequantized(r, 1, 8);
        inputs[2] = dequantized(r, 2, 10);
        Recurrent.run(r.with(inputs, outputs(r)), true, state -> roundTrip(r, state));
    }

    private static Tensor[] outputs(RunContext r) {
        Tensor[] outputs = new Tensor[r.outputs()];
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = r.out(i);
        }
        return outputs;
    }

    private static Tensor roundTrip(RunContext r, Tensor x) {
        return Tensor.of(roundTrip(r, x.toFloats()), x.shape());
    }

    /** What is left of real numbers that are quantized as they come. */
    private static float[] roundTrip(RunContext r, float[] x) {
        QuantizeOps.Dynamic d = QuantizeOps.Dynamic.of(Tensor.of(x, x.length));
        r.require(d.scale() > 0 && d.scale() < Float.POSITIVE_INFINITY, "the input's range gives scale = "
                + d.scale() + ": must be finite and above 0");
        float[] rounded = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            rounded[i] = QuantMath.dequantize(QuantMath.quantize(x[i], d.scale(), d.zeroPoint(), U8),
                    d.zeroPoint(), d.scale());
        }
        return rounded;
    }

    /** Weights as LSTM has them, real and with gates in rows. */
    private static Tensor dequantized(RunContext r, int weight, int scale) {
        Tensor w = r.in(weight);
        int features = w.dim(1);
        int columns = w.dim(2);
        float[] real = new float[w.count()];
        for (int i = 0; i < real.length; i++) {
            int direction = i / columns / features;
            int column = i % columns;
            int parameter = r.in(scale).rank() == 1 ? direction : direction * columns + column;
            int zeroPoint = r.has(scale + 1) ? (int) r.in(scale + 1).getLong(
                    Math.min(parameter, r.in(scale + 1).count() - 1)) : 0;
            int row = (direction * columns + column) * features + i / columns % features;
            real[row] = QuantMath.dequantize(w.getLong(i), zeroPoint, r.in(scale).floats()[parameter]);
        }
        return Tensor.of(real, w.dim(0), columns, features);
    }
}
