// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

/**
 * Where weights lie in the order in which they came: row {@code k} of column {@code j} at
 * {@code base + j * columnStride + (k / inner) * outerStride + (k % inner) * innerStride}.
 *
 * @param base the first element
 * @param columnStride from one column to the next
 * @param inner how many rows the inner of the two steps covers
 * @param innerStride from one row to the next within them
 * @param outerStride from a row to the one {@code inner} rows on
 */
public record WeightOrder(long base, long columnStride, int inner, long innerStride, long outerStride) {
    /**
     * A matrix whose columns, or whose rows, are contiguous.
     *
     * @param depth rows
     * @param columnStride from one column to the next
     * @param rowStride from one row to the next
     * @return the order
     */
    public static WeightOrder matrix(int depth, long columnStride, long rowStride) {
        return new WeightOrder(0, columnStride, depth, rowStride, 0);
    }

    long index(int row, int column) {
        return base + column * columnStride + row / inner * outerStride + row % inner * innerStride;
    }
}
