// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.QuantizationParameters;
import java.lang.foreign.MemorySegment;

/** Weights as distances from their zero points, one contiguous row for every output channel. */
final class CenteredWeights {
    /** Where the weights lie in the order in which the user has them. */
    @FunctionalInterface
    interface Order {
        long canonical(int channel, int position);
    }

    private final short[][] rows;
    private final QuantizationParameters parameters;
    private final Order order;

    CenteredWeights(int channels, int columns, Order order, QuantizationParameters parameters, MemorySegment weights) {
        this.rows = new short[channels][columns];
        this.parameters = parameters;
        this.order = order;
        for (int channel = 0; channel < channels; channel++) {
            Centered centered = Centered.of(parameters, channel);
            for (int position = 0; position < columns; position++) {
                rows[channel][position] = centered.get(weights, order.canonical(channel, position));
            }
        }
    }

    static CenteredWeights matrix(int rows, int columns, QuantizationParameters parameters, MemorySegment weights) {
        return new CenteredWeights(rows, columns, (row, column) -> (long) row * columns + column, parameters, weights);
    }

    float scale(int channel) {
        return parameters.scale(channel);
    }

    /** The exact sum of products with a row; the specification's check keeps it within int32. */
    int dot(int channel, short[] input) {
        short[] row = rows[channel];
        int sum = 0;
        for (int i = 0; i < row.length; i++) {
            sum += input[i] * row[i];
        }
        return sum;
    }

    void unpack(MemorySegment weights) {
        for (int channel = 0; channel < rows.length; channel++) {
            Centered centered = Centered.of(parameters, channel);
            for (int position = 0; position < rows[channel].length; position++) {
                centered.set(weights, order.canonical(channel, position), rows[channel][position]);
            }
        }
    }
}
