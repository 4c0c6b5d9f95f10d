// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/** Finds the smallest and the largest of floats. Run by many threads at once. */
public interface RangeFinder {
    /**
     * Widens a range by elements that follow each other; NaN is passed over, -0 is below 0.
     *
     * @param input f32, on the heap, in an array of any type, or off it, aligned to nothing
     * @param offset the byte where the first element is
     * @param count elements, 0 or more
     * @param range the smallest and the largest so far, which get those of the elements and these
     * @param scratch memory of the running thread's own
     */
    void widen(MemorySegment input, long offset, long count, float[] range, Scratch scratch);
}
