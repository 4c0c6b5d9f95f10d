// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/** Quantizes floats to u8 by a scale that is known only at run time. Run by many threads at once. */
public interface RowQuantizer {
    /**
     * Stores {@code clamp(rne(x * reciprocal) + zeroPoint, 0, 255)} for elements that follow each other; NaN becomes
     * the zero point.
     *
     * @param input f32, on the heap, in an array of any type, or off it, aligned to nothing
     * @param inputOffset the byte where its first element is
     * @param output the output, off the heap
     * @param outputOffset the byte where its first element goes
     * @param count elements, 0 or more
     * @param reciprocal one divided by the scale
     * @param zeroPoint the zero point, 0..255
     * @param scratch memory of the running thread's own
     */
    void run(MemorySegment input, long inputOffset, MemorySegment output, long outputOffset, long count,
            float reciprocal, int zeroPoint, Scratch scratch);
}
