// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.PackedLinear;
import io.jquant.RecurrentSpec.Cell;
import io.jquant.graph.Tensor;
import io.jquant.spi.FloatKernels;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * One run of a recurrent layer over a batch of sequences. The input of all steps is multiplied with the weights at
 * once, the state at every step; every row of either is quantized by itself, so that a sequence's answer does not
 * depend on the others of its batch.
 */
final class RecurrentRun {
    private final FloatKernels floats;
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

    /** Gives memory for an output of the layer, its contents not set. */
    @FunctionalInterface
    interface Memory {
        Tensor allocate(int output, long... shape);
    }

    /** Arrays that one run after another uses: the gates' parts of all inputs and of a state, and a state. */
    static final class Space {
        private float[] ofInput = new float[0];
        private float[] ofState = new float[0];
        private float[] state = new float[0];
        private MemorySegment inputSegment;
        private MemorySegment stateSegment;
        private MemorySegment madeSegment;

        private void reserve(int inputs, int gates, int states) {
            if (ofInput.length < inputs) {
                ofInput = new float[inputs];
                inputSegment = MemorySegment.ofArray(ofInput);
            }
            if (state.length < states) {
                ofState = new float[gates];
                madeSegment = MemorySegment.ofArray(ofState);
                state = new float[states];
                stateSegment = MemorySegment.ofArray(state);
            }
        }
    }

    /** The arrays of a layer that no run uses now. */
    static final class Spaces {
        private final ArrayBlockingQueue<Space> idle = new ArrayBlockingQueue<>(16);

        private Space take() {
            Space space = idle.poll();
            return space == null ? new Space() : space;
        }

        private void give(Space space) {
            // with more threads than places, it goes back to the collector
            var _ = idle.offer(space);
        }
    }

    /**
     * A run.
     *
     * @param floats the kernels for the gates
     * @param layers one for each direction
     * @param reverse whether the only direction is backwards
     * @param memory where the outputs go
     * @param input f32 {@code [length][batch][features]}
     * @param firstHidden f32 {@code [directions][batch][hidden]}, null for zeros
     * @param firstCell likewise; not used by cells without a memory
     */
    RecurrentRun(FloatKernels floats, Layer[] layers, boolean reverse, Memory memory, Tensor input, Tensor firstHidden,
            Tensor firstCell) {
        this.floats = floats;
        this.layers = layers;
        this.reverse = reverse;
        this.input = input;
        length = input.dim(0);
        batch = input.dim(1);
        hidden = layers[0].hidden().inFeatures();
        outputs = memory.allocate(0, length, layers.length, batch, hidden);
        lastHidden = state(memory, 1, firstHidden);
        lastCell = state(memory, 2, firstCell);
    }

    private Tensor state(Memory memory, int output, Tensor first) {
        Tensor state = memory.allocate(output, layers.length, batch, hidden);
        if (first == null) {
            Arrays.fill(state.floats(), 0, state.count(), 0);
        } else {
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

    void run(Spaces spaces) {
        Space space = spaces.take();
        try {
            for (int direction = 0; direction < layers.length; direction++) {
                run(direction, space);
            }
        } finally {
            spaces.give(space);
        }
    }

    private void run(int direction, Space space) {
        Layer layer = layers[direction];
        int rows = layer.hidden().outFeatures();
        int size = batch * hidden;
        space.reserve(length * batch * rows, batch * rows, size);
        System.arraycopy(lastHidden.floats(), direction * size, space.state, 0, size);
        layer.input().run((long) length * batch, input.segment(), space.inputSegment);
        for (int step = 0; step < length; step++) {
            int at = reverse || direction == 1 ? length - 1 - step : step;
            layer.hidden().run(batch, space.stateSegment, space.madeSegment);
            for (int row = 0; row < batch; row++) {
                int x = (at * batch + row) * rows;
                if (layer.cell() == Cell.LSTM) {
                    floats.lstm(hidden, space.ofInput, x, space.ofState, row * rows, lastCell.floats(),
                            direction * size + row * hidden, space.state, row * hidden);
                } else {
                    floats.gru(hidden, space.ofInput, x, space.ofState, row * rows, space.state, row * hidden);
                }
            }
            System.arraycopy(space.state, 0, outputs.floats(), (at * layers.length + direction) * size, size);
        }
        System.arraycopy(space.state, 0, lastHidden.floats(), direction * size, size);
    }
}
