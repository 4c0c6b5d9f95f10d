// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.DataType;
import io.jquant.PackedLinear;
import io.jquant.RecurrentSpec.Cell;
import io.jquant.graph.Tensor;
import io.jquant.graph.ops.FloatFunctions;
import java.lang.foreign.MemorySegment;

/**
 * One run of a recurrent layer over a batch of sequences. The input of all steps is multiplied with the weights at once,
 * the state at every step; every row of either is quantized by itself, so that a sequence's answer does not depend on
 * the others of its batch.
 */
final class RecurrentRun {
    private final Layer[] layers;
    private final boolean reverse;
    private final Tensor input;
    private final int length;
    private final int batch;
    private final int hidden;
    private final Tensor outputs;
    private final Tensor lastHidden;
    private final Tensor lastCell;

    /**
     * One direction.
     *
     * @param cell which cell
     * @param input makes the gates' part of the input, gates in PyTorch's order
     * @param hidden makes the gates' part of the state
     */
    record Layer(Cell cell, PackedLinear input, PackedLinear hidden) {
    }

    /**
     * A run.
     *
     * @param layers one for each direction
     * @param reverse whether the only direction is backwards
     * @param input f32 {@code [length][batch][features]}
     * @param firstHidden f32 {@code [directions][batch][hidden]}, null for zeros
     * @param firstCell likewise; not used by cells without a memory
     */
    RecurrentRun(Layer[] layers, boolean reverse, Tensor input, Tensor firstHidden, Tensor firstCell) {
        this.layers = layers;
        this.reverse = reverse;
        this.input = input;
        length = input.dim(0);
        batch = input.dim(1);
        hidden = layers[0].hidden().inFeatures();
        outputs = Tensor.allocate(DataType.F32, length, layers.length, batch, hidden);
        lastHidden = state(firstHidden);
        lastCell = state(firstCell);
    }

    private Tensor state(Tensor first) {
        Tensor state = Tensor.allocate(DataType.F32, layers.length, batch, hidden);
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
        for (int direction = 0; direction < layers.length; direction++) {
            run(direction);
        }
    }

    private void run(int direction) {
        Layer layer = layers[direction];
        int rows = layer.hidden().outFeatures();
        int size = batch * hidden;
        float[] ofInput = new float[length * batch * rows];
        float[] ofState = new float[batch * rows];
        float[] state = new float[size];
        System.arraycopy(lastHidden.floats(), direction * size, state, 0, size);
        MemorySegment stateSegment = MemorySegment.ofArray(state);
        MemorySegment made = MemorySegment.ofArray(ofState);
        layer.input().run((long) length * batch, input.segment(), MemorySegment.ofArray(ofInput));
        for (int step = 0; step < length; step++) {
            int at = reverse || direction == 1 ? length - 1 - step : step;
            layer.hidden().run(batch, stateSegment, made);
            for (int row = 0; row < batch; row++) {
                int x = (at * batch + row) * rows;
                if (layer.cell() == Cell.LSTM) {
                    lstm(ofInput, x, ofState, row * rows, direction * size + row * hidden, state, row * hidden);
                } else {
                    gru(ofInput, x, ofState, row * rows, state, row * hidden);
                }
            }
            System.arraycopy(state, 0, outputs.floats(), (at * layers.length + direction) * size, size);
        }
        System.arraycopy(state, 0, lastHidden.floats(), direction * size, size);
    }

    private void lstm(float[] x, int xAt, float[] h, int hAt, int cellAt, float[] state, int stateAt) {
        float[] memory = lastCell.floats();
        for (int i = 0; i < hidden; i++) {
            float in = FloatFunctions.sigmoid(h[hAt + i] + x[xAt + i]);
            float forget = FloatFunctions.sigmoid(h[hAt + hidden + i] + x[xAt + hidden + i]);
            float candidate = FloatFunctions.tanh(h[hAt + 2 * hidden + i] + x[xAt + 2 * hidden + i]);
            float out = FloatFunctions.sigmoid(h[hAt + 3 * hidden + i] + x[xAt + 3 * hidden + i]);
            float kept = forget * memory[cellAt + i] + in * candidate;
            memory[cellAt + i] = kept;
            state[stateAt + i] = out * FloatFunctions.tanh(kept);
        }
    }

    private void gru(float[] x, int xAt, float[] h, int hAt, float[] state, int stateAt) {
        for (int i = 0; i < hidden; i++) {
            float reset = FloatFunctions.sigmoid(h[hAt + i] + x[xAt + i]);
            float update = FloatFunctions.sigmoid(h[hAt + hidden + i] + x[xAt + hidden + i]);
            float candidate = FloatFunctions.tanh(x[xAt + 2 * hidden + i] + h[hAt + 2 * hidden + i] * reset);
            state[stateAt + i] = (state[stateAt + i] - candidate) * update + candidate;
        }
    }
}
