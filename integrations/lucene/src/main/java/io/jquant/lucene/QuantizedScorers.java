// SPDX-License-Identifier: Apache-2.0
package io.jquant.lucene;

import java.io.IOException;
import org.apache.lucene.codecs.hnsw.FlatVectorsScorer;
import org.apache.lucene.codecs.lucene104.Lucene104ScalarQuantizedVectorScorer;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.VectorUtil;
import org.apache.lucene.util.hnsw.RandomVectorScorer;
import org.apache.lucene.util.hnsw.RandomVectorScorerSupplier;
import org.apache.lucene.util.hnsw.UpdateableRandomVectorScorer;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues;

/** Scorers of quantized float vectors: jquant's for 7 and 8 bits in mapped files, else Lucene's. */
final class QuantizedScorers extends Lucene104ScalarQuantizedVectorScorer {
    QuantizedScorers(FlatVectorsScorer raw) {
        super(raw);
    }

    @Override
    public RandomVectorScorerSupplier getRandomVectorScorerSupplier(VectorSimilarityFunction similarity,
            KnnVectorValues values) throws IOException {
        return values instanceof QuantizedByteVectorValues quantized
                && QuantizedScorer.of(similarity, quantized) != null ? new Supplier(similarity, quantized)
                        : super.getRandomVectorScorerSupplier(similarity, values);
    }

    @Override
    public RandomVectorScorer getRandomVectorScorer(VectorSimilarityFunction similarity, KnnVectorValues values,
            float[] target) throws IOException {
        QuantizedScorer scorer = values instanceof QuantizedByteVectorValues quantized
                ? QuantizedScorer.of(similarity, quantized) : null;
        if (scorer == null) {
            return super.getRandomVectorScorer(similarity, values, target);
        }
        FlatVectorsScorer.checkDimensions(target.length, values.dimension());
        float[] copy = target.clone();
        if (similarity == VectorSimilarityFunction.COSINE) {
            VectorUtil.l2normalize(copy);
        }
        return scorer.against(copy);
    }

    private record Supplier(VectorSimilarityFunction similarity, QuantizedByteVectorValues values)
            implements RandomVectorScorerSupplier {
        @Override
        public UpdateableRandomVectorScorer scorer() throws IOException {
            return QuantizedScorer.of(similarity, values);
        }

        @Override
        public RandomVectorScorerSupplier copy() throws IOException {
            return new Supplier(similarity, values.copy());
        }
    }
}
