// SPDX-License-Identifier: Apache-2.0
package io.jquant.spi;

import java.lang.foreign.MemorySegment;

/** One step of a recurrent layer. */
public interface RecurrentKernel extends OperatorKernel {
    /**
     * Runs one step. States are f32, {@code [batch][hiddenSize]}.
     *
     * @param batch rows of input and state
     * @param input the input, f32 {@code [batch][inputSize]}
     * @param hidden the state before
     * @param cell the LSTM's memory before; null for a GRU
     * @param newHidden the state after; may be the state before
     * @param newCell the LSTM's memory after, may be the memory before; null for a GRU
     */
    void run(long batch, MemorySegment input, MemorySegment hidden, MemorySegment cell, MemorySegment newHidden,
            MemorySegment newCell);

    /**
     * Gives the weights back in the order in which they came.
     *
     * @param inputWeights where to write those on the input
     * @param hiddenWeights where to write those on the state
     */
    void unpack(MemorySegment inputWeights, MemorySegment hiddenWeights);
}
