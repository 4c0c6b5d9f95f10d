// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import java.util.Arrays;

/**
 * Two shapes brought to one by repeating axes of size 1, cut into as few blocks of two dimensions as there can be: axes
 * along which both operands go on as they do along the next are one.
 */
final class Broadcast {
    private final long leftElements;
    private final long rightElements;
    private final long elements;
    private final long[] shape;
    private final long[] leftStrides;
    private final long[] rightStrides;

    /** What is done with a block: rows of columns, where either operand may be repeated. */
    @FunctionalInterface
    interface Block {
        void run(long rows, long columns, long leftAt, long leftStride, int leftStep, long rightAt, long rightStride,
                int rightStep, long outputAt);
    }

    private Broadcast(int[] left, int[] right) {
        leftElements = elements("left", left);
        rightElements = elements("right", right);
        int rank = Math.max(left.length, right.length);
        long[] full = new long[rank];
        for (int i = 0; i < rank; i++) {
            int l = axis(left, i - rank + left.length);
            int r = axis(right, i - rank + right.length);
            if (l != r && l != 1 && r != 1) {
                throw Require.failure("right shape", Arrays.toString(right),
                        "the left's or 1 on every axis; the left is " + Arrays.toString(left));
            }
            full[i] = l == 1 ? r : l;
        }
        elements = Require.product("output shape", full);
        long[][] merged = merge(full, strides(left, rank), strides(right, rank));
        shape = merged[0];
        leftStrides = merged[1];
        rightStrides = merged[2];
    }

    static Broadcast of(int[] left, int[] right) {
        // copies: the kernel must see the sizes that were checked
        return new Broadcast(Require.notNull("left shape", left).clone(),
                Require.notNull("right shape", right).clone());
    }

    /** Shape and strides with as few axes as there can be, but two, so that there always are rows and columns. */
    private static long[][] merge(long[] full, long[] left, long[] right) {
        long[][] merged = new long[3][Math.max(2, full.length)];
        Arrays.fill(merged[0], 1);
        int first = merged[0].length;
        for (int i = full.length - 1; i >= 0; i--) {
            if (full[i] == 1) {
                continue;
            }
            boolean goesOn = first < merged[0].length && left[i] == merged[1][first] * merged[0][first]
                    && right[i] == merged[2][first] * merged[0][first];
            if (goesOn) {
                merged[0][first] *= full[i];
            } else {
                first--;
                merged[0][first] = full[i];
                merged[1][first] = left[i];
                merged[2][first] = right[i];
            }
        }
        int from = Math.min(first, merged[0].length - 2);
        for (int i = 0; i < merged.length; i++) {
            merged[i] = Arrays.copyOfRange(merged[i], from, merged[i].length);
        }
        return merged;
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
            if (shape[i] < 0) {
                throw Require.failure(name + " shape[" + i + "]", shape[i], "0 or more");
            }
            sizes[i] = shape[i];
        }
        return Require.product(name + " shape", sizes);
    }

    long leftElements() {
        return leftElements;
    }

    long rightElements() {
        return rightElements;
    }

    /** The number of elements of the output. */
    long elements() {
        return elements;
    }

    void forEachBlock(Block block) {
        if (elements == 0) {
            return;
        }
        int rank = shape.length;
        long[] index = new long[rank - 2];
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
            outputAt += shape[rank - 2] * shape[rank - 1];
        } while (next(index));
    }

    private boolean next(long[] index) {
        for (int i = index.length - 1; i >= 0; i--) {
            if (++index[i] < shape[i]) {
                return true;
            }
            index[i] = 0;
        }
        return false;
    }
}
