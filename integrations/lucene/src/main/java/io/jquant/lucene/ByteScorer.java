// SPDX-License-Identifier: Apache-2.0
package io.jquant.lucene;

import io.jquant.VectorScoring;
import io.jquant.VectorScoringSpec;
import io.jquant.VectorScoringSpec.Metric;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.VectorUtil;

/** Scores byte vectors. */
final class ByteScorer extends RowScorer {
    private final VectorSimilarityFunction similarity;
    private final int dimension;
    private int queryNorm;

    private ByteScorer(KnnVectorValues values, Rows rows, VectorScoring scoring, VectorSimilarityFunction similarity) {
        super(values, rows, scoring);
        this.similarity = similarity;
        dimension = values.dimension();
    }

    /** A scorer, null where Lucene's own is to be taken. */
    static ByteScorer of(VectorSimilarityFunction similarity, KnnVectorValues values) throws IOException {
        Rows rows = Rows.of(values, values.dimension());
        VectorScoring scoring = rows == null ? null
                : Kernels.of(VectorScoringSpec.contiguous(values.dimension(), metric(similarity)));
        return scoring == null ? null : new ByteScorer(values, rows, scoring, similarity);
    }

    private static Metric metric(VectorSimilarityFunction similarity) {
        return switch (similarity) {
            case DOT_PRODUCT, MAXIMUM_INNER_PRODUCT -> Metric.PRODUCT;
            case EUCLIDEAN -> Metric.SQUARED_DISTANCE;
            case COSINE -> Metric.PRODUCT_AND_NORM;
        };
    }

    ByteScorer against(byte[] vector) {
        if (similarity == VectorSimilarityFunction.COSINE) {
            queryNorm = VectorUtil.dotProduct(vector, vector);
        }
        query(MemorySegment.ofArray(vector));
        return this;
    }

    @Override
    public void setScoringOrdinal(int node) {
        MemorySegment vector = rows.segment().asSlice((long) node * dimension, dimension);
        if (similarity == VectorSimilarityFunction.COSINE) {
            queryNorm = VectorUtil.dotProduct(vector.toArray(ValueLayout.JAVA_BYTE),
                    vector.toArray(ValueLayout.JAVA_BYTE));
        }
        query(vector);
    }

    @Override
    float score(MemorySegment table, int node, int sum, int norm) {
        return switch (similarity) {
            case DOT_PRODUCT -> 0.5f + sum / (float) (dimension * (1 << 15));
            case MAXIMUM_INNER_PRODUCT -> VectorUtil.scaleMaxInnerProductScore(sum);
            case EUCLIDEAN -> 1 / (1f + sum);
            case COSINE -> (1 + (float) (sum / Math.sqrt((double) queryNorm * norm))) / 2;
        };
    }
}
