// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jquant.Activation;
import io.jquant.Bias;
import io.jquant.DataType;
import io.jquant.DynamicLinearSpec;
import io.jquant.EngineOptions;
import io.jquant.PackedLinear;
import io.jquant.PackedRecurrentCell;
import io.jquant.QuantizationParameters;
import io.jquant.RecurrentSpec;
import io.jquant.RecurrentSpec.Cell;
import io.jquant.spi.RecurrentKernel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** LSTM and GRU cells. */
public abstract class RecurrentCases extends EngineCases {
    private static final QuantizationParameters ONE = QuantizationParameters.perTensor(DataType.S8, 1, 0);

    protected RecurrentCases(EngineOptions options) {
        super(options);
    }

    private static float sigmoid(float x) {
        return 1 / (1 + (float) StrictMath.exp(-x));
    }

    private static float tanh(float x) {
        return (float) StrictMath.tanh(x);
    }

    @Test
    void lstmByHand() {
        // no weights, so that the biases are the gates' arguments
        RecurrentSpec spec = new RecurrentSpec(Cell.LSTM, 1, 1, ONE, ONE, false);
        float[] hidden = {0.5f};
        float[] cell = {2};
        try (PackedRecurrentCell lstm = engine().recurrentCell(spec, MemorySegment.ofArray(new byte[4]),
                MemorySegment.ofArray(new byte[4]), Bias.of(0.5f, -1, 1, 0), Bias.of(0.5f, 0, 1, 3))) {
            lstm.run(1, MemorySegment.ofArray(new float[] {7}), MemorySegment.ofArray(hidden),
                    MemorySegment.ofArray(cell), MemorySegment.ofArray(hidden), MemorySegment.ofArray(cell));
        }
        float memory = sigmoid(-1) * 2 + sigmoid(1) * tanh(2);
        assertArrayEquals(new float[] {memory}, cell);
        assertArrayEquals(new float[] {sigmoid(3) * tanh(memory)}, hidden);
    }

    @Test
    void gruByHand() {
        RecurrentSpec spec = new RecurrentSpec(Cell.GRU, 1, 1, ONE, ONE, false);
        float[] hidden = {0.5f};
        try (PackedRecurrentCell gru = engine().recurrentCell(spec, MemorySegment.ofArray(new byte[3]),
                MemorySegment.ofArray(new byte[3]), Bias.of(0.5f, -1, 1), Bias.of(0.5f, 0, 2))) {
            gru.run(1, MemorySegment.ofArray(new float[] {7}), MemorySegment.ofArray(hidden),
                    MemorySegment.ofArray(hidden));
        }
        float candidate = tanh(1 + 2 * sigmoid(1));
        assertArrayEquals(new float[] {(0.5f - candidate) * sigmoid(-1) + candidate}, hidden);
    }

    @ParameterizedTest
    @EnumSource
    void equalsTwoDynamicLayers(Cell cell) {
        for (long seed = 0; seed < 20; seed++) {
            check(new Samples(seed), cell, "seed " + seed);
        }
    }

    private float[] layer(int features, RecurrentSpec spec, QuantizationParameters weight, MemorySegment weights,
            Bias bias, int batch, MemorySegment input) {
        float[] output = new float[batch * spec.gateRows()];
        try (PackedLinear linear = engine().dynamicLinear(new DynamicLinearSpec(features, spec.gateRows(), weight,
                Activation.NONE, false, spec.reduceRange()), weights, bias)) {
            linear.run(batch, input, MemorySegment.ofArray(output));
        }
        return output;
    }

    private static Bias realBias(Samples samples, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) samples.random().nextGaussian();
        }
        return Bias.of(values);
    }

    private void check(Samples samples, Cell cell, String message) {
        int in = samples.upTo(40);
        int size = samples.upTo(20);
        int batch = samples.upTo(4);
        int rows = cell.gates() * size;
        RecurrentSpec spec = new RecurrentSpec(cell, in, size, scaled(samples, rows), scaled(samples, rows),
                samples.random().nextBoolean());
        MemorySegment inputWeights = samples.bytes((long) rows * in);
        MemorySegment hiddenWeights = samples.bytes((long) rows * size);
        Bias inputBias = realBias(samples, rows);
        Bias hiddenBias = realBias(samples, rows);
        MemorySegment x = samples.floats((long) batch * in, 1);
        MemorySegment hidden = samples.floats((long) batch * size, 1);
        MemorySegment memory = samples.floats((long) batch * size, 1);
        float[] ofInput = layer(in, spec, spec.inputWeight(), inputWeights, inputBias, batch, x);
        float[] ofHidden = layer(size, spec, spec.hiddenWeight(), hiddenWeights, hiddenBias, batch, hidden);
        Guarded newHidden = new Guarded(samples.random(), 4L * batch * size);
        Guarded newCell = new Guarded(samples.random(), 4L * batch * size);
        try (PackedRecurrentCell packed = engine().recurrentCell(spec, inputWeights, hiddenWeights, inputBias,
                hiddenBias)) {
            if (cell == Cell.LSTM) {
                packed.run(batch, x, hidden, memory, newHidden.segment(), newCell.segment());
            } else {
                packed.run(batch, x, hidden, newHidden.segment());
            }
        }
        newHidden.assertUntouched(1, 1, message);
        for (int i = 0; i < batch * size; i++) {
            float before = memory.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i);
            float state = hidden.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i);
            int at = i / size * rows + i % size;
            int element = i;
            float expected;
            if (cell == Cell.LSTM) {
                float kept = sigmoid(ofInput[at + size] + ofHidden[at + size]) * before;
                float learned = sigmoid(ofInput[at] + ofHidden[at])
                        * tanh(ofInput[at + 2 * size] + ofHidden[at + 2 * size]);
                float remembered = kept + learned;
                assertEquals(remembered, newCell.segment().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i), message);
                expected = sigmoid(ofInput[at + 3 * size] + ofHidden[at + 3 * size]) * tanh(remembered);
            } else {
                float reset = sigmoid(ofInput[at] + ofHidden[at]);
                float candidate = tanh(ofInput[at + 2 * size] + reset * ofHidden[at + 2 * size]);
                expected = (state - candidate) * sigmoid(ofInput[at + size] + ofHidden[at + size]) + candidate;
            }
            assertEquals(expected, newHidden.segment().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i),
                    () -> message + ", element " + element + ", " + spec);
        }
    }

    /** Weights so small that gates do not saturate. */
    private static QuantizationParameters scaled(Samples samples, int rows) {
        float[] scales = new float[rows];
        for (int i = 0; i < rows; i++) {
            scales[i] = 0.002f + samples.random().nextFloat() * 0.002f;
        }
        return QuantizationParameters.symmetricPerChannel(DataType.S8, scales, 0);
    }

    @Test
    void givesTheWeightsBack() {
        Samples samples = new Samples(4);
        RecurrentSpec spec = new RecurrentSpec(Cell.GRU, 5, 3, samples.weight(9, 0), samples.weight(9, 0), false);
        MemorySegment inputWeights = samples.bytes(45);
        MemorySegment hiddenWeights = samples.bytes(27);
        MemorySegment inputBack = MemorySegment.ofArray(new byte[45]);
        MemorySegment hiddenBack = MemorySegment.ofArray(new byte[27]);
        try (var backend = openBackend(); RecurrentKernel kernel = backend.recurrent(spec, inputWeights,
                hiddenWeights, Bias.none(), Bias.none())) {
            kernel.unpack(inputBack, hiddenBack);
        }
        assertEquals(-1, inputWeights.mismatch(inputBack));
        assertEquals(-1, hiddenWeights.mismatch(hiddenBack));
    }
}
