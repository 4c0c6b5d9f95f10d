// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import io.jquant.spi.FloatKernels;

/** Loops in plain Java: the definition that an engine's kernels are compared with, and what runs where it has none. */
public final class PlainFloats implements FloatKernels {
    /** The only one: it has no state. */
    public static final FloatKernels INSTANCE = new PlainFloats();

    private static final float ROOT_OF_HALF = 0.70710677f;

    private PlainFloats() {}

    @Override
    public void multiply(int m, int n, int k, float[] a, int aAt, float[] b, int bAt, boolean transposed, float[] c,
            int cAt) {
        FloatProduct.multiply(a, aAt, b, bAt, transposed, c, cAt, m, n, k);
    }

    @Override
    public void apply(Function function, int n, float[] x, int xAt, float[] y, int yAt) {
        for (int i = 0; i < n; i++) {
            float value = x[xAt + i];
            y[yAt + i] = switch (function) {
                case SIGMOID -> FloatFunctions.sigmoid(value);
                case TANH -> FloatFunctions.tanh(value);
                case ERF -> FloatFunctions.erf(value);
                case GELU -> 0.5f * value * (1 + FloatFunctions.erf(value * ROOT_OF_HALF));
                case EXP -> FloatFunctions.exp(value);
            };
        }
    }

    @Override
    public void softmax(int rows, int n, float[] x, float[] y) {
        for (int row = 0; row < rows; row++) {
            int at = row * n;
            float largest = Float.NEGATIVE_INFINITY;
            for (int k = 0; k < n; k++) {
                largest = Math.max(largest, x[at + k]);
            }
            double sum = 0;
            for (int k = 0; k < n; k++) {
                float power = FloatFunctions.exp(x[at + k] - largest);
                y[at + k] = power;
                sum += power;
            }
            float share = (float) (1 / sum);
            for (int k = 0; k < n; k++) {
                y[at + k] *= share;
            }
        }
    }

    @Override
    public void layerNorm(int rows, int n, float[] x, float[] scale, float[] bias, float epsilon, float[] y) {
        for (int row = 0; row < rows; row++) {
            int at = row * n;
            double sum = 0;
            for (int k = 0; k < n; k++) {
                sum += x[at + k];
            }
            double mean = sum / n;
            double squares = 0;
            for (int k = 0; k < n; k++) {
                double distance = x[at + k] - mean;
                squares += distance * distance;
            }
            double inverse = 1 / Math.sqrt(squares / n + epsilon);
            for (int k = 0; k < n; k++) {
                y[at + k] = (float) ((x[at + k] - mean) * inverse * scale[k] + bias[k]);
            }
        }
    }

    @Override
    public void lstm(int n, float[] x, int xAt, float[] h, int hAt, float[] memory, int memoryAt, float[] state,
            int stateAt) {
        for (int i = 0; i < n; i++) {
            float in = FloatFunctions.sigmoid(h[hAt + i] + x[xAt + i]);
            float forget = FloatFunctions.sigmoid(h[hAt + n + i] + x[xAt + n + i]);
            float candidate = FloatFunctions.tanh(h[hAt + 2 * n + i] + x[xAt + 2 * n + i]);
            float out = FloatFunctions.sigmoid(h[hAt + 3 * n + i] + x[xAt + 3 * n + i]);
            float kept = forget * memory[memoryAt + i] + in * candidate;
            memory[memoryAt + i] = kept;
            state[stateAt + i] = out * FloatFunctions.tanh(kept);
        }
    }

    @Override
    public void gru(int n, float[] x, int xAt, float[] h, int hAt, float[] state, int stateAt) {
        for (int i = 0; i < n; i++) {
            float reset = FloatFunctions.sigmoid(h[hAt + i] + x[xAt + i]);
            float update = FloatFunctions.sigmoid(h[hAt + n + i] + x[xAt + n + i]);
            float candidate = FloatFunctions.tanh(x[xAt + 2 * n + i] + h[hAt + 2 * n + i] * reset);
            state[stateAt + i] = (state[stateAt + i] - candidate) * update + candidate;
        }
    }
}
