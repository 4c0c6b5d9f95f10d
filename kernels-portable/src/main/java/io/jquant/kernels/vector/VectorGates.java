// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** What combines the gates of recurrent cells. */
final class VectorGates {
    private static final VectorSpecies<Float> FLOATS = VectorRows.FLOATS;
    private static final int LANES = VectorRows.LANES;

    private VectorGates() {
    }

    /** {@code to += x}. */
    static void add(int n, float[] x, int xAt, float[] to, int at) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(FLOATS, to, at + i).add(FloatVector.fromArray(FLOATS, x, xAt + i))
                    .intoArray(to, at + i);
        }
        for (; i < n; i++) {
            to[at + i] += x[xAt + i];
        }
    }

    /** {@code to *= x}. */
    static void multiply(int n, float[] x, int xAt, float[] to, int at) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(FLOATS, to, at + i).mul(FloatVector.fromArray(FLOATS, x, xAt + i))
                    .intoArray(to, at + i);
        }
        for (; i < n; i++) {
            to[at + i] *= x[xAt + i];
        }
    }

    /** {@code memory = forget * memory + in * candidate} with the gates {@code [in, forget]}. */
    static void remember(int n, float[] gates, int at, float[] candidate, int candidateAt, float[] memory,
            int memoryAt) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector kept = FloatVector.fromArray(FLOATS, gates, at + n + i)
                    .mul(FloatVector.fromArray(FLOATS, memory, memoryAt + i));
            FloatVector added = FloatVector.fromArray(FLOATS, gates, at + i)
                    .mul(FloatVector.fromArray(FLOATS, candidate, candidateAt + i));
            kept.add(added).intoArray(memory, memoryAt + i);
        }
        for (; i < n; i++) {
            memory[memoryAt + i] = gates[at + n + i] * memory[memoryAt + i]
                    + gates[at + i] * candidate[candidateAt + i];
        }
    }

    /** {@code state = (state - candidate) * update + candidate} with the gates {@code [candidate, update]}. */
    static void update(int n, float[] gates, int at, float[] state, int stateAt) {
        for (int i = 0; i < n; i++) {
            float candidate = gates[at + i];
            state[stateAt + i] = (state[stateAt + i] - candidate) * gates[at + n + i] + candidate;
        }
    }
}
