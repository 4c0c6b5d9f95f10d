// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.spi.Numerics;
import io.jquant.spi.RecurrentKernel;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** One step of a recurrent layer whose weights are packed: {@link RecurrentSpec}. */
public final class PackedRecurrentCell extends PackedOperator<RecurrentKernel> {
    private final RecurrentSpec spec;

    PackedRecurrentCell(RecurrentSpec spec, Bias inputBias, Bias hiddenBias, Numerics numerics,
            RecurrentKernel kernel) {
        super(numerics, List.of(inputBias, hiddenBias), kernel);
        this.spec = spec;
    }

    @Override
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
        requireCell(RecurrentSpec.Cell.LSTM, "LSTM, which has a memory");
        checkStates(batch, input, hidden, newHidden);
        long bytes = stateBytes(batch);
        Require.readable("cell", cell, bytes);
        Require.writable("newCell", newCell, bytes);
        Require.disjoint("newCell", newCell, "cell", cell, true);
        Require.disjoint("newCell", newCell, "newHidden", newHidden, false);
        Require.disjoint("newCell", newCell, "hidden", hidden, false);
        Require.disjoint("newCell", newCell, "input", input, false);
        Require.disjoint("newHidden", newHidden, "cell", cell, false);
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
        requireCell(RecurrentSpec.Cell.GRU, "GRU, which has no memory");
        checkStates(batch, input, hidden, newHidden);
        step(batch, input, hidden, null, newHidden, null);
    }

    private long stateBytes(long batch) {
        return Require.product("state", batch, spec.hiddenSize(), Float.BYTES);
    }

    private void requireCell(RecurrentSpec.Cell wanted, String must) {
        if (spec.cell() != wanted) {
            throw Require.failure("cell", spec.cell(), must);
        }
    }

    private void checkStates(long batch, MemorySegment input, MemorySegment hidden, MemorySegment newHidden) {
        Require.notNegative("batch", batch);
        Require.readable("input", input, Require.product("input", batch, spec.inputSize(), Float.BYTES));
        Require.readable("hidden", hidden, stateBytes(batch));
        Require.writable("newHidden", newHidden, stateBytes(batch));
        Require.disjoint("newHidden", newHidden, "hidden", hidden, true);
        Require.disjoint("newHidden", newHidden, "input", input, false);
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

    @Override
    void unpack(RecurrentKernel kernel, MemorySegment weights) {
        kernel.unpack(weights.asSlice(0, spec.inputWeightBytes()), weights.asSlice(spec.inputWeightBytes()));
    }
}
