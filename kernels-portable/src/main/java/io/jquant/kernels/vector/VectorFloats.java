// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import io.jquant.spi.FloatKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** What of a model is not quantized, in the Vector API. One loop for each function: each is to be a leaf. */
public final class VectorFloats implements FloatKernels {
    private static final VectorSpecies<Float> FLOATS = VectorRows.FLOATS;
    private static final int LANES = VectorRows.LANES;

    private final VectorFloatProduct product;

    /**
     * Makes the kernels.
     *
     * @param tile the innermost loops of products
     */
    public VectorFloats(FloatTile tile) {
        product = new VectorFloatProduct(tile);
    }

    @Override
    public void multiply(int m, int n, int k, float[] a, int aAt, float[] b, int bAt, boolean transposed, float[] c,
            int cAt) {
        product.multiply(m, n, k, a, aAt, b, bAt, transposed, c, cAt);
    }

    @Override
    public void apply(Function function, int n, float[] x, int xAt, float[] y, int yAt) {
        switch (function) {
            case SIGMOID -> sigmoid(n, x, xAt, y, yAt);
            case TANH -> tanh(n, x, xAt, y, yAt);
            case ERF -> erf(n, x, xAt, y, yAt);
            case GELU -> gelu(n, x, xAt, y, yAt);
            case EXP -> exp(n, x, xAt, y, yAt);
        }
    }

    private static void sigmoid(int n, float[] x, int xAt, float[] y, int yAt) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            VectorFunctions.sigmoid(FloatVector.fromArray(FLOATS, x, xAt + i)).intoArray(y, yAt + i);
        }
        if (i < n) {
            VectorMask<Float> rest = FLOATS.indexInRange(i, n);
            VectorFunctions.sigmoid(FloatVector.fromArray(FLOATS, x, xAt + i, rest)).intoArray(y, yAt + i, rest);
        }
    }

    private static void tanh(int n, float[] x, int xAt, float[] y, int yAt) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            VectorFunctions.tanh(FloatVector.fromArray(FLOATS, x, xAt + i)).intoArray(y, yAt + i);
        }
        if (i < n) {
            VectorMask<Float> rest = FLOATS.indexInRange(i, n);
            VectorFunctions.tanh(FloatVector.fromArray(FLOATS, x, xAt + i, rest)).intoArray(y, yAt + i, rest);
        }
    }

    private static void erf(int n, float[] x, int xAt, float[] y, int yAt) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            VectorFunctions.erf(FloatVector.fromArray(FLOATS, x, xAt + i)).intoArray(y, yAt + i);
        }
        if (i < n) {
            VectorMask<Float> rest = FLOATS.indexInRange(i, n);
            VectorFunctions.erf(FloatVector.fromArray(FLOATS, x, xAt + i, rest)).intoArray(y, yAt + i, rest);
        }
    }

    private static void gelu(int n, float[] x, int xAt, float[] y, int yAt) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            VectorFunctions.gelu(FloatVector.fromArray(FLOATS, x, xAt + i)).intoArray(y, yAt + i);
        }
        if (i < n) {
            VectorMask<Float> rest = FLOATS.indexInRange(i, n);
            VectorFunctions.gelu(FloatVector.fromArray(FLOATS, x, xAt + i, rest)).intoArray(y, yAt + i, rest);
        }
    }

    private static void exp(int n, float[] x, int xAt, float[] y, int yAt) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            VectorFunctions.exp(FloatVector.fromArray(FLOATS, x, xAt + i)).intoArray(y, yAt + i);
        }
        if (i < n) {
            VectorMask<Float> rest = FLOATS.indexInRange(i, n);
            VectorFunctions.exp(FloatVector.fromArray(FLOATS, x, xAt + i, rest)).intoArray(y, yAt + i, rest);
        }
    }

    @Override
    public void softmax(int rows, int n, float[] x, float[] y) {
        for (int row = 0; row < rows; row++) {
            VectorNorms.softmax(n, x, y, row * n);
        }
    }

    @Override
    public void layerNorm(int rows, int n, float[] x, float[] scale, float[] bias, float epsilon, float[] y) {
        for (int row = 0; row < rows; row++) {
            VectorNorms.layerNorm(n, x, scale, bias, epsilon, y, row * n);
        }
    }

    @Override
    public void lstm(int n, float[] x, int xAt, float[] h, int hAt, float[] memory, int memoryAt, float[] state,
            int stateAt) {
        VectorGates.sigmoid(2 * n, x, xAt, h, hAt);
        VectorGates.tanh(n, x, xAt + 2 * n, h, hAt + 2 * n);
        VectorGates.sigmoid(n, x, xAt + 3 * n, h, hAt + 3 * n);
        VectorGates.remember(n, h, hAt, memory, memoryAt);
        VectorGates.output(n, memory, memoryAt, h, hAt + 3 * n, state, stateAt);
    }

    @Override
    public void gru(int n, float[] x, int xAt, float[] h, int hAt, float[] state, int stateAt) {
        VectorGates.sigmoid(2 * n, x, xAt, h, hAt);
        VectorGates.candidate(n, x, xAt + 2 * n, h, hAt);
        VectorGates.update(n, h, hAt, state, stateAt);
    }
}
