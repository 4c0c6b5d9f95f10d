// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static io.jquant.DataType.F32;
import static io.jquant.graph.ops.Op.onnx;

import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import java.util.Arrays;
import java.util.List;

/** Softmax, and normalization by mean and variance. */
final class Normalization {
    static final List<Op> OPS = List.of(
            onnx("Softmax", 1, "1", "1", "axis:i", Normalization::inferSoftmax, Widening.of(r -> softmax(r, false))),
            onnx("Softmax", 13, "1", "1", "axis:i", Normalization::inferSoftmax, Widening.of(r -> softmax(r, false))),
            onnx("LogSoftmax", 1, "1", "1", "axis:i", Normalization::inferSoftmax, Widening.of(r -> softmax(r, true))),
            onnx("LogSoftmax", 13, "1", "1", "axis:i", Normalization::inferSoftmax,
                    Widening.of(r -> softmax(r, true))),
            onnx("LayerNormalization", 17, "2-3", "1-3", "axis:i epsilon:f stash_type:i", Normalization::inferLayer,
                    Widening.of(Normalization::layer)),
            onnx("BatchNormalization", 7, "5", "1", "epsilon:f momentum:f spatial:i", Normalization::inferBatch,
                    Widening.of(Normalization::batch)),
            onnx("BatchNormalization", 9, "5", "1", "epsilon:f momentum:f", Normalization::inferBatch,
                    Widening.of(Normalization::batch)),
            onnx("BatchNormalization", 14, "5", "1-3", "epsilon:f momentum:f training_mode:i",
                    Normalization::inferBatch, Widening.of(Normalization::batch)),
            onnx("InstanceNormalization", 6, "3", "1", "epsilon:f", Normalization::inferInstance,
                    Widening.of(Normalization::instance)));

    private Normalization() {}

    private static long softmaxAxis(OpContext c) {
        return c.integer("axis", c.since() < 13 ? 1 : -1);
    }

    private static void inferSoftmax(InferContext c) {
        c.requireFloat(0);
        if (c.shape(0).isRanked()) {
            c.axis(softmaxAxis(c), c.shape(0).rank());
        }
        c.output(0, c.type(0), c.shape(0));
    }

    private static void softmax(RunContext r, boolean logarithm) {
        Tensor x = r.in(0);
        int axis = r.axis(softmaxAxis(r), x.rank());
        // before version 13 all dimensions from the axis on were one
        int n = r.since() < 13 ? Shapes.product(x.shape(), axis, x.rank()) : x.dim(axis);
        int inner = r.since() < 13 ? 1 : Shapes.product(x.shape(), axis + 1, x.rank());
        int rows = n == 0 ? 0 : x.count() / n;
        float[] from = x.floats();
        float[] to = r.out().floats();
        if (inner == 1 && !logarithm) {
            r.floats().softmax(rows, n, from, to);
            return;
        }
        for (int row = 0; row < rows; row++) {
            int base = row / inner * n * inner + row % inner;
            float largest = Float.NEGATIVE_INFINITY;
            for (int k = 0; k < n; k++) {
                largest = Math.max(largest, from[base + k * inner]);
            }
            if (!logarithm) {
                exponentials(from, to, base, inner, n, largest);
                continue;
            }
            double sum = 0;
            for (int k = 0; k < n; k++) {
                sum += Math.exp((double) from[base + k * inner] - largest);
            }
            double log = Math.log(sum);
            for (int k = 0; k < n; k++) {
                double shifted = (double) from[base + k * inner] - largest;
                to[base + k * inner] = (float) (shifted - log);
            }
        }
    }

    private static void exponentials(float[] from, float[] to, int base, int inner, int n, float largest) {
        double sum = 0;
        for (int k = 0; k < n; k++) {
            float power = FloatFunctions.exp(from[base + k * inner] - largest);
            to[base + k * inner] = power;
            sum += power;
        }
        float share = (float) (1 / sum);
        for (int k = 0; k < n; k++) {
            to[base + k * inner] *= share;
        }
    }

    private static void inferLayer(InferContext c) {
        c.requireFloat(0);
        c.requireSameType(0, 1);
        c.requireSameType(0, 2);
        Shape x = c.shape(0);
        c.output(0, c.type(0), x);
        Shape statistics = Shape.UNKNOWN;
        if (x.isRanked()) {
            int axis = c.axis(c.integer("axis", -1), x.rank());
            statistics = x;
            for (int i = axis; i < x.rank(); i++) {
                statistics = statistics.with(i, Dim.of(1));
            }
            Shape normalized = Shape.of(x.dims().subList(axis, x.rank()));
            for (int i = 1; i < c.count(); i++) {
                c.require(!c.has(i) || Shapes.fitsInto(c.shape(i), normalized), "input " + i
                        + " must fit into the normalized shape " + normalized);
            }
        }
        c.output(1, F32, statistics);
        c.output(2, F32, statistics);
    }

    private static void layer(RunContext r) {
        Tensor x = r.in(0);
        int axis = r.axis(r.integer("axis", -1), x.rank());
        int n = Shapes.product(x.shape(), axis, x.rank());
        long[] normalized = Arrays.copyOfRange(x.shape(), axis, x.rank());
        float[] scale = stretched(r.in(1), normalized, 1);
        float[] bias = stretched(r.inOrNull(2), normalized, 0);
        float epsilon = r.real("epsilon", 1e-5f);
        int rows = n == 0 ? 0 : x.count() / n;
        if (!r.wants(1) && !r.wants(2)) {
            r.floats().layerNorm(rows, n, x.floats(), scale, bias, epsilon, r.out().floats());
            return;
        }
        for (int row = 0; row < rows; row++) {
            double[] moments = moments(x.floats(), row * n, n, n, 1);
            double inverse = 1 / Math.sqrt(moments[1] + epsilon);
            for (int k = 0; k < n; k++) {
                r.out().floats()[row * n + k] =
                        (float) ((x.floats()[row * n + k] - moments[0]) * inverse * scale[k] + bias[k]);
            }
            if (r.wants(1)) {
                r.out(1).floats()[row] = (float) moments[0];
            }
            if (r.wants(2)) {
                r.out(2).floats()[row] = (float) inverse;
            }
        }
    }

    private static float[] stretched(Tensor t, long[] shape, float absent) {
        float[] all = new float[Tensor.count(shape)];
        Arrays.fill(all, absent);
        if (t != null) {
            Broadcast.rows(shape, (out, from, step, n) -> {
                for (int k = 0; k < n; k++) {
                    all[out + k] = t.floats()[from[0] + k * step[0]];
                }
            }, t);
        }
        return all;
    }

    /** Mean and variance of blocks of {@code length} elements that are {@code stride} apart. */
    private static double[] moments(float[] x, int start, int length, int stride, int blocks) {
        double sum = 0;
        for (int b = 0; b < blocks; b++) {
            for (int k = 0; k < length; k++) {
                sum += x[start + b * stride + k];
            }
        }
        double count = (double) length * blocks;
        double mean = sum / count;
        double squares = 0;
        for (int b = 0; b < blocks; b++) {
            for (int k = 0; k < length; k++) {
                double distance = x[start + b * stride + k] - mean;
                squares += distance * distance;
            }
        }
        return new double[] {mean, squares / count};
    }

    private static void inferBatch(InferContext c) {
        c.requireFloat(0);
        c.require(c.integer("spatial", 1) == 1, "spatial = 0: must be 1");
        c.require(c.outputs() == 1 || c.flag("training_mode", false), "has " + c.outputs()
                + " outputs: must have 1 unless training_mode is 1");
        c.requireRank(0, 2, 99);
        Shape x = c.shape(0);
        for (int i = 1; i < 5; i++) {
            c.requireFloat(i);
            c.requireCount(i, x.isRanked() ? x.dim(1) : Dim.UNKNOWN, "channels");
        }
        c.output(0, c.type(0), x);
        c.output(1, c.type(3), c.shape(3));
        c.output(2, c.type(4), c.shape(4));
    }

    private static void batch(RunContext r) {
        Tensor x = r.in(0);
        int channels = x.dim(1);
        int size = Shapes.product(x.shape(), 2, x.rank());
        boolean training = r.flag("training_mode", false);
        float epsilon = r.real("epsilon", 1e-5f);
        float momentum = r.real("momentum", 0.9f);
        for (int ch = 0; ch < channels; ch++) {
            double mean = r.in(3).floats()[ch];
            double variance = r.in(4).floats()[ch];
            if (training) {
                double[] moments = moments(x.floats(), ch * size, size, channels * size, x.dim(0));
                updateRunning(r, 1, ch, mean * momentum + moments[0] * (1 - momentum));
                updateRunning(r, 2, ch, variance * momentum + moments[1] * (1 - momentum));
                mean = moments[0];
                variance = moments[1];
            }
            double scale = r.in(1).floats()[ch] / Math.sqrt(variance + epsilon);
            double shift = r.in(2).floats()[ch] - mean * scale;
            for (int image = 0; image < x.dim(0); image++) {
                scale(x, r.out(), (image * channels + ch) * size, size, scale, shift);
            }
        }
    }

    private static void updateRunning(RunContext r, int output, int channel, double value) {
        if (r.wants(output)) {
            r.out(output).floats()[channel] = (float) value;
        }
    }

    private static void scale(Tensor x, Tensor y, int start, int n, double scale, double shift) {
        for (int k = start; k < start + n; k++) {
            y.floats()[k] = (float) (x.floats()[k] * scale + shift);
        }
    }

    private static void inferInstance(InferContext c) {
        c.requireFloat(0);
        c.requireSameType(0, 1);
        c.requireSameType(0, 2);
        c.requireRank(0, 3, 99);
        Dim channels = c.shape(0).isRanked() ? c.shape(0).dim(1) : Dim.UNKNOWN;
        c.requireCount(1, channels, "channels");
        c.requireCount(2, channels, "channels");
        c.output(0, c.type(0), c.shape(0));
    }

    private static void instance(RunContext r) {
        Tensor x = r.in(0);
        int planes = x.dim(0) * x.dim(1);
        int size = planes == 0 ? 0 : x.count() / planes;
        for (int p = 0; p < planes; p++) {
            int ch = p % x.dim(1);
            double[] moments = moments(x.floats(), p * size, size, size, 1);
            double scale = r.in(1).floats()[ch] / Math.sqrt(moments[1] + r.real("epsilon", 1e-5f));
            scale(x, r.out(), p * size, size, scale, r.in(2).floats()[ch] - moments[0] * scale);
        }
    }
}
