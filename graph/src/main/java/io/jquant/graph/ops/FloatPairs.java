// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import io.jquant.DataType;
import io.jquant.graph.Tensor;
import java.util.Arrays;

/** Sums, differences, products and quotients of floats, in loops that C2 vectorises. */
final class FloatPairs {
    /** One row of an operator; an input advances by 1, or by 0 where it is one number for the whole row. */
    @FunctionalInterface
    interface Row {
        void row(float[] a, int i, int aStep, float[] b, int j, int bStep, float[] y, int out, int n);
    }

    private FloatPairs() {}

    static boolean fits(Tensor a, Tensor b, Tensor y) {
        return y.type() == DataType.F32 && a.type() == DataType.F32 && b.type() == DataType.F32;
    }

    static void combine(Tensor a, Tensor b, Tensor y, Row operator) {
        float[] left = a.floats();
        float[] right = b.floats();
        float[] result = y.floats();
        int n = y.count();
        if (Arrays.equals(a.shape(), b.shape())) {
            operator.row(left, 0, 1, right, 0, 1, result, 0, n);
        } else if (a.count() == n && b.count() == 1) {
            operator.row(left, 0, 1, right, 0, 0, result, 0, n);
        } else {
            Broadcast.rows(y.shape(), (out, from, step, count) ->
                    operator.row(left, from[0], step[0], right, from[1], step[1], result, out, count), a, b);
        }
    }

    static void add(float[] a, int i, int aStep, float[] b, int j, int bStep, float[] y, int out, int n) {
        if (aStep == 1 && bStep == 1) {
            for (int k = 0; k < n; k++) {
                y[out + k] = a[i + k] + b[j + k];
            }
        } else if (aStep == 1) {
            float right = b[j];
            for (int k = 0; k < n; k++) {
                y[out + k] = a[i + k] + right;
            }
        } else {
            float left = a[i];
            for (int k = 0; k < n; k++) {
                y[out + k] = left + b[j + k * bStep];
            }
        }
    }

    static void subtract(float[] a, int i, int aStep, float[] b, int j, int bStep, float[] y, int out, int n) {
        if (aStep == 1 && bStep == 1) {
            for (int k = 0; k < n; k++) {
                y[out + k] = a[i + k] - b[j + k];
            }
        } else if (aStep == 1) {
            float right = b[j];
            for (int k = 0; k < n; k++) {
                y[out + k] = a[i + k] - right;
            }
        } else {
            float left = a[i];
            for (int k = 0; k < n; k++) {
                y[out + k] = left - b[j + k * bStep];
            }
        }
    }

    static void multiply(float[] a, int i, int aStep, float[] b, int j, int bStep, float[] y, int out, int n) {
        if (aStep == 1 && bStep == 1) {
            for (int k = 0; k < n; k++) {
                y[out + k] = a[i + k] * b[j + k];
            }
        } else if (aStep == 1) {
            float right = b[j];
            for (int k = 0; k < n; k++) {
                y[out + k] = a[i + k] * right;
            }
        } else {
            float left = a[i];
            for (int k = 0; k < n; k++) {
                y[out + k] = left * b[j + k * bStep];
            }
        }
    }

    static void divide(float[] a, int i, int aStep, float[] b, int j, int bStep, float[] y, int out, int n) {
        if (aStep == 1 && bStep == 1) {
            for (int k = 0; k < n; k++) {
                y[out + k] = a[i + k] / b[j + k];
            }
        } else if (aStep == 1) {
            float right = b[j];
            for (int k = 0; k < n; k++) {
                y[out + k] = a[i + k] / right;
            }
        } else {
            float left = a[i];
            for (int k = 0; k < n; k++) {
                y[out + k] = left / b[j + k * bStep];
            }
        }
    }
}
