// SPDX-License-Identifier: Apache-2.0
package io.jquant.lucene;

import java.io.IOException;
import org.apache.lucene.codecs.hnsw.FlatVectorScorerUtil;
import org.apache.lucene.codecs.hnsw.FlatVectorsScorer;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.VectorEncoding;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.hnsw.RandomVectorScorer;
import org.apache.lucene.util.hnsw.RandomVectorScorerSupplier;
import org.apache.lucene.util.hnsw.UpdateableRandomVectorScorer;

/**
 * Scores byte vectors that are mapped into memory, or held by a writer of this module, with jquant's kernels, many rows
 * a call; everything else (float vectors, other directories, a process without fast kernels) with the scorer that
 * Lucene would take. Scores are the same to the bit.
 */
public final class JquantFlatVectorsScorer implements FlatVectorsScorer {
    private final FlatVectorsScorer lucene = FlatVectorScorerUtil.getLucene99FlatVectorsScorer();

    /** A scorer. */
    public JquantFlatVectorsScorer() {
    }

    @Override
    public RandomVectorScorerSupplier getRandomVectorScorerSupplier(VectorSimilarityFunction similarity,
            KnnVectorValues values) throws IOException {
        return values.getEncoding() == VectorEncoding.BYTE && ByteScorer.of(similarity, values) != null
                ? new Supplier(similarity, values) : lucene.getRandomVectorScorerSupplier(similarity, values);
    }

    @Override
    public RandomVectorScorer getRandomVectorScorer(VectorSimilarityFunction similarity, KnnVectorValues values,
            float[] target) throws IOException {
        return lucene.getRandomVectorScorer(similarity, values, target);
    }

    @Override
    public RandomVectorScorer getRandomVectorScorer(VectorSimilarityFunction similarity, KnnVectorValues values,
            byte[] target) throws IOException {
        FlatVectorsScorer.checkDimensions(target.length, values.dimension());
        ByteScorer scorer = ByteScorer.of(similarity, values);
        return scorer == null ? lucene.getRandomVectorScorer(similarity, values, target) : scorer.against(target);
    }

    @Override
    public String toString() {
        return "JquantFlatVectorsScorer(" + lucene + ")";
    }

    private record Supplier(VectorSimilarityFunction similarity, KnnVectorValues values)
            implements RandomVectorScorerSupplier {
        @Override
        public UpdateableRandomVectorScorer scorer() throws IOException {
            return ByteScorer.of(similarity, values);
        }

        @Override
        public RandomVectorScorerSupplier copy() throws IOException {
            return new Supplier(similarity, values.copy());
        }
    }
}
