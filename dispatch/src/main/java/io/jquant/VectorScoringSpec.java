// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/**
 * One vector against many rows of a table that are picked by number, as searching for near neighbours has it. With
 * {@code a} the query, s8, and {@code b} a row, every result is an exact int32.
 *
 * @param dimension elements of the query and of a row, 1 to 33,025: more could leave int32
 * @param rowStride bytes from one row to the next, at least {@code dimension}
 * @param rowType the rows' elements: s8; or u8, for products only
 * @param metric what is computed
 */
public record VectorScoringSpec(int dimension, int rowStride, DataType rowType, Metric metric) {
    private static final int MOST_DIMENSIONS = Integer.MAX_VALUE / (255 * 255);

    /** What is computed of a query and a row. */
    public enum Metric {
        /** {@code sum(a[i] * b[i])}. */
        PRODUCT(1),
        /** {@code sum((a[i] - b[i])^2)}. */
        SQUARED_DISTANCE(1),
        /** The products of all rows, then {@code sum(b[i]^2)} of all rows. */
        PRODUCT_AND_NORM(2);

        private final int results;

        Metric(int results) {
            this.results = results;
        }

        /** {@return how many int32 a row yields} */
        public int results() {
            return results;
        }
    }

    /**
     * Checks that the parts go together.
     *
     * @throws IllegalArgumentException if they do not
     */
    public VectorScoringSpec {
        Require.that(dimension >= 1 && dimension <= MOST_DIMENSIONS, "dimension", dimension, "1 to " + MOST_DIMENSIONS);
        Require.that(rowStride >= dimension, "rowStride", rowStride, "at least " + dimension + ", the dimension");
        Require.notNull("metric", metric);
        Require.that(rowType == DataType.S8 || (rowType == DataType.U8 && metric == Metric.PRODUCT), "rowType", rowType,
                "s8, or u8 for products");
    }

    /**
     * Rows of s8, one right behind the other.
     *
     * @param dimension elements of the query and of a row
     * @param metric what is computed
     * @return the specification
     * @throws IllegalArgumentException if a value is not as said
     */
    public static VectorScoringSpec contiguous(int dimension, Metric metric) {
        return new VectorScoringSpec(dimension, dimension, DataType.S8, metric);
    }
}
