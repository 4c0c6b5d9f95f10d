// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** What softmax and layer norm of a row of floats are made of; sums are of every lane, then of the lanes. */
final class VectorNorms {
    private static final VectorSpecies<Float> FLOATS = VectorRows.FLOATS;
    private static final int LANES = VectorRows.LANES;

    private VectorNorms() {
    }

    /** {@code y = x - largest}. */
    static void subtract(int n, float[] x, int at, float largest, float[] y) {
        for (int k = 0; k < n; k++) {
            y[at + k] = x[at + k] - largest;
        }
    }

    /** {@code y *= factor}. */
    static void multiply(int n, float[] y, int at, float factor) {
        for (int k = 0; k < n; k++) {
            y[at + k] *= factor;
        }
    }

    static float largest(int n, float[] x, int at) {
        FloatVector most = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        int k = 0;
        for (; k <= n - LANES; k += LANES) {
            most = most.max(FloatVector.fromArray(FLOATS, x, at + k));
        }
        float largest = most.reduceLanes(VectorOperators.MAX);
        for (; k < n; k++) {
            largest = Math.max(largest, x[at + k]);
        }
        return largest;
    }

    static void layerNorm(int n, float[] x, float[] scale, float[] bias, float epsilon, float[] y, int at) {
        float mean = sum(n, x, at) / n;
        float inverse = (float) (1 / Math.sqrt(squares(n, x, at, mean) / n + epsilon));
        int k = 0;
        for (; k <= n - LANES; k += LANES) {
            FloatVector.fromArray(FLOATS, x, at + k).sub(mean).mul(inverse)
                    .mul(FloatVector.fromArray(FLOATS, scale, k))
                    .add(FloatVector.fromArray(FLOATS, bias, k)).intoArray(y, at + k);
        }
        for (; k < n; k++) {
            y[at + k] = (x[at + k] - mean) * inverse * scale[k] + bias[k];
        }
    }

    static float sum(int n, float[] x, int at) {
        FloatVector sums = FloatVector.zero(FLOATS);
        int k = 0;
        for (; k <= n - LANES; k += LANES) {
            sums = sums.add(FloatVector.fromArray(FLOATS, x, at + k));
        }
        float sum = sums.reduceLanes(VectorOperators.ADD);
        for (; k < n; k++) {
            sum += x[at + k];
        }
        return sum;
    }

    private static double squares(int n, float[] x, int at, float mean) {
        FloatVector sums = FloatVector.zero(FLOATS);
        int k = 0;
        for (; k <= n - LANES; k += LANES) {
            FloatVector distance = FloatVector.fromArray(FLOATS, x, at + k).sub(mean);
            sums = distance.fma(distance, sums);
        }
        double sum = sums.reduceLanes(VectorOperators.ADD);
        for (; k < n; k++) {
            double distance = x[at + k] - mean;
            sum += distance * distance;
        }
        return sum;
    }
}
