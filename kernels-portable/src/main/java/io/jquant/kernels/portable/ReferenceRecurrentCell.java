// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import io.jquant.Activation;
import io.jquant.Bias;
import io.jquant.DynamicLinearSpec;
import io.jquant.QuantizationParameters;
import io.jquant.RecurrentSpec;
import io.jquant.kernels.portable.ReferenceDynamicLinear.InputScale;
import io.jquant.spi.RecurrentKernel;
import java.lang.foreign.MemorySegment;

/**
 * One step of an LSTM or GRU: two dynamic layers, each of whose inputs is quantized as a whole, then the gates in
 * PyTorch's order of operations, every one rounded once to binary32. Exp and tanh are computed in binary64 and then
 * rounded, so that they do not depend on a machine or a vector library; PyTorch's may differ in the last bits.
 */
final class ReferenceRecurrentCell implements RecurrentKernel {
    private final RecurrentSpec spec;
    private final ReferenceDynamicLinear inputLayer;
    private final ReferenceDynamicLinear hiddenLayer;

    ReferenceRecurrentCell(RecurrentSpec spec, MemorySegment inputWeights, MemorySegment hiddenWeights, Bias inputBias,
            Bias hiddenBias) {
        this.spec = spec;
        this.inputLayer = layer(spec, spec.inputSize(), spec.inputWeight(), inputWeights, inputBias);
        this.hiddenLayer = layer(spec, spec.hiddenSize(), spec.hiddenWeight(), hiddenWeights, hiddenBias);
    }

    private static ReferenceDynamicLinear layer(RecurrentSpec spec, int features, QuantizationParameters weight,
            MemorySegment weights, Bias bias) {
        return new ReferenceDynamicLinear(new DynamicLinearSpec(features, spec.gateRows(), weight, Activation.NONE,
                false, spec.reduceRange()), weights, bias);
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
            for (int unit = 0; unit < spec.hiddenSize(); unit++) {
                long at = (row * spec.hiddenSize() + unit) * Float.BYTES;
                switch (spec.cell()) {
                    case LSTM -> lstm(ofInput, ofHidden, unit, cell, newHidden, newCell, at);
                    case GRU -> gru(ofInput, ofHidden, unit, hidden, newHidden, at);
                }
            }
        }
    }

    private void lstm(float[] x, float[] h, int unit, MemorySegment cell, MemorySegment newHidden,
            MemorySegment newCell, long at) {
        int size = spec.hiddenSize();
        float in = sigmoid(h[unit] + x[unit]);
        float forget = sigmoid(h[size + unit] + x[size + unit]);
        float candidate = tanh(h[2 * size + unit] + x[2 * size + unit]);
        float out = sigmoid(h[3 * size + unit] + x[3 * size + unit]);
        float memory = forget * cell.get(JAVA_FLOAT_UNALIGNED, at) + in * candidate;
        newCell.set(JAVA_FLOAT_UNALIGNED, at, memory);
        newHidden.set(JAVA_FLOAT_UNALIGNED, at, out * tanh(memory));
    }

    private void gru(float[] x, float[] h, int unit, MemorySegment hidden, MemorySegment newHidden, long at) {
        int size = spec.hiddenSize();
        float reset = sigmoid(h[unit] + x[unit]);
        float update = sigmoid(h[size + unit] + x[size + unit]);
        float candidate = tanh(x[2 * size + unit] + h[2 * size + unit] * reset);
        float before = hidden.get(JAVA_FLOAT_UNALIGNED, at);
        newHidden.set(JAVA_FLOAT_UNALIGNED, at, (before - candidate) * update + candidate);
    }

    private static float sigmoid(float value) {
        return 1.0f / (1.0f + RealFunctions.exp(-value));
    }

    private static float tanh(float value) {
        return (float) StrictMath.tanh(value);
    }

    @Override
    public void unpack(MemorySegment inputWeights, MemorySegment hiddenWeights) {
        inputLayer.unpack(inputWeights);
        hiddenLayer.unpack(hiddenWeights);
    }
}
