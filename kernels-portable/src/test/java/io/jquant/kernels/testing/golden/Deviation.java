// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing.golden;

import io.jquant.golden.GoldenTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * How far an answer is from the golden one.
 *
 * @param elements elements of the output
 * @param equal of these, those of the same bits; two NaNs are the same
 * @param steps the largest difference of two integers
 * @param ulps the largest distance of two floats, in floats that lie between
 * @param absolute the largest difference of two floats
 */
record Deviation(long elements, long equal, long steps, long ulps, double absolute) {
    static final Deviation NONE = new Deviation(0, 0, 0, 0, 0);

    static Deviation of(GoldenTensor golden, MemorySegment answer) {
        if (answer.byteSize() != golden.data().limit()) {
            throw new IllegalArgumentException(
                    "answer = " + answer.byteSize() + " bytes: must be " + golden.data().limit());
        }
        Deviation sum = NONE;
        double[] wanted = golden.doubles();
        for (int i = 0; i < wanted.length; i++) {
            sum = sum.and(element(golden.type(), wanted[i], value(golden.type(), answer, i)));
        }
        return sum;
    }

    private static double value(GoldenTensor.Type type, MemorySegment answer, int index) {
        return switch (type) {
            case U8, BOOL -> Byte.toUnsignedInt(answer.get(ValueLayout.JAVA_BYTE, index));
            case S8 -> answer.get(ValueLayout.JAVA_BYTE, index);
            case S32 -> answer.get(ValueLayout.JAVA_INT_UNALIGNED, index * 4L);
            case S64 -> answer.get(ValueLayout.JAVA_LONG_UNALIGNED, index * 8L);
            case F32 -> answer.get(ValueLayout.JAVA_FLOAT_UNALIGNED, index * 4L);
            case F64 -> answer.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, index * 8L);
        };
    }

    private static Deviation element(GoldenTensor.Type type, double wanted, double actual) {
        if (Double.compare(wanted, actual) == 0) {
            return new Deviation(1, 1, 0, 0, 0);
        }
        return switch (type) {
            case F32, F64 -> new Deviation(1, 0, 0, Math.abs(rank((float) wanted) - rank((float) actual)),
                    Math.abs(wanted - actual));
            case U8, S8, S32, S64, BOOL -> new Deviation(1, 0, (long) Math.abs(wanted - actual), 0, 0);
        };
    }

    /** The place of a float among all floats. */
    private static long rank(float value) {
        int bits = Float.floatToIntBits(value);
        return bits < 0 ? (long) Integer.MIN_VALUE - bits : bits;
    }

    Deviation and(Deviation other) {
        return new Deviation(elements + other.elements, equal + other.equal, Math.max(steps, other.steps),
                Math.max(ulps, other.ulps), Math.max(absolute, other.absolute));
    }

    boolean isNone() {
        return equal == elements;
    }

    long different() {
        return elements - equal;
    }
}
