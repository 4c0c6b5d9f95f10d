// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import static io.jquant.kernels.testing.BruteForce.f32;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.DataType;
import io.jquant.QuantizationParameters;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/** Quantized elements, and the formulas of numerics.md 2.2 written a second time, in binary64. */
final class ElementForce {
    static final int[] U8_ZERO_POINTS = {0, 1, 127, 128, 255};
    /** What float arithmetic of a few operations may add to the half step of rounding, in steps. */
    static final double HALF_STEP = 0.5 + 1e-3;

    private ElementForce() {
    }

    static QuantizationParameters u8(double scale, int zeroPoint) {
        return QuantizationParameters.perTensor(DataType.U8, (float) scale, zeroPoint);
    }

    static QuantizationParameters s8(double scale, int zeroPoint) {
        return QuantizationParameters.perTensor(DataType.S8, (float) scale, zeroPoint);
    }

    /** Parameters of either type at each of the zero points that show mistakes. */
    static QuantizationParameters[] atEveryZeroPoint(double scale) {
        QuantizationParameters[] all = new QuantizationParameters[2 * U8_ZERO_POINTS.length];
        for (int i = 0; i < U8_ZERO_POINTS.length; i++) {
            all[2 * i] = u8(scale, U8_ZERO_POINTS[i]);
            all[2 * i + 1] = s8(scale, U8_ZERO_POINTS[i] - 128);
        }
        return all;
    }

    static MemorySegment segment(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return MemorySegment.ofArray(bytes);
    }

    /** All 256 bytes in the order of their unsigned values. */
    static MemorySegment everyByte() {
        int[] values = new int[256];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        return segment(values);
    }

    static int get(QuantizationParameters parameters, MemorySegment segment, long index) {
        return BruteForce.stored(parameters.type(), segment, index).intValue();
    }

    static int[] get(QuantizationParameters parameters, MemorySegment segment) {
        int[] values = new int[(int) segment.byteSize()];
        for (int i = 0; i < values.length; i++) {
            values[i] = get(parameters, segment, i);
        }
        return values;
    }

    static double dequantize(QuantizationParameters parameters, int quantized) {
        return f32(parameters.scale() * f32((double) quantized - parameters.zeroPoint()));
    }

    static int quantize(QuantizationParameters parameters, double real) {
        return saturate(parameters, f32(real * f32(1.0 / parameters.scale())));
    }

    static int saturate(QuantizationParameters parameters, double steps) {
        return Double.isNaN(steps) ? parameters.zeroPoint() : (int) inRange(parameters, Math.rint(steps));
    }

    private static double inRange(QuantizationParameters parameters, double steps) {
        return Math.max(parameters.type().min(),
                Math.min(parameters.type().max(), steps + parameters.zeroPoint()));
    }

    /** The nearest integer to a real number, or one of two that are as near but for float's errors. */
    static void assertNearest(QuantizationParameters parameters, double real, int actual, String message) {
        double exact = inRange(parameters, real / parameters.scale());
        assertTrue(Math.abs(actual - exact) <= HALF_STEP, () -> message + ": " + actual + " for " + exact);
    }

    static void assertSame(MemorySegment expected, MemorySegment actual, String message) {
        assertSame(expected, actual, () -> message);
    }

    static void assertSame(MemorySegment expected, MemorySegment actual, Supplier<String> message) {
        assertEquals(expected.byteSize(), actual.byteSize(), message);
        long at = expected.mismatch(actual);
        assertEquals(-1, at, () -> message.get() + ": byte " + at);
    }
}
