// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.peers;

import io.jquant.QuantizationParameters;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The real numbers that quantized operands stand for: what float libraries are given. */
final class Floats {
    private Floats() {
    }

    /** The values of u8 or s8 elements; {@code inner} elements follow each other with the same channel. */
    static float[] of(MemorySegment quantized, QuantizationParameters parameters, long inner) {
        float[] values = new float[Math.toIntExact(quantized.byteSize())];
        for (int i = 0; i < values.length; i++) {
            int channel = parameters.isPerTensor() ? 0 : (int) (i / inner);
            byte raw = quantized.get(ValueLayout.JAVA_BYTE, i);
            int value = parameters.type().min() < 0 ? raw : Byte.toUnsignedInt(raw);
            values[i] = (value - parameters.zeroPoint(channel)) * parameters.scale(channel);
        }
        return values;
    }

    /** The scales of parameters, one for every channel. */
    static float[] scales(QuantizationParameters parameters) {
        float[] scales = new float[parameters.channels()];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = parameters.scale(i);
        }
        return scales;
    }

    /** Native memory as a buffer. */
    static ByteBuffer buffer(MemorySegment segment) {
        return segment.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /** A matrix {@code [rows][columns]} of bytes, turned. */
    static byte[] turned(MemorySegment matrix, int rows, int columns) {
        byte[] turned = new byte[rows * columns];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                turned[c * rows + r] = matrix.get(ValueLayout.JAVA_BYTE, (long) r * columns + c);
            }
        }
        return turned;
    }
}
