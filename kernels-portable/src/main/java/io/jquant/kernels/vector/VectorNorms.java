// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Softmax and layer norm of a row of floats; sums are of every lane, then of the lanes. */
final class VectorNorms {
    private static final VectorSpecies<Float> FLOATS = VectorRows.FLOATS;
    private static final int LANES = VectorRows.LANES;

    private VectorNorms() {
    }

    static void softmax(int n, float[] x, float[] y, int at) {
        float largest = largest(n, x, at);
        float share = 1 / exponentials(n, x, y, at, largest);
        for (int k = 0; k < n; k++) {
            y[at + k] *= share;
        }
    }

    private static float largest(int n, float[] x, int at) {
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

    private static float exponentials(int n, float[] x, float[] y, int at, float largest) {
        FloatVector sums = FloatVector.zero(FLOATS);
        int k = 0;
        for (; k <= n - LANES; k += LANES) {
            FloatVector power = VectorFunctions.exp(FloatVector.fromArray(FLOATS, x, at + k).sub(largest));
            power.intoArray(y, at + k);
            sums = sums.add(power);
        }
        if (k < n) {
            VectorMask<Float> rest = FLOATS.indexInRange(k, n);
            FloatVector power = VectorFunctions.exp(FloatVector.fromArray(FLOATS, x, at + k, rest).sub(largest));
            power.intoArray(y, at + k, rest);
            sums = sums.add(power, rest);
        }
        return sums.reduceLanes(VectorOperators.ADD);
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

    private static float sum(int n, float[] x, int at) {
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
