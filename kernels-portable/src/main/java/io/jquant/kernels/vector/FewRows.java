// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import java.lang.foreign.MemorySegment;

/**
 * The innermost loops for a few rows, which read packed weights where they lie: such a product takes the time that its
 * weights take from memory. A vector brings four weights of every column, the second and fourth of which are the upper
 * bytes of shorts, the first and third the lower ones. They are multiplied with terms from -127 to 128, as rows are
 * once taken off 128: two such products, and no less, have a sum that is a short whatever they are. Shorts are summed
 * modulo 2^16, and so are their upper bytes; both together say what {@link #STEPS} of them sum up to, since the lower
 * bytes sum up to less than 2^16. Methods are leaves, as those of {@link FloatTile} are.
 */
public interface FewRows {
    /** Rows that are worth it at most. */
    int MOST = 4;
    /** Weights of a column that lie next to each other, which make a step. */
    int FOUR = 4;
    /** Steps whose sum is exact. */
    int STEPS = 256;
    /** Shorts that loops hand on for every column of a panel. */
    int PARTS = 4;

    /**
     * Multiplies rows with a panel of weights.
     *
     * @param rows how many, 1 to {@link #MOST}
     * @param terms pairs of shorts: of every step that of the first and third term, then that of the second and fourth
     * @param termsAt the first row's first pair
     * @param termsStep from one row's to the next
     * @param weights s8 weights outside the heap, {@code [step][columns][4]}
     * @param weightsAt where they begin
     * @param steps how many, an even number up to {@link #STEPS}
     * @param parts room for {@link #PARTS} shorts for every column of a panel
     * @param sums what sums are subtracted from
     * @param sumsAt the first row's first one
     * @param sumsStep from one row's to the next
     */
    void multiply(int rows, int[] terms, int termsAt, int termsStep, MemorySegment weights, long weightsAt, int steps,
            short[] parts, int[] sums, int sumsAt, int sumsStep);
}
