// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.measure;

import io.jquant.DataType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * How far a result is off the scalar reference's.
 *
 * @param elements how many were compared
 * @param differing how many are not the same bits
 * @param most the largest difference: in steps of integers, of real numbers as a part of the largest of the reference
 */
public record Deviation(long elements, long differing, double most) {
    /**
     * Compares.
     *
     * @param type the elements' type: u8, s8, s32 or f32
     * @param reference what is right
     * @param result what is compared with it
     * @return how far it is off
     */
    public static Deviation of(DataType type, MemorySegment reference, MemorySegment result) {
        if (reference.byteSize() != result.byteSize()) {
            throw new IllegalArgumentException("result = " + result.byteSize() + " bytes: must be the reference's, "
                    + reference.byteSize());
        }
        long elements = reference.byteSize() / type.bytes(1);
        if (reference.mismatch(result) < 0) {
            return new Deviation(elements, 0, 0);
        }
        long differing = 0;
        double most = 0;
        double largest = 0;
        for (long i = 0; i < elements; i++) {
            double right = element(type, reference, i);
            double difference = Math.abs(right - element(type, result, i));
            differing += difference == 0 ? 0 : 1;
            most = Math.max(most, difference);
            largest = Math.max(largest, Math.abs(right));
        }
        return new Deviation(elements, differing, type.isFloating() && largest > 0 ? most / largest : most);
    }

    private static double element(DataType type, MemorySegment memory, long index) {
        return switch (type) {
            case U8 -> Byte.toUnsignedInt(memory.get(ValueLayout.JAVA_BYTE, index));
            case S8 -> memory.get(ValueLayout.JAVA_BYTE, index);
            case S32 -> memory.getAtIndex(ValueLayout.JAVA_INT, index);
            case F32 -> memory.getAtIndex(ValueLayout.JAVA_FLOAT, index);
            default -> throw new IllegalArgumentException("type = " + type + ": must be U8, S8, S32 or F32");
        };
    }

    /** {@return whether all bits are the same} */
    public boolean isNone() {
        return differing == 0;
    }

    @Override
    public String toString() {
        return isNone() ? "equal" : String.format("%.3g%% off by up to %.3g", 100.0 * differing / elements, most);
    }
}
