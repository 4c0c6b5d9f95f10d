// SPDX-License-Identifier: Apache-2.0
package io.jquant.spi;

/**
 * Kernels on arrays of floats, for what of a model is not quantized. All may be run by many threads at once. Arguments
 * are not checked: a caller has seen to it that elements lie within their arrays, and that outputs lie apart from
 * inputs but where the same place is allowed.
 *
 * <p>{@link #apply}, {@link #lstm} and {@link #gru} give the same bits on every tier: every operation is rounded once,
 * in one order. Sums are in an order of the kernel's own, with fused multiply-adds or without: a sum of n terms is off
 * by at most n * 2^-24 times the sum of their magnitudes. A row's softmax is off by as much of itself; a layer norm by
 * (n + 4) * 2^-22 times the scale times what the row's largest element is of its deviation.
 */
public interface FloatKernels {
    /** A function of one number. */
    enum Function {
        /** {@code 1 / (1 + exp(-x))}. */
        SIGMOID,
        /** The hyperbolic tangent. */
        TANH,
        /** The error function. */
        ERF,
        /** {@code x / 2 * (1 + erf(x / sqrt(2)))}. */
        GELU,
        /** The exponential. */
        EXP
    }

    /**
     * C += A B, row-major.
     *
     * @param m rows of A and C
     * @param n columns of C
     * @param k columns of A
     * @param a A, {@code [m][k]}
     * @param aAt where it begins
     * @param b B, {@code [k][n]}, or {@code [n][k]}
     * @param bAt where it begins
     * @param transposed whether B is {@code [n][k]}
     * @param c C, {@code [m][n]}
     * @param cAt where it begins
     */
    void multiply(int m, int n, int k, float[] a, int aAt, float[] b, int bAt, boolean transposed, float[] c, int cAt);

    /**
     * Applies a function to every element.
     *
     * @param function the function
     * @param n elements
     * @param x the input
     * @param xAt where it begins
     * @param y the output, apart from the input
     * @param yAt where it begins
     */
    void apply(Function function, int n, float[] x, int xAt, float[] y, int yAt);

    /**
     * Softmax of rows.
     *
     * @param rows rows
     * @param n elements of a row, 1 or more
     * @param x the input, {@code [rows][n]}, which may be the output
     * @param y the output
     */
    void softmax(int rows, int n, float[] x, float[] y);

    /**
     * {@code (x - mean) / sqrt(variance + epsilon) * scale + bias} of rows.
     *
     * @param rows rows
     * @param n elements of a row, 1 or more
     * @param x the input, {@code [rows][n]}
     * @param scale {@code [n]}
     * @param bias {@code [n]}
     * @param epsilon what is added to the variance
     * @param y the output, which may be the input
     */
    void layerNorm(int rows, int n, float[] x, float[] scale, float[] bias, float epsilon, float[] y);

    /**
     * The gates of one step of an LSTM, in PyTorch's order (input, forget, candidate, output):
     * {@code memory = forget * memory + input * candidate; state = output * tanh(memory)}.
     *
     * @param n units
     * @param x the input's part of the gates, {@code [4][n]}
     * @param xAt where it begins
     * @param h the state's part of the gates, {@code [4][n]}, which may be changed
     * @param hAt where it begins
     * @param memory the cells, which are changed, {@code [n]}
     * @param memoryAt where they begin
     * @param state gets the state, {@code [n]}
     * @param stateAt where it begins
     */
    void lstm(int n, float[] x, int xAt, float[] h, int hAt, float[] memory, int memoryAt, float[] state, int stateAt);

    /**
     * The gates of one step of a GRU, in PyTorch's order (reset, update, new):
     * {@code candidate = tanh(x + reset * h); state = (state - candidate) * update + candidate}.
     *
     * @param n units
     * @param x the input's part of the gates, {@code [3][n]}
     * @param xAt where it begins
     * @param h the state's part of the gates, {@code [3][n]}, which may be changed
     * @param hAt where it begins
     * @param state the state, which is changed, {@code [n]}
     * @param stateAt where it begins
     */
    void gru(int n, float[] x, int xAt, float[] h, int hAt, float[] state, int stateAt);
}
