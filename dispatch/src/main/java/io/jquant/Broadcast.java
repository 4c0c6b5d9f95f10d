// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import java.util.Arrays;

/** Two shapes brought to one by repeating axes of size 1, cut into blocks of two dimensions. */
final class Broadcast {
    private final int[] shape;
    private final long[] leftStrides;
    private final long[] rightStrides;

    /** What is done with a block: rows of columns, where either operand may be repeated. */
    @FunctionalInterface
    interface Block {
        void run(long rows, long columns, long leftAt, long leftStride, int leftStep, long rightAt, long rightStride,
                int rightStep, long outputAt);
    }

    private Broadcast(int[] shape, long[] leftStrides, long[] rightStrides) {
        this.shape = shape;
        this.leftStrides = leftStrides;
        this.rightStrides = rightStrides;
    }

    static Broadcast of(int[] left, int[] right) {
        elements("left", left);
        elements("right", right);
        // two axes at least, so that there always are rows and columns
        int rank = Math.max(2, Math.max(left.length, right.length));
        int[] shape = new int[rank];
        for (int i = 0; i < rank; i++) {
            int l = axis(left, i - rank + left.length);
            int r = axis(right, i - rank + right.length);
            Require.that(l == r || l == 1 || r == 1, "right shape", Arrays.toString(right),
                    "the left's or 1 on every axis; the left is " + Arrays.toString(left));
            shape[i] = l == 1 ? r : l;
        }
        return new Broadcast(shape, strides(left, rank), strides(right, rank));
    }

    private static int axis(int[] shape, int index) {
        return index < 0 ? 1 : shape[index];
    }

    private static long[] strides(int[] shape, int rank) {
        long[] strides = new long[rank];
        long stride = 1;
        for (int i = rank - 1; i >= 0; i--) {
            int size = axis(shape, i - rank + shape.length);
            strides[i] = size == 1 ? 0 : stride;
            stride *= size;
        }
        return strides;
    }

    static long elements(String name, int[] shape) {
        Require.notNull(name + " shape", shape);
        long[] sizes = new long[shape.length];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = Require.notNegative(name + " shape[" + i + "]", shape[i]);
        }
        return Require.product(name + " shape", sizes);
    }

    int[] shape() {
        return shape;
    }

    void forEachBlock(Block block) {
        if (elements("output", shape) == 0) {
            return;
        }
        int rank = shape.length;
        int[] index = new int[rank - 2];
        long outputAt = 0;
        do {
            long leftAt = 0;
            long rightAt = 0;
            for (int i = 0; i < index.length; i++) {
                leftAt += index[i] * leftStrides[i];
                rightAt += index[i] * rightStrides[i];
            }
            block.run(shape[rank - 2], shape[rank - 1], leftAt, leftStrides[rank - 2], (int) leftStrides[rank - 1],
                    rightAt, rightStrides[rank - 2], (int) rightStrides[rank - 1], outputAt);
            outputAt += (long) shape[rank - 2] * shape[rank - 1];
        } while (next(index));
    }

    private boolean next(int[] index) {
        for (int i = index.length - 1; i >= 0; i--) {
            if (++index[i] < shape[i]) {
                return true;
            }
            index[i] = 0;
        }
        return false;
    }
}
