// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** The gates of recurrent cells: gates take the place of the state's part of them. Every loop is a leaf. */
final class VectorGates {
    private static final VectorSpecies<Float> FLOATS = VectorRows.FLOATS;
    private static final int LANES = VectorRows.LANES;

    private VectorGates() {
    }

    /** {@code h = sigmoid(h + x)}. */
    static void sigmoid(int n, float[] x, int xAt, float[] h, int hAt) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector sum = FloatVector.fromArray(FLOATS, h, hAt + i).add(FloatVector.fromArray(FLOATS, x, xAt + i));
            VectorFunctions.sigmoid(sum).intoArray(h, hAt + i);
        }
        if (i < n) {
            VectorMask<Float> rest = FLOATS.indexInRange(i, n);
            FloatVector sum = FloatVector.fromArray(FLOATS, h, hAt + i, rest)
                    .add(FloatVector.fromArray(FLOATS, x, xAt + i, rest));
            VectorFunctions.sigmoid(sum).intoArray(h, hAt + i, rest);
        }
    }

    /** {@code h = tanh(h + x)}. */
    static void tanh(int n, float[] x, int xAt, float[] h, int hAt) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector sum = FloatVector.fromArray(FLOATS, h, hAt + i).add(FloatVector.fromArray(FLOATS, x, xAt + i));
            VectorFunctions.tanh(sum).intoArray(h, hAt + i);
        }
        if (i < n) {
            VectorMask<Float> rest = FLOATS.indexInRange(i, n);
            FloatVector sum = FloatVector.fromArray(FLOATS, h, hAt + i, rest)
                    .add(FloatVector.fromArray(FLOATS, x, xAt + i, rest));
            VectorFunctions.tanh(sum).intoArray(h, hAt + i, rest);
        }
    }

    /** {@code memory = forget * memory + in * candidate} with the gates {@code [in, forget, candidate]}. */
    static void remember(int n, float[] gates, int at, float[] memory, int memoryAt) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector kept = FloatVector.fromArray(FLOATS, gates, at + n + i)
                    .mul(FloatVector.fromArray(FLOATS, memory, memoryAt + i));
            FloatVector added = FloatVector.fromArray(FLOATS, gates, at + i)
                    .mul(FloatVector.fromArray(FLOATS, gates, at + 2 * n + i));
            kept.add(added).intoArray(memory, memoryAt + i);
        }
        for (; i < n; i++) {
            memory[memoryAt + i] = gates[at + n + i] * memory[memoryAt + i] + gates[at + i] * gates[at + 2 * n + i];
        }
    }

    /** {@code state = out * tanh(memory)}. */
    static void output(int n, float[] memory, int memoryAt, float[] out, int outAt, float[] state, int stateAt) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(FLOATS, out, outAt + i)
                    .mul(VectorFunctions.tanh(FloatVector.fromArray(FLOATS, memory, memoryAt + i)))
                    .intoArray(state, stateAt + i);
        }
        if (i < n) {
            VectorMask<Float> rest = FLOATS.indexInRange(i, n);
            FloatVector.fromArray(FLOATS, out, outAt + i, rest)
                    .mul(VectorFunctions.tanh(FloatVector.fromArray(FLOATS, memory, memoryAt + i, rest)))
                    .intoArray(state, stateAt + i, rest);
        }
    }

    /** {@code h[2] = tanh(x + h[2] * h[0])} with the gates {@code [reset, update, new]} in h. */
    static void candidate(int n, float[] x, int xAt, float[] h, int hAt) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector ofState = FloatVector.fromArray(FLOATS, h, hAt + 2 * n + i)
                    .mul(FloatVector.fromArray(FLOATS, h, hAt + i));
            VectorFunctions.tanh(FloatVector.fromArray(FLOATS, x, xAt + i).add(ofState))
                    .intoArray(h, hAt + 2 * n + i);
        }
        if (i < n) {
            VectorMask<Float> rest = FLOATS.indexInRange(i, n);
            FloatVector ofState = FloatVector.fromArray(FLOATS, h, hAt + 2 * n + i, rest)
                    .mul(FloatVector.fromArray(FLOATS, h, hAt + i, rest));
            VectorFunctions.tanh(FloatVector.fromArray(FLOATS, x, xAt + i, rest).add(ofState))
                    .intoArray(h, hAt + 2 * n + i, rest);
        }
    }

    /** {@code state = (state - candidate) * update + candidate}. */
    static void update(int n, float[] gates, int at, float[] state, int stateAt) {
        for (int i = 0; i < n; i++) {
            float candidate = gates[at + 2 * n + i];
            state[stateAt + i] = (state[stateAt + i] - candidate) * gates[at + n + i] + candidate;
        }
    }
}
