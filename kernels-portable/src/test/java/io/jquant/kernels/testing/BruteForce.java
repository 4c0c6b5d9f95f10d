// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing;

import io.jquant.Bias;
import io.jquant.DataType;
import io.jquant.Epilogue;
import io.jquant.QuantizationParameters;
import io.jquant.spi.Numerics;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The formulas of numerics.md written a second time: sums in int64, real numbers in binary64 with one rounding to
 * binary32 where the formula has one. (A product, quotient or sum of two floats in binary64, rounded to binary32, is
 * the float operation's result.)
 */
public final class BruteForce {
    private BruteForce() {
    }

    /** A quantized element's distance from its zero point. */
    public static long distance(QuantizationParameters parameters, int channel, MemorySegment segment, long index) {
        byte value = segment.get(ValueLayout.JAVA_BYTE, index);
        long quantized = parameters.type() == DataType.U8 ? value & 0xFFL : value;
        return quantized - parameters.zeroPoint(channel);
    }

    /** What a kernel must store for a sum: an integer, or a float. */
    public static Number element(Numerics numerics, QuantizationParameters input, QuantizationParameters weight,
            int channel, Epilogue epilogue, Bias bias, long raw, long addendDistance) {
        double sumScale = f32((double) input.scale() * weight.scale(channel));
        long sum = raw;
        double real = 0;
        if (bias instanceof Bias.Quantized quantized) {
            sum = wrap(raw + quantized.values().get(channel));
        } else if (bias instanceof Bias.Real values) {
            double value = values.values().get(channel);
            boolean toInteger = epilogue.type() == DataType.S32
                    || (epilogue.type() != DataType.F32 && numerics == Numerics.QNNPACK);
            if (toInteger) {
                sum = wrap(raw + clamp(Math.rint(f32(value * f32(1 / sumScale))), Integer.MIN_VALUE,
                        Integer.MAX_VALUE));
            } else {
                real = epilogue.type() == DataType.F32 ? value : f32(value / sumScale);
            }
        }
        return switch (epilogue.type()) {
            case S32 -> (int) sum;
            case F32 -> (float) Math.clamp(f32(f32(f32((double) sum) * sumScale) + real),
                    (double) epilogue.activation().min(), epilogue.activation().max());
            default -> quantized(numerics, sumScale, epilogue, f32(f32((double) sum) + real), addendDistance);
        };
    }

    private static int quantized(Numerics numerics, double sumScale, Epilogue epilogue, double f, long addendDistance) {
        QuantizationParameters output = epilogue.output();
        double scale = output.scale();
        double multiplier = numerics == Numerics.FBGEMM ? f32(sumScale / scale) : f32(sumScale * f32(1 / scale));
        double steps = f32(f * multiplier);
        if (epilogue.addend() != null) {
            steps = f32(steps + f32(addendDistance * f32(epilogue.addend().scale() / scale)));
        }
        double least = bound(epilogue.activation().min(), output);
        double most = bound(epilogue.activation().max(), output);
        return (int) clamp(Math.rint(steps) + output.zeroPoint(), least, most);
    }

    private static double bound(float bound, QuantizationParameters output) {
        double steps = Math.rint(f32(bound * f32(1.0 / output.scale()))) + output.zeroPoint();
        return clamp(steps, output.type().min(), output.type().max());
    }

    /** Reads what a kernel stored. */
    public static Number stored(DataType type, MemorySegment segment, long index) {
        return switch (type) {
            case U8 -> segment.get(ValueLayout.JAVA_BYTE, index) & 0xFF;
            case S8 -> (int) segment.get(ValueLayout.JAVA_BYTE, index);
            case S32 -> segment.get(ValueLayout.JAVA_INT_UNALIGNED, index * Integer.BYTES);
            case F32 -> segment.get(ValueLayout.JAVA_FLOAT_UNALIGNED, index * Float.BYTES);
            default -> throw new IllegalArgumentException("type = " + type + ": must be an output's");
        };
    }

    public static double f32(double value) {
        return (float) value;
    }

    private static long wrap(long value) {
        return (int) value;
    }

    private static long clamp(double value, double min, double max) {
        return (long) Math.max(min, Math.min(max, value));
    }
}
