// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/** Adds rows of an embedding table of 8 or 4 bits. Run by many threads at once. */
public interface BagKernel {
    /**
     * Adds a row to sums: {@code sum[i] = fma(scale, quantized[i], sum[i] + bias)}.
     *
     * @param table the table, off the heap
     * @param offset the byte where the row's quantized elements begin; of 4 bits, the first is in the low half
     * @param scale the row's scale, times its weight
     * @param bias the row's bias, times its weight
     * @param sums the sums, an element for each of the row's
     * @param count elements of the row
     */
    void add(MemorySegment table, long offset, float scale, float bias, float[] sums, int count);
}
