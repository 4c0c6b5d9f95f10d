// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/**
 * One step of a recurrent layer, on float input quantized as it comes (see {@link DynamicLinearSpec}).
 *
 * <p>Weights are in PyTorch's order: {@code [gates * hiddenSize][inputSize]} and {@code [gates * hiddenSize]
 * [hiddenSize]}, the gates input, forget, cell, output (LSTM), or reset, update, new (GRU).
 *
 * @param cell which cell
 * @param inputSize features of the input, 1 to 33,025
 * @param hiddenSize features of the state, 1 to 33,025
 * @param inputWeight parameters of the weights on the input: s8 or u8, per tensor or per channel on axis 0
 * @param hiddenWeight parameters of the weights on the state: s8 or u8, per tensor or per channel on axis 0
 * @param reduceRange whether inputs are quantized to 0..127 only
 */
public record RecurrentSpec(Cell cell, int inputSize, int hiddenSize, QuantizationParameters inputWeight,
        QuantizationParameters hiddenWeight, boolean reduceRange) implements PackedSpec {
    /** Which cell. */
    public enum Cell {
        /** Long short-term memory: {@code c' = f * c + i * g, h' = o * tanh(c')}. */
        LSTM(4),
        /** Gated recurrent unit: {@code n = tanh(x_n + r * h_n), h' = (1 - z) * n + z * h}. */
        GRU(3);

        private final int gates;

        Cell(int gates) {
            this.gates = gates;
        }

        /** {@return how many gates of hiddenSize rows the weights have} */
        public int gates() {
            return gates;
        }
    }

    /**
     * Checks that the parts go together.
     *
     * @throws IllegalArgumentException if they do not
     */
    public RecurrentSpec {
        Require.notNull("cell", cell);
        Require.positive("inputSize", inputSize);
        Require.positive("hiddenSize", hiddenSize);
        LinearSpec.requireSumFits("hiddenSize", hiddenSize);
        LinearSpec.checkFeatures(inputSize, cell.gates() * hiddenSize, inputWeight);
        LinearSpec.checkFeatures(hiddenSize, cell.gates() * hiddenSize, hiddenWeight);
    }

    /** {@return rows of the weights: gates times hiddenSize} */
    public int gateRows() {
        return cell.gates() * hiddenSize;
    }

    @Override
    public long weightBytes() {
        return inputWeightBytes() + hiddenWeightBytes();
    }

    long inputWeightBytes() {
        return (long) gateRows() * inputSize;
    }

    long hiddenWeightBytes() {
        return (long) gateRows() * hiddenSize;
    }
}
