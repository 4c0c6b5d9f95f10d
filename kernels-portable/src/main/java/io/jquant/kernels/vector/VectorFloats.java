// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import io.jquant.spi.FloatKernels;

/** What of a model is not quantized, in the Vector API. */
public final class VectorFloats implements FloatKernels {
    private static final int LANES = VectorRows.LANES;
    /** Elements of a block, whole vectors of any width. */
    private static final int BLOCK = 1024;
    private static final float ROOT_OF_HALF = 0.70710677f;

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
        int whole = n / LANES * LANES;
        // blocks that stay in the first-level cache from one loop to the next
        for (int i = 0; i < whole; i += BLOCK) {
            vectors(function, Math.min(BLOCK, whole - i), x, xAt + i, y, yAt + i);
        }
        if (whole < n) {
            float[] rest = new float[LANES];
            float[] made = new float[LANES];
            System.arraycopy(x, xAt + whole, rest, 0, n - whole);
            vectors(function, LANES, rest, 0, made, 0);
            System.arraycopy(made, 0, y, yAt + whole, n - whole);
        }
    }

    private static void vectors(Function function, int n, float[] x, int xAt, float[] y, int yAt) {
        switch (function) {
            case SIGMOID -> {
                VectorFunctions.negate(n, x, xAt, y, yAt);
                VectorFunctions.exp(n, y, yAt);
                VectorFunctions.sigmoidOf(n, y, yAt);
            }
            case TANH -> {
                VectorFunctions.twiceMagnitude(n, x, xAt, y, yAt);
                VectorFunctions.exp(n, y, yAt);
                VectorFunctions.tanhOf(n, x, xAt, y, yAt);
            }
            case ERF -> VectorFunctions.erf(n, x, xAt, 1, y, yAt);
            case GELU -> {
                VectorFunctions.erf(n, x, xAt, ROOT_OF_HALF, y, yAt);
                VectorFunctions.geluOf(n, x, xAt, y, yAt);
            }
            case EXP -> {
                System.arraycopy(x, xAt, y, yAt, n);
                VectorFunctions.exp(n, y, yAt);
            }
        }
    }

    @Override
    public void softmax(int rows, int n, float[] x, float[] y) {
        for (int row = 0; row < rows; row++) {
            int at = row * n;
            VectorNorms.subtract(n, x, at, VectorNorms.largest(n, x, at), y);
            apply(Function.EXP, n, y, at, y, at);
            VectorNorms.multiply(n, y, at, 1 / VectorNorms.sum(n, y, at));
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
        VectorGates.add(4 * n, x, xAt, h, hAt);
        // a sigmoid may take the place of its input; a tanh takes that of the state, and of what is not needed any more
        apply(Function.SIGMOID, 2 * n, h, hAt, h, hAt);
        apply(Function.SIGMOID, n, h, hAt + 3 * n, h, hAt + 3 * n);
        apply(Function.TANH, n, h, hAt + 2 * n, state, stateAt);
        VectorGates.remember(n, h, hAt, state, stateAt, memory, memoryAt);
        apply(Function.TANH, n, memory, memoryAt, state, stateAt);
        VectorGates.multiply(n, h, hAt + 3 * n, state, stateAt);
    }

    @Override
    public void gru(int n, float[] x, int xAt, float[] h, int hAt, float[] state, int stateAt) {
        VectorGates.add(2 * n, x, xAt, h, hAt);
        apply(Function.SIGMOID, 2 * n, h, hAt, h, hAt);
        VectorGates.multiply(n, h, hAt, h, hAt + 2 * n);
        VectorGates.add(n, x, xAt + 2 * n, h, hAt + 2 * n);
        apply(Function.TANH, n, h, hAt + 2 * n, h, hAt);
        VectorGates.update(n, h, hAt, state, stateAt);
    }
}
