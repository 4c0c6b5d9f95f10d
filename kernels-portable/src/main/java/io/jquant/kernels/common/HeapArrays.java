// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/**
 * The arrays in which segments lie. Asked of an object whose class the compiler knows, the answer costs no object, of
 * whatever kinds segments were before.
 */
public final class HeapArrays {
    private static final Class<? extends MemorySegment> OF_BYTES = MemorySegment.ofArray(new byte[0]).getClass();

    private HeapArrays() {
    }

    /**
     * The array of bytes that a segment is part of.
     *
     * @param segment the segment
     * @return the array; null where it is of another type, read-only or outside the heap
     */
    public static byte[] bytes(MemorySegment segment) {
        if (!OF_BYTES.isInstance(segment)) {
            return null;
        }
        // of what may be written to, the answer is always a new one, which need not be made
        MemorySegment array = OF_BYTES.cast(segment);
        return array.isReadOnly() ? null : (byte[]) array.heapBase().orElse(null);
    }
}
