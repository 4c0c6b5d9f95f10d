// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.jquant.kernels.common.OutputBlock;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The arrays of one thread for pixels of all channels: exact sums in floats, what channels have of their own, and
 * results.
 */
final class ChannelSpace {
    float[] sums = new float[0];
    int[] integers = new int[0];
    int[] initial = new int[0];
    float[] multipliers = new float[0];
    float[] biases = new float[0];
    float[] floats = new float[0];
    byte[] bytes = new byte[0];
    byte[] addends = new byte[0];
    int[] reach = new int[0];

    /** Makes room for pixels of a number of channels, and taps. */
    void reserve(int pixels, int channels, int taps) {
        int elements = pixels * channels;
        if (sums.length < elements) {
            sums = new float[elements];
            integers = new int[elements];
            floats = new float[elements];
            bytes = new byte[elements + Lanes.REACH];
            addends = new byte[elements + Lanes.REACH];
        }
        if (reach.length < taps) {
            reach = new int[taps];
        }
        if (initial.length < channels) {
            initial = new int[channels];
            multipliers = new float[channels];
            biases = new float[channels];
        }
    }

    /** Loads what the channels of a block have of their own. */
    void load(OutputBlock block) {
        MemorySegment from = block.terms.segment();
        int channels = block.paddedColumns();
        MemorySegment.copy(from, JAVA_INT, block.terms.initialOffset(), initial, 0, channels);
        MemorySegment.copy(from, JAVA_FLOAT, block.terms.multiplierOffset(), multipliers, 0, channels);
        if (block.stage.realBias()) {
            MemorySegment.copy(from, JAVA_FLOAT, block.terms.biasOffset(), biases, 0, channels);
        } else {
            Arrays.fill(biases, 0, channels, 0);
        }
    }
}
