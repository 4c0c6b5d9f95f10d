// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static io.jquant.DataType.S32;
import static io.jquant.graph.ops.Op.onnx;

import io.jquant.graph.Attribute;
import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;

/** LSTM and GRU over whole sequences. */
final class Recurrent {
    private static final String LSTM =
            "activation_alpha:F activation_beta:F activations:S clip:f direction:s hidden_size:i input_forget:i";
    private static final String GRU =
            "activation_alpha:F activation_beta:F activations:S clip:f direction:s hidden_size:i linear_before_reset:i";
    static final List<Op> OPS = List.of(
            onnx("LSTM", 7, "3-8", "0-3", LSTM, c -> infer(c, 4), Widening.of(r -> run(r, true))),
            onnx("LSTM", 14, "3-8", "0-3", LSTM + " layout:i", c -> infer(c, 4), Widening.of(r -> run(r, true))),
            onnx("GRU", 7, "3-6", "0-2", GRU, c -> infer(c, 3), Widening.of(r -> run(r, false))),
            onnx("GRU", 14, "3-6", "0-2", GRU + " layout:i", c -> infer(c, 3), Widening.of(r -> run(r, false))));

    private Recurrent() {}

    private static int directions(OpContext c) {
        String direction = c.text("direction", "forward");
        return switch (direction) {
            case "forward", "reverse" -> 1;
            case "bidirectional" -> 2;
            default -> throw c.fail("direction = " + direction + ": must be forward, reverse or bidirectional");
        };
    }

    private static void infer(InferContext c, int gates) {
        c.requireFloat(0);
        for (int i = 1; i < c.count(); i++) {
            if (i == 4) {
                c.requireType(4, S32);
            } else {
                c.requireSameType(0, i);
            }
        }
        activations(c, directions(c), gates == 4 ? 3 : 2);
        Dim directions = Dim.of(directions(c));
        boolean batchFirst = c.integer("layout", 0) != 0;
        c.requireRank(0, 3, 3);
        Shape x = c.shape(0).isRanked() ? c.shape(0) : Shape.ofRank(3);
        c.requireRank(2, 3, 3);
        Dim hidden = c.shape(2).isRanked() ? c.shape(2).dim(2) : Dim.UNKNOWN;
        long declared = c.integer("hidden_size", -1);
        c.require(declared < 0 || !hidden.isKnown() || hidden.value() == declared, "hidden_size = " + declared
                + ": must be " + hidden + " as the recurrent weights are");
        Dim sequence = x.dim(batchFirst ? 1 : 0);
        Dim batch = x.dim(batchFirst ? 0 : 1);
        Dim all = hidden.isKnown() && hidden.value() <= 1 << 24 ? Dim.of(gates * hidden.value()) : Dim.UNKNOWN;
        Dim twice = all.isKnown() ? Dim.of(2 * all.value()) : Dim.UNKNOWN;
        Dim peepholes = all.isKnown() ? Dim.of(3 * hidden.value()) : Dim.UNKNOWN;
        requireShape(c, 1, directions, all, x.dim(2));
        requireShape(c, 2, directions, all, hidden);
        requireShape(c, 3, directions, twice);
        c.requireCount(4, batch, "sequences");
        Dim[] state = batchFirst ? new Dim[] {batch, directions, hidden} : new Dim[] {directions, batch, hidden};
        requireShape(c, 5, state);
        if (gates == 4) {
            requireShape(c, 6, state);
            requireShape(c, 7, directions, peepholes);
        }
        c.output(0, c.type(0), Shape.of(batchFirst
                ? List.of(batch, sequence, directions, hidden)
                : List.of(sequence, directions, batch, hidden)));
        c.output(1, c.type(0), Shape.of(List.of(state)));
        c.output(2, c.type(0), Shape.of(List.of(state)));
    }

    private static void requireShape(InferContext c, int i, Dim... dims) {
        if (!c.has(i)) {
            return;
        }
        c.requireRank(i, dims.length, dims.length);
        for (int d = 0; d < dims.length && c.shape(i).isRanked(); d++) {
            c.requireSame(c.shape(i).dim(d), dims[d], "input " + i + " has shape " + c.shape(i) + ": must have "
                    + Arrays.toString(dims));
        }
    }

    /** The activations of each direction, one after the other. */
    private static DoubleUnaryOperator[] activations(OpContext c, int directions, int each) {
        Attribute.Texts names = c.node().attribute("activations", Attribute.Texts.class);
        List<String> standard = each == 3 ? List.of("Sigmoid", "Tanh", "Tanh") : List.of("Sigmoid", "Tanh");
        DoubleUnaryOperator[] all = new DoubleUnaryOperator[directions * each];
        c.require(names == null || names.values().size() == all.length, "activations must be " + all.length);
        for (int i = 0; i < all.length; i++) {
            String name = names == null ? standard.get(i % each) : names.values().get(i);
            all[i] = switch (name) {
                case "Sigmoid" -> SpecialFunctions::sigmoid;
                case "Tanh" -> Math::tanh;
                case "Relu" -> x -> Math.max(x, 0);
                case "Softsign" -> x -> x / (1 + Math.abs(x));
                case "Softplus" -> x -> Math.log1p(Math.exp(x));
                default -> throw c.fail("activation " + name
                        + ": must be Sigmoid, Tanh, Relu, Softsign or Softplus");
            };
        }
        return all;
    }

    /** One direction of one run. */
    // never compared or handed out
    @SuppressWarnings("ArrayRecordComponent")
    private record Layer(RunContext r, int direction, int length, int batch, int width, int hidden, int gates,
            DoubleUnaryOperator[] f, float clip, float[] state, float[] cell) {
        float[] part(int input) {
            return r.in(input).floats();
        }

        double clipped(double x) {
            return clip > 0 ? Math.max(-clip, Math.min(clip, x)) : x;
        }

        /** Where the bias of a gate lies: input biases, then recurrent ones. */
        double bias(boolean recurrent, int gate, int j) {
            int from = direction * 2 * gates * hidden + (recurrent ? gates * hidden : 0);
            return r.has(3) ? part(3)[from + gate * hidden + j] : 0;
        }

        double peephole(int which, int j) {
            return r.has(7) ? part(7)[(direction * 3 + which) * hidden + j] : 0;
        }
    }

    private static void run(RunContext r, boolean lstm) {
        run(r, lstm, UnaryOperator.identity());
    }

    /**
     * Runs a layer.
     *
     * @param r its tensors
     * @param lstm whether it is an LSTM, else a GRU
     * @param seen what a step sees of the state before it
     */
    static void run(RunContext r, boolean lstm, UnaryOperator<float[]> seen) {
        Tensor x = r.in(0);
        boolean batchFirst = r.integer("layout", 0) != 0;
        int length = x.dim(batchFirst ? 1 : 0);
        int batch = x.dim(batchFirst ? 0 : 1);
        int width = x.dim(2);
        int hidden = r.in(2).dim(2);
        int directions = directions(r);
        int[] lengths = lengths(r, length, batch);
        float[] input = batchFirst ? swapped(x.floats(), batch, length, width) : x.floats();
        float[] y = new float[length * directions * batch * hidden];
        float[] lastH = new float[directions * batch * hidden];
        float[] lastC = new float[directions * batch * hidden];
        int each = lstm ? 3 : 2;
        DoubleUnaryOperator[] f = activations(r, directions, each);
        for (int d = 0; d < directions; d++) {
            float[] h = initial(r, 5, d, directions, batch, hidden, batchFirst);
            float[] c = initial(r, lstm ? 6 : -1, d, directions, batch, hidden, batchFirst);
            Layer layer = new Layer(r, d, length, batch, width, hidden, lstm ? 4 : 3,
                    Arrays.copyOfRange(f, d * each, (d + 1) * each), r.real("clip", 0), h, c);
            boolean reverse = d == 1 || r.text("direction", "forward").equals("reverse");
            runDirection(layer, input, lengths, reverse, directions, y, seen);
            System.arraycopy(h, 0, lastH, d * batch * hidden, batch * hidden);
            System.arraycopy(c, 0, lastC, d * batch * hidden, batch * hidden);
        }
        write(r, 0, batchFirst ? swapped(y, length * directions, batch, hidden) : y);
        write(r, 1, batchFirst ? swapped(lastH, directions, batch, hidden) : lastH);
        write(r, 2, batchFirst ? swapped(lastC, directions, batch, hidden) : lastC);
    }

    private static void write(RunContext r, int output, float[] values) {
        if (r.wants(output)) {
            System.arraycopy(values, 0, r.out(output).floats(), 0, values.length);
        }
    }

    private static int[] lengths(RunContext r, int length, int batch) {
        int[] lengths = new int[batch];
        for (int b = 0; b < batch; b++) {
            lengths[b] = r.has(4) ? r.in(4).ints()[b] : length;
            r.require(lengths[b] >= 0 && lengths[b] <= length, "sequence_lens[" + b + "] = " + lengths[b]
                    + ": must be from 0 to " + length);
        }
        return lengths;
    }

    private static float[] initial(RunContext r, int input, int d, int directions, int batch, int hidden,
            boolean batchFirst) {
        if (input < 0 || !r.has(input)) {
            return new float[batch * hidden];
        }
        float[] given = r.in(input).floats();
        float[] all = batchFirst ? swapped(given, batch, directions, hidden) : given;
        return Arrays.copyOfRange(all, d * batch * hidden, (d + 1) * batch * hidden);
    }

    /** From [a][b][n] to [b][a][n]. */
    private static float[] swapped(float[] x, int a, int b, int n) {
        float[] y = new float[a * b * n];
        for (int i = 0; i < a; i++) {
            for (int j = 0; j < b; j++) {
                System.arraycopy(x, (i * b + j) * n, y, (j * a + i) * n, n);
            }
        }
        return y;
    }

    private static void runDirection(Layer l, float[] input, int[] lengths, boolean reverse, int directions,
            float[] y, UnaryOperator<float[]> seen) {
        int all = l.gates * l.hidden;
        float[] projected = new float[l.length * l.batch * all];
        l.r.floats().multiply(l.length * l.batch, all, l.width, input, 0, l.part(1), l.direction * all * l.width, true,
                projected, 0);
        int recurrentStart = l.direction * all * l.hidden;
        float[] recurrent = FloatProduct.transposed(
                Arrays.copyOfRange(l.part(2), recurrentStart, recurrentStart + all * l.hidden), all, l.hidden);
        float[] sums = new float[l.batch * all];
        for (int s = 0; s < l.length; s++) {
            Arrays.fill(sums, 0);
            l.r.floats().multiply(l.batch, all, l.hidden, seen.apply(l.state), 0, recurrent, 0, false, sums, 0);
            for (int b = 0; b < l.batch; b++) {
                if (s >= lengths[b]) {
                    continue;
                }
                int t = reverse ? lengths[b] - 1 - s : s;
                int at = (t * l.batch + b) * all;
                if (l.gates == 4) {
                    stepLstm(l, projected, at, sums, b);
                } else {
                    stepGru(l, projected, at, sums, b, recurrent);
                }
                System.arraycopy(l.state, b * l.hidden, y, ((t * directions + l.direction) * l.batch + b) * l.hidden,
                        l.hidden);
            }
        }
    }

    private static void stepLstm(Layer l, float[] x, int at, float[] sums, int b) {
        int n = l.hidden;
        boolean coupled = l.r.flag("input_forget", false);
        for (int j = 0; j < n; j++) {
            double[] gate = new double[4];
            for (int g = 0; g < 4; g++) {
                gate[g] = x[at + g * n + j] + sums[b * 4 * n + g * n + j] + l.bias(false, g, j) + l.bias(true, g, j);
            }
            double before = l.cell[b * n + j];
            double i = l.f[0].applyAsDouble(l.clipped(gate[0] + l.peephole(0, j) * before));
            double forget = coupled ? 1 - i : l.f[0].applyAsDouble(l.clipped(gate[2] + l.peephole(2, j) * before));
            double cell = forget * before + i * l.f[1].applyAsDouble(l.clipped(gate[3]));
            double o = l.f[0].applyAsDouble(l.clipped(gate[1] + l.peephole(1, j) * cell));
            l.cell[b * n + j] = (float) cell;
            l.state[b * n + j] = (float) (o * l.f[2].applyAsDouble(cell));
        }
    }

    private static void stepGru(Layer l, float[] x, int at, float[] sums, int b, float[] recurrent) {
        int n = l.hidden;
        boolean linear = l.r.flag("linear_before_reset", false);
        double[] reset = new double[n];
        float[] state = Arrays.copyOfRange(l.state, b * n, (b + 1) * n);
        float[] damped = new float[n];
        for (int j = 0; j < n; j++) {
            reset[j] = l.f[0].applyAsDouble(l.clipped(x[at + n + j] + sums[b * 3 * n + n + j] + l.bias(false, 1, j)
                    + l.bias(true, 1, j)));
            damped[j] = (float) (reset[j] * state[j]);
        }
        for (int j = 0; j < n; j++) {
            double z = l.f[0].applyAsDouble(l.clipped(x[at + j] + sums[b * 3 * n + j] + l.bias(false, 0, j)
                    + l.bias(true, 0, j)));
            double inner;
            if (linear) {
                inner = reset[j] * (sums[b * 3 * n + 2 * n + j] + l.bias(true, 2, j));
            } else {
                inner = l.bias(true, 2, j);
                for (int k = 0; k < n; k++) {
                    inner += damped[k] * recurrent[k * 3 * n + 2 * n + j];
                }
            }
            double candidate = l.f[1].applyAsDouble(l.clipped(x[at + 2 * n + j] + inner + l.bias(false, 2, j)));
            l.state[b * n + j] = (float) ((1 - z) * candidate + z * state[j]);
        }
    }
}
