// SPDX-License-Identifier: Apache-2.0
package io.jquant.djl;

import io.jquant.DataType;
import io.jquant.graph.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Functions along the first and the last axis. */
final class Rows {
    private Rows() {
    }

    /** Rows of the first axis, copied. */
    static Tensor slice(Tensor from, long first, long end) {
        long[] shape = from.shape();
        if (first < 0 || end < first || end > shape[0]) {
            throw new IllegalArgumentException("rows " + first + " to " + end + ": must be within 0 to " + shape[0]);
        }
        long rowBytes = shape[0] == 0 ? 0 : from.segment().byteSize() / shape[0];
        shape = shape.clone();
        shape[0] = end - first;
        Tensor to = Tensor.allocate(from.type(), shape);
        MemorySegment.copy(from.segment(), first * rowBytes, to.segment(), 0, (end - first) * rowBytes);
        return to;
    }

    /** Softmax along the last axis. */
    static Tensor softmax(Tensor from) {
        if (from.type() != DataType.F32) {
            throw new UnsupportedOperationException("softmax of " + from.type() + ": must be F32");
        }
        if (from.rank() == 0) {
            throw new IllegalArgumentException("softmax of " + from + ": must have an axis");
        }
        float[] values = Arrays.copyOf(from.floats(), from.count());
        int size = from.dim(from.rank() - 1);
        for (int at = 0; at < values.length; at += size) {
            float largest = Float.NEGATIVE_INFINITY;
            for (int i = at; i < at + size; i++) {
                largest = Math.max(largest, values[i]);
            }
            double sum = 0;
            for (int i = at; i < at + size; i++) {
                values[i] = (float) Math.exp(values[i] - largest);
                sum += values[i];
            }
            for (int i = at; i < at + size; i++) {
                values[i] /= (float) sum;
            }
        }
        return Tensor.of(values, from.shape());
    }

    /** Where the largest element of each of some rows is, the first of equals. */
    static Tensor argMax(Tensor from, int rows) {
        if (from.count() == 0) {
            throw new IllegalArgumentException("argMax of " + from + ": must have elements");
        }
        long[] places = new long[rows];
        int size = from.count() / rows;
        for (int row = 0; row < rows; row++) {
            int best = row * size;
            for (int i = best + 1; i < (row + 1) * size; i++) {
                best = from.getDouble(i) > from.getDouble(best) ? i : best;
            }
            places[row] = best - row * (long) size;
        }
        return Tensor.of(places, rows);
    }
}
