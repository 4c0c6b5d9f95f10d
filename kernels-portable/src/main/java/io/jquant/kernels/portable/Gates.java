// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import io.jquant.Activation;
import io.jquant.DynamicLinearSpec;
import io.jquant.QuantizationParameters;
import io.jquant.RecurrentSpec;
import java.lang.foreign.MemorySegment;

/**
 * What a recurrent cell makes of its two layers' outputs, in PyTorch's order of operations, every one rounded once to
 * binary32. Exp and tanh are computed in binary64 and then rounded, so that they do not depend on a machine or a vector
 * library; PyTorch's may differ in the last bits.
 */
public final class Gates {
    private final RecurrentSpec.Cell cell;
    private final int size;

    /**
     * The gates of a cell.
     *
     * @param spec the cell
     */
    public Gates(RecurrentSpec spec) {
        cell = spec.cell();
        size = spec.hiddenSize();
    }

    /**
     * One of a cell's two layers.
     *
     * @param spec the cell
     * @param features the layer's columns
     * @param weight its weights' parameters
     * @return the layer
     */
    public static DynamicLinearSpec layer(RecurrentSpec spec, int features, QuantizationParameters weight) {
        return new DynamicLinearSpec(features, spec.gateRows(), weight, Activation.NONE, false, spec.reduceRange());
    }

    /**
     * Computes one row of the state after.
     *
     * @param x outputs of the layer on the input
     * @param h outputs of the layer on the state
     * @param first the row's first element of both
     * @param row the row
     * @param hidden the state before
     * @param memory the LSTM's memory before; null for a GRU
     * @param newHidden the state after
     * @param newMemory the LSTM's memory after; null for a GRU
     */
    public void row(MemorySegment x, MemorySegment h, long first, long row, MemorySegment hidden,
            MemorySegment memory, MemorySegment newHidden, MemorySegment newMemory) {
        for (int unit = 0; unit < size; unit++) {
            long at = (row * size + unit) * Float.BYTES;
            switch (cell) {
                case LSTM -> lstm(x, h, first + unit, memory, newHidden, newMemory, at);
                case GRU -> gru(x, h, first + unit, hidden, newHidden, at);
            }
        }
    }

    private void lstm(MemorySegment x, MemorySegment h, long unit, MemorySegment memory, MemorySegment newHidden,
            MemorySegment newMemory, long at) {
        float in = sigmoid(get(h, unit) + get(x, unit));
        float forget = sigmoid(get(h, size + unit) + get(x, size + unit));
        float candidate = tanh(get(h, 2L * size + unit) + get(x, 2L * size + unit));
        float out = sigmoid(get(h, 3L * size + unit) + get(x, 3L * size + unit));
        float kept = forget * memory.get(JAVA_FLOAT_UNALIGNED, at) + in * candidate;
        newMemory.set(JAVA_FLOAT_UNALIGNED, at, kept);
        newHidden.set(JAVA_FLOAT_UNALIGNED, at, out * tanh(kept));
    }

    private void gru(MemorySegment x, MemorySegment h, long unit, MemorySegment hidden, MemorySegment newHidden,
            long at) {
        float reset = sigmoid(get(h, unit) + get(x, unit));
        float update = sigmoid(get(h, size + unit) + get(x, size + unit));
        float candidate = tanh(get(x, 2L * size + unit) + get(h, 2L * size + unit) * reset);
        float before = hidden.get(JAVA_FLOAT_UNALIGNED, at);
        newHidden.set(JAVA_FLOAT_UNALIGNED, at, (before - candidate) * update + candidate);
    }

    private static float get(MemorySegment values, long index) {
        return values.get(JAVA_FLOAT_UNALIGNED, index * Float.BYTES);
    }

    private static float sigmoid(float value) {
        return 1.0f / (1.0f + RealFunctions.exp(-value));
    }

    private static float tanh(float value) {
        return (float) StrictMath.tanh(value);
    }
}
