// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import io.jquant.DataType;
import io.jquant.graph.Tensor;

/** Copies of elements between tensors of one type. */
final class Movement {
    private Movement() {}

    /** A run of elements. */
    static void copy(Tensor from, int start, Tensor to, int target, int n) {
        if (from.type().bits() >= 8) {
            System.arraycopy(from.array(), start, to.array(), target, n);
            return;
        }
        for (int i = 0; i < n; i++) {
            element(from, start + i, to, target + i);
        }
    }

    /** A run of elements that are a step apart. */
    static void run(Tensor from, int start, int step, Tensor to, int target, int n) {
        if (step == 1) {
            copy(from, start, to, target, n);
        } else if (from.type() == DataType.F32) {
            float[] x = from.floats();
            float[] y = to.floats();
            for (int i = 0; i < n; i++) {
                y[target + i] = x[start + i * step];
            }
        } else {
            for (int i = 0; i < n; i++) {
                element(from, start + i * step, to, target + i);
            }
        }
    }

    /** One element. */
    static void element(Tensor from, int i, Tensor to, int j) {
        switch (from.type()) {
            case F32 -> to.floats()[j] = from.floats()[i];
            case F64 -> to.doubles()[j] = from.doubles()[i];
            case S64, U64 -> to.longs()[j] = from.longs()[i];
            case S32, U32 -> to.ints()[j] = from.ints()[i];
            case F16, BF16, S16, U16 -> to.shorts()[j] = from.shorts()[i];
            case U4, S4, U2, S2 -> to.setLong(j, from.getLong(i));
            case F4E2M1 -> to.setDouble(j, from.getDouble(i));
            default -> to.bytes()[j] = from.bytes()[i];
        }
    }

    /** A run of copies of one element. */
    static void fill(Tensor value, int i, Tensor to, int target, int n) {
        for (int k = 0; k < n; k++) {
            element(value, i, to, target + k);
        }
    }
}
