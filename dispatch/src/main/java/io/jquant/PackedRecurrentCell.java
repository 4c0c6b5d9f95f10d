// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.spi.RecurrentKernel;
import java.lang.foreign.MemorySegment;

/** One step of a recurrent layer whose weights are packed: {@link RecurrentSpec}. */
public final class PackedRecurrentCell extends Operator<RecurrentKernel> {
    private final RecurrentSpec spec;

    PackedRecurrentCell(RecurrentSpec spec, RecurrentKernel kernel) {
        super(kernel);
        this.spec = spec;
    }

    /** {@return what was prepared} */
    public RecurrentSpec spec() {
        return spec;
    }

    /**
     * Runs one step of an LSTM.
     *
     * @param batch rows of input and state, 0 or more
     * @param input f32 {@code [batch][inputSize]}
     * @param hidden the state before, f32 {@code [batch][hiddenSize]}
     * @param cell the memory before, f32 {@code [batch][hiddenSize]}
     * @param newHidden the state after; the state before, or memory of its own
     * @param newCell the memory after; the memory before, or memory of its own
     * @throws IllegalArgumentException if the cell is no LSTM, a segment is too small, or an output is read-only or
     *         overlapping
     * @throws IllegalStateException if the cell is closed
     */
    public void run(long batch, MemorySegment input, MemorySegment hidden, MemorySegment cell,
            MemorySegment newHidden, MemorySegment newCell) {
        Require.that(spec.cell() == RecurrentSpec.Cell.LSTM, "cell", spec.cell(), "LSTM, which has a memory");
        checkStates(batch, input, hidden, newHidden);
        long bytes = stateBytes(batch);
        Require.readable("cell", cell, bytes);
        Require.writable("newCell", newCell, bytes);
        Require.disjoint(newCell, "cell", cell, true);
        Require.disjoint(newCell, "newHidden", newHidden, false);
        Require.disjoint(newCell, "hidden", hidden, false);
        Require.disjoint(newCell, "input", input, false);
        Require.disjoint(newHidden, "cell", cell, false);
        step(batch, input, hidden, cell, newHidden, newCell);
    }

    /**
     * Runs one step of a GRU.
     *
     * @param batch rows of input and state, 0 or more
     * @param input f32 {@code [batch][inputSize]}
     * @param hidden the state before, f32 {@code [batch][hiddenSize]}
     * @param newHidden the state after; the state before, or memory of its own
     * @throws IllegalArgumentException if the cell is no GRU, a segment is too small, or an output is read-only or
     *         overlapping
     * @throws IllegalStateException if the cell is closed
     */
    public void run(long batch, MemorySegment input, MemorySegment hidden, MemorySegment newHidden) {
        Require.that(spec.cell() == RecurrentSpec.Cell.GRU, "cell", spec.cell(), "GRU, which has no memory");
        checkStates(batch, input, hidden, newHidden);
        step(batch, input, hidden, null, newHidden, null);
    }

    private long stateBytes(long batch) {
        return Require.product("state", batch, spec.hiddenSize(), Float.BYTES);
    }

    private void checkStates(long batch, MemorySegment input, MemorySegment hidden, MemorySegment newHidden) {
        Require.readable("input", input, Require.product("input", batch, spec.inputSize(), Float.BYTES));
        Require.readable("hidden", hidden, stateBytes(batch));
        Require.writable("newHidden", newHidden, stateBytes(batch));
        Require.disjoint(newHidden, "hidden", hidden, true);
        Require.disjoint(newHidden, "input", input, false);
    }

    private void step(long batch, MemorySegment input, MemorySegment hidden, MemorySegment cell,
            MemorySegment newHidden, MemorySegment newCell) {
        RecurrentKernel kernel = enter();
        try {
            kernel.run(batch, input, hidden, cell, newHidden, newCell);
        } finally {
            leave();
        }
    }

    void unpack(MemorySegment inputWeights, MemorySegment hiddenWeights) {
        RecurrentKernel kernel = enter();
        try {
            kernel.unpack(inputWeights, hiddenWeights);
        } finally {
            leave();
        }
    }
}
