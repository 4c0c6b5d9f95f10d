// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.DataType;
import io.jquant.PackedRecurrentCell;
import io.jquant.RecurrentSpec.Cell;
import io.jquant.graph.Tensor;
import java.lang.foreign.MemorySegment;

/** One run of recurrent cells over a batch of sequences. */
final class RecurrentRun {
    private final PackedRecurrentCell[] cells;
    private final boolean reverse;
    private final Tensor input;
    private final int length;
    private final int batch;
    private final long stateBytes;
    private final Tensor outputs;
    private final Tensor lastHidden;
    private final Tensor lastCell;

    /**
     * A run.
     *
     * @param cells one for each direction
     * @param reverse whether the only direction is backwards
     * @param input f32 {@code [length][batch][features]}
     * @param firstHidden f32 {@code [directions][batch][hidden]}, null for zeros
     * @param firstCell likewise; not used by cells without a memory
     */
    RecurrentRun(PackedRecurrentCell[] cells, boolean reverse, Tensor input, Tensor firstHidden, Tensor firstCell) {
        this.cells = cells;
        this.reverse = reverse;
        this.input = input;
        length = input.dim(0);
        batch = input.dim(1);
        int hidden = cells[0].spec().hiddenSize();
        stateBytes = (long) batch * hidden * Float.BYTES;
        outputs = Tensor.allocate(DataType.F32, length, cells.length, batch, hidden);
        lastHidden = state(firstHidden, hidden);
        lastCell = state(firstCell, hidden);
    }

    private Tensor state(Tensor first, int hidden) {
        Tensor state = Tensor.allocate(DataType.F32, cells.length, batch, hidden);
        if (first != null) {
            state.segment().copyFrom(first.segment());
        }
        return state;
    }

    Tensor outputs() {
        return outputs;
    }

    Tensor lastHidden() {
        return lastHidden;
    }

    Tensor lastCell() {
        return lastCell;
    }

    void run() {
        for (int direction = 0; direction < cells.length; direction++) {
            run(direction);
        }
    }

    private void run(int direction) {
        PackedRecurrentCell cell = cells[direction];
        boolean memory = cell.spec().cell() == Cell.LSTM;
        long inputBytes = (long) batch * cell.spec().inputSize() * Float.BYTES;
        MemorySegment all = input.segment();
        MemorySegment made = outputs.segment();
        MemorySegment last = lastHidden.segment().asSlice(direction * stateBytes, stateBytes);
        MemorySegment memories = lastCell.segment().asSlice(direction * stateBytes, stateBytes);
        MemorySegment state = last;
        for (int step = 0; step < length; step++) {
            int at = reverse || direction == 1 ? length - 1 - step : step;
            MemorySegment x = all.asSlice(at * inputBytes, inputBytes);
            MemorySegment next = made.asSlice(((long) at * cells.length + direction) * stateBytes, stateBytes);
            if (memory) {
                cell.run(batch, x, state, memories, next, memories);
            } else {
                cell.run(batch, x, state, next);
            }
            state = next;
        }
        if (length > 0) {
            last.copyFrom(state);
        }
    }
}
