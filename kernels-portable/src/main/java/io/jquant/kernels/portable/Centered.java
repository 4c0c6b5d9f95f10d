// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.DataType;
import io.jquant.QuantizationParameters;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Reads bytes as their distances from the zero point: {@code quantized - zeroPoint}, from -255 to 255.
 *
 * @param signed whether the bytes are s8, and not u8
 * @param zeroPoint the zero point
 */
record Centered(boolean signed, int zeroPoint) {
    static Centered of(QuantizationParameters parameters, int channel) {
        return new Centered(parameters.type() == DataType.S8, parameters.zeroPoint(channel));
    }

    short get(MemorySegment segment, long index) {
        byte stored = segment.get(ValueLayout.JAVA_BYTE, index);
        return (short) ((signed ? stored : Byte.toUnsignedInt(stored)) - zeroPoint);
    }

    void set(MemorySegment segment, long index, short distance) {
        segment.set(ValueLayout.JAVA_BYTE, index, (byte) (distance + zeroPoint));
    }

    void load(MemorySegment from, long index, short[] to, int at, int count) {
        for (int i = 0; i < count; i++) {
            to[at + i] = get(from, index + i);
        }
    }
}
