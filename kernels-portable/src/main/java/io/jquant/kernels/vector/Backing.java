// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import io.jquant.kernels.common.HeapArrays;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The array in which a segment lies. Loops over arrays, loops over memory outside the heap and loops over nothing else:
 * a loop that has met segments of two kinds is many times slower on both from then on.
 */
final class Backing {
    /** The class of memory outside the heap in this JVM; that of a mapped file extends it. */
    private static final Class<? extends MemorySegment> OUTSIDE = Arena.global().allocate(1).getClass();

    private Backing() {
    }

    /**
     * A segment outside the heap, as an object whose class the compiler knows: without it a loop's loads and stores
     * depend on what segments the Vector API has met anywhere in the JVM.
     */
    static MemorySegment outside(MemorySegment segment) {
        return OUTSIDE.cast(segment);
    }

    /** {@return the byte[] or float[] of elements of 1 or 4 bytes from an offset on; null where they lie elsewhere} */
    static Object array(MemorySegment segment, long offset, int elementBytes) {
        if (elementBytes == 1) {
            return HeapArrays.bytes(segment);
        }
        float[] array = HeapArrays.floats(segment);
        return array != null && (segment.address() + offset) % Float.BYTES == 0 ? array : null;
    }

    /** {@return the index in the array of the element at an offset of the segment} */
    static int index(MemorySegment segment, long offset, int elementBytes) {
        return (int) ((segment.address() + offset) / elementBytes);
    }

    /** Copies elements into an array, a byte[] or a float[]. */
    static void load(MemorySegment from, long offset, int elementBytes, Object to, int count) {
        if (elementBytes == 1) {
            MemorySegment.copy(from, JAVA_BYTE, offset, to, 0, count);
        } else {
            MemorySegment.copy(from, JAVA_FLOAT_UNALIGNED, offset, to, 0, count);
        }
    }

    /** Copies elements out of an array. */
    static void store(Object from, MemorySegment to, long offset, int elementBytes, int count) {
        if (elementBytes == 1) {
            MemorySegment.copy(from, 0, to, JAVA_BYTE, offset, count);
        } else {
            MemorySegment.copy(from, 0, to, JAVA_FLOAT_UNALIGNED, offset, count);
        }
    }
}
