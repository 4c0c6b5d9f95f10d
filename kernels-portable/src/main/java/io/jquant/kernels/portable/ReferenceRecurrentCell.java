// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.Bias;
import io.jquant.QuantizationParameters;
import io.jquant.RecurrentSpec;
import io.jquant.kernels.portable.ReferenceDynamicLinear.InputScale;
import io.jquant.spi.RecurrentKernel;
import java.lang.foreign.MemorySegment;

/** One step of an LSTM or GRU: two dynamic layers, each of whose inputs is quantized as a whole, then the gates. */
final class ReferenceRecurrentCell implements RecurrentKernel {
    private final RecurrentSpec spec;
    private final Gates gates;
    private final ReferenceDynamicLinear inputLayer;
    private final ReferenceDynamicLinear hiddenLayer;

    ReferenceRecurrentCell(RecurrentSpec spec, MemorySegment inputWeights, MemorySegment hiddenWeights, Bias inputBias,
            Bias hiddenBias) {
        this.spec = spec;
        this.gates = new Gates(spec);
        this.inputLayer = layer(spec, spec.inputSize(), spec.inputWeight(), inputWeights, inputBias);
        this.hiddenLayer = layer(spec, spec.hiddenSize(), spec.hiddenWeight(), hiddenWeights, hiddenBias);
    }

    private static ReferenceDynamicLinear layer(RecurrentSpec spec, int features, QuantizationParameters weight,
            MemorySegment weights, Bias bias) {
        return new ReferenceDynamicLinear(Gates.layer(spec, features, weight), weights, bias);
    }

    @Override
    public void run(long batch, MemorySegment input, MemorySegment hidden, MemorySegment cell,
            MemorySegment newHidden, MemorySegment newCell) {
        InputScale inputScale = inputLayer.scaleOf(batch, input, 0, spec.inputSize());
        InputScale hiddenScale = hiddenLayer.scaleOf(batch, hidden, 0, spec.hiddenSize());
        float[] ofInput = new float[spec.gateRows()];
        float[] ofHidden = new float[spec.gateRows()];
        for (long row = 0; row < batch; row++) {
            inputLayer.row(input, row * spec.inputSize(), inputScale, ofInput);
            hiddenLayer.row(hidden, row * spec.hiddenSize(), hiddenScale, ofHidden);
            gates.row(MemorySegment.ofArray(ofInput), MemorySegment.ofArray(ofHidden), 0, row, hidden, cell,
                    newHidden, newCell);
        }
    }

    @Override
    public void unpack(MemorySegment inputWeights, MemorySegment hiddenWeights) {
        inputLayer.unpack(inputWeights);
        hiddenLayer.unpack(hiddenWeights);
    }
}
