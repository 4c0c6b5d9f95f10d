// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.DataType;
import io.jquant.QuantizationParameters;
import io.jquant.graph.Tensor;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** The smallest and the largest number of every channel of a tensor, or of the whole as of one channel. */
final class ChannelRanges {
    private final float[] min;
    private final float[] max;

    private ChannelRanges(int channels) {
        min = new float[channels];
        max = new float[channels];
        Arrays.fill(min, Float.POSITIVE_INFINITY);
        Arrays.fill(max, Float.NEGATIVE_INFINITY);
    }

    /** The ranges of a tensor; infinite and in the wrong order where a channel has no finite number. */
    static ChannelRanges of(Tensor values, int axis) {
        float[] data = floats(values);
        boolean whole = axis == QuantizationParameters.NO_AXIS;
        if (!whole && axis >= values.rank()) {
            throw new IllegalArgumentException("values = " + values + ": must have axis " + axis);
        }
        int channels = whole ? 1 : values.dim(axis);
        int inner = values.count();
        if (!whole) {
            inner = 1;
            for (int i = axis + 1; i < values.rank(); i++) {
                inner *= values.dim(i);
            }
        }
        ChannelRanges ranges = new ChannelRanges(channels);
        for (int from = 0, channel = 0; from < values.count(); from += inner) {
            ranges.widen(channel, data, from, from + inner);
            channel = channel + 1 == channels ? 0 : channel + 1;
        }
        return ranges;
    }

    /** The elements of an f32 tensor; the array may be longer than the tensor. */
    static float[] floats(Tensor values) {
        if (values == null || values.type() != DataType.F32) {
            throw new IllegalArgumentException("values = " + values + ": must be of type F32");
        }
        return values.floats();
    }

    private void widen(int channel, float[] data, int from, int to) {
        float low = min[channel];
        float high = max[channel];
        for (int i = from; i < to; i++) {
            float value = data[i];
            if (Float.isFinite(value)) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            } else if (Float.isNaN(value)) {
                throw new IllegalArgumentException("values[" + i + "] = NaN: must be a number");
            }
        }
        min[channel] = low;
        max[channel] = high;
    }

    /** Writes ranges; null, for no data, as no channel. */
    static void write(ChannelRanges ranges, DataOutput out) throws IOException {
        int channels = ranges == null ? 0 : ranges.channels();
        out.writeInt(channels);
        for (int i = 0; i < channels; i++) {
            out.writeFloat(ranges.min[i]);
            out.writeFloat(ranges.max[i]);
        }
    }

    static ChannelRanges read(DataInput in) throws IOException {
        int channels = in.readInt();
        if (channels == 0) {
            return null;
        }
        ChannelRanges ranges = new ChannelRanges(channels);
        for (int i = 0; i < channels; i++) {
            ranges.min[i] = in.readFloat();
            ranges.max[i] = in.readFloat();
        }
        return ranges;
    }

    ChannelRanges copy() {
        ChannelRanges copy = new ChannelRanges(channels());
        copy.include(this);
        return copy;
    }

    int channels() {
        return min.length;
    }

    boolean isEmpty(int channel) {
        return min[channel] > max[channel];
    }

    boolean isEmpty() {
        for (int i = 0; i < min.length; i++) {
            if (!isEmpty(i)) {
                return false;
            }
        }
        return true;
    }

    float min(int channel) {
        return min[channel];
    }

    float max(int channel) {
        return max[channel];
    }

    /** Widens these ranges to hold others. */
    void include(ChannelRanges others) {
        for (int i = 0; i < min.length; i++) {
            min[i] = Math.min(min[i], others.min[i]);
            max[i] = Math.max(max[i], others.max[i]);
        }
    }

    /** Moves these ranges towards others: PyTorch's moving average, in binary32. */
    void approach(ChannelRanges others, float constant) {
        for (int i = 0; i < min.length; i++) {
            if (isEmpty(i)) {
                min[i] = others.min[i];
                max[i] = others.max[i];
            } else if (!others.isEmpty(i)) {
                min[i] += constant * (others.min[i] - min[i]);
                max[i] += constant * (others.max[i] - max[i]);
            }
        }
    }

    /** The parameters for these ranges; a channel without a number gets those of 0 alone. */
    QuantizationParameters parameters(ObserverOptions options, int axis) {
        if (axis == QuantizationParameters.NO_AXIS) {
            return options.parameters(min[0], max[0]);
        }
        float[] low = min.clone();
        float[] high = max.clone();
        for (int i = 0; i < low.length; i++) {
            low[i] = isEmpty(i) ? 0 : low[i];
            high[i] = isEmpty(i) ? 0 : high[i];
        }
        return options.parameters(low, high, axis);
    }
}
