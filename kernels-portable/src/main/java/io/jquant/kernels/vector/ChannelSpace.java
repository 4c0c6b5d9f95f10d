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
    /** What sums begin with, as planes have it, in vectors of {@link ChannelPlanes#WIDE_LANES}. */
    float[] planeInitial = new float[0];
    /** Multipliers, likewise. */
    float[] planeMultipliers = new float[0];
    /** Biases, likewise. */
    float[] planeBiases = new float[0];
    final DepthwiseTile tile = new DepthwiseTile();
    private float[] zeros = new float[0];
    private byte[] group = new byte[0];
    private double mostInitial;
    private double mostSteps;

    /** Makes room for what channels have of their own. */
    void reserve(int channels) {
        if (initial.length < channels) {
            initial = new int[channels];
            multipliers = new float[channels];
            biases = new float[channels];
            planeInitial = new float[channels / ChannelPlanes.LANES * ChannelPlanes.WIDE_LANES];
            planeMultipliers = new float[planeInitial.length];
            planeBiases = new float[planeInitial.length];
            zeros = new float[planeInitial.length];
        }
    }

    /** Makes room for sums and results of pixels. */
    void reserve(int pixels, int channels) {
        int elements = pixels * channels;
        if (sums.length < elements) {
            sums = new float[elements];
            integers = new int[elements];
            floats = new float[elements];
            bytes = new byte[elements + Lanes.REACH];
            addends = new byte[elements + Lanes.REACH];
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

    /** Loads the same for planes. */
    void loadPlanes(OutputBlock block, double mostSum) {
        mostInitial = 0;
        mostSteps = 0;
        for (int channel = 0; channel < block.paddedColumns(); channel++) {
            int place = ChannelPlanes.place(channel);
            int at = place / ChannelPlanes.LANES * ChannelPlanes.WIDE_LANES + place % ChannelPlanes.LANES;
            for (int pixel = 0; pixel < ChannelPlanes.WIDE_LANES; pixel += ChannelPlanes.LANES) {
                planeInitial[at + pixel] = initial[channel];
                planeMultipliers[at + pixel] = multipliers[channel];
                planeBiases[at + pixel] = biases[channel];
            }
            double sum = mostSum + Math.abs((double) initial[channel]);
            mostInitial = Math.max(mostInitial, sum);
            mostSteps = Math.max(mostSteps, (sum + Math.abs(biases[channel])) * Math.abs(multipliers[channel]));
        }
    }

    /** {@return whether sums are exact with what they begin with, and results fit what planes are finished in} */
    boolean fitsPlanes() {
        return mostInitial < 1 << 24 && mostSteps < PlaneFinisher.MOST;
    }

    /** {@return room for bytes of a group of channels} */
    byte[] group(int length) {
        if (group.length < length) {
            group = new byte[length];
        }
        return group;
    }

    /** {@return as many zeros as there are channels at least} */
    float[] zeros() {
        return zeros;
    }
}
