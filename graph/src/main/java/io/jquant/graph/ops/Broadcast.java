// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import io.jquant.graph.Tensor;

/** Walks tensors that are stretched to one shape, row by row. */
final class Broadcast {
    /** One row: where it starts in the output and in each input, and by how much each input advances. */
    @FunctionalInterface
    interface Row {
        void row(int out, int[] from, int[] step, int n);
    }

    private Broadcast() {}

    static void rows(long[] shape, Row body, Tensor... inputs) {
        int rank = shape.length;
        if (Tensor.count(shape) == 0) {
            return;
        }
        int[][] strides = new int[inputs.length][];
        int[] step = new int[inputs.length];
        int n = rank == 0 ? 1 : (int) shape[rank - 1];
        for (int t = 0; t < inputs.length; t++) {
            strides[t] = Shapes.broadcastStrides(inputs[t].shape(), shape);
            step[t] = rank == 0 ? 0 : strides[t][rank - 1];
        }
        int[] index = new int[rank];
        int[] from = new int[inputs.length];
        int rows = Tensor.count(shape) / n;
        for (int row = 0; row < rows; row++) {
            body.row(row * n, from, step, n);
            for (int d = rank - 2; d >= 0; d--) {
                index[d]++;
                for (int t = 0; t < from.length; t++) {
                    from[t] += strides[t][d];
                }
                if (index[d] < shape[d]) {
                    break;
                }
                for (int t = 0; t < from.length; t++) {
                    from[t] -= strides[t][d] * index[d];
                }
                index[d] = 0;
            }
        }
    }
}
