// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/**
 * The arrays in which segments lie. Asked of an object whose class the compiler knows, the answer costs no object, of
 * whatever kinds segments were before.
 */
public final class HeapArrays {
    private static final Class<? extends MemorySegment> OF_BYTES = MemorySegment.ofArray(new byte[0]).getClass();
    private static final Class<? extends MemorySegment> OF_FLOATS = MemorySegment.ofArray(new float[0]).getClass();

    private HeapArrays() {
    }

    /**
     * A segment of an array of bytes as an object whose class the compiler knows.
     *
     * @param segment the segment
     * @return the same
     */
    public static MemorySegment ofBytes(MemorySegment segment) {
        return OF_BYTES.cast(segment);
    }

    /**
     * The array of bytes that a segment is part of.
     *
     * @param segment the segment
     * @return the array; null where it is of another type, read-only or outside the heap
     */
    public static byte[] bytes(MemorySegment segment) {
        return OF_BYTES.isInstance(segment) ? arrayOfBytes(segment) : null;
    }

    /**
     * The array of floats that a segment is part of.
     *
     * @param segment the segment
     * @return the array; null where it is of another type, read-only or outside the heap
     */
    public static float[] floats(MemorySegment segment) {
        return OF_FLOATS.isInstance(segment) ? arrayOfFloats(segment) : null;
    }

    // Methods of their own: where such segments were rare, the compiler inlines nothing that is called for them, and
    // would make an answer. And not one method for both: the class would be a constant only where it is inlined.

    private static byte[] arrayOfBytes(MemorySegment segment) {
        // of what may be written to, the answer is always a new one, which need not be made
        MemorySegment array = OF_BYTES.cast(segment);
        return array.isReadOnly() ? null : (byte[]) array.heapBase().orElse(null);
    }

    private static float[] arrayOfFloats(MemorySegment segment) {
        MemorySegment array = OF_FLOATS.cast(segment);
        return array.isReadOnly() ? null : (float[]) array.heapBase().orElse(null);
    }
}
