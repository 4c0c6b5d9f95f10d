// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.Bias;
import io.jquant.RecurrentSpec;
import io.jquant.kernels.portable.Gates;
import io.jquant.spi.RecurrentKernel;
import java.lang.foreign.MemorySegment;

/** One step of an LSTM or GRU: two dynamic layers by kernels, then the gates by their definition. */
final class GemmRecurrentCell implements RecurrentKernel {
    private final KernelContext context;
    private final Gates gates;
    private final int inputSize;
    private final int hiddenSize;
    private final int gateRows;
    private final GemmDynamicLinear inputLayer;
    private final GemmDynamicLinear hiddenLayer;

    GemmRecurrentCell(KernelContext context, RecurrentSpec spec, Weights inputWeights, Bias inputBias,
            Weights hiddenWeights, Bias hiddenBias) {
        this.context = context;
        gates = new Gates(spec);
        inputSize = spec.inputSize();
        hiddenSize = spec.hiddenSize();
        gateRows = spec.gateRows();
        inputLayer = new GemmDynamicLinear(context, Gates.layer(spec, inputSize, spec.inputWeight()), inputWeights,
                inputBias);
        hiddenLayer = new GemmDynamicLinear(context, Gates.layer(spec, hiddenSize, spec.hiddenWeight()),
                hiddenWeights, hiddenBias);
    }

    @Override
    public void run(long batch, MemorySegment input, MemorySegment hidden, MemorySegment cell,
            MemorySegment newHidden, MemorySegment newCell) {
        // the layers borrow scratch memory of their own
        Scratch scratch = context.pool().borrow();
        try {
            long bytes = batch * gateRows * Float.BYTES;
            MemorySegment ofInput = scratch.call().atLeast(bytes);
            MemorySegment ofHidden = scratch.sums().atLeast(bytes);
            inputLayer.run(batch, input, inputSize, ofInput, gateRows, null, 0);
            hiddenLayer.run(batch, hidden, hiddenSize, ofHidden, gateRows, null, 0);
            for (long row = 0; row < batch; row++) {
                gates.row(ofInput, ofHidden, row * gateRows, row, hidden, cell, newHidden, newCell);
            }
        } finally {
            context.pool().giveBack(scratch);
        }
    }

    @Override
    public void unpack(MemorySegment inputWeights, MemorySegment hiddenWeights) {
        inputLayer.unpack(inputWeights);
        hiddenLayer.unpack(hiddenWeights);
    }

    @Override
    public void close() {
        inputLayer.close();
        hiddenLayer.close();
    }
}
