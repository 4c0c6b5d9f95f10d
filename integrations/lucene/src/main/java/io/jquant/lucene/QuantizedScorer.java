// SPDX-License-Identifier: Apache-2.0
package io.jquant.lucene;

import io.jquant.DataType;
import io.jquant.VectorScoring;
import io.jquant.VectorScoringSpec;
import io.jquant.VectorScoringSpec.Metric;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.VectorUtil;
import org.apache.lucene.util.quantization.OptimizedScalarQuantizer.QuantizationResult;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;

/**
 * Scores float vectors of which an index holds bytes, u8, and behind each vector's bytes what corrects its products:
 * lower and upper bound of its interval, an addend, the sum of its bytes. The formula is Lucene's, operation by
 * operation.
 */
final class QuantizedScorer extends RowScorer {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int UPPER = 4;
    private static final int ADDEND = 8;
    private static final int SUM = 12;
    private static final int CORRECTIONS = 16;

    private final QuantizedByteVectorValues values;
    private final VectorSimilarityFunction similarity;
    private final int dimension;
    private final boolean isFull;
    private final float scale;
    private final float centroidProduct;
    private final byte[] bytes;
    private float lower;
    private float range;
    private float addend;
    private int sum;

    private QuantizedScorer(QuantizedByteVectorValues values, Rows rows, VectorScoring scoring,
            VectorSimilarityFunction similarity) throws IOException {
        super(values, rows, scoring);
        this.values = values;
        this.similarity = similarity;
        dimension = values.dimension();
        isFull = values.getScalarEncoding() == ScalarEncoding.UNSIGNED_BYTE;
        scale = 1f / ((1 << values.getScalarEncoding().getBits()) - 1);
        centroidProduct = values.getCentroidDP();
        bytes = new byte[dimension];
    }

    /** A scorer, null where Lucene's own is to be taken. */
    static QuantizedScorer of(VectorSimilarityFunction similarity, QuantizedByteVectorValues values)
            throws IOException {
        ScalarEncoding encoding = values.getScalarEncoding();
        if (encoding != ScalarEncoding.UNSIGNED_BYTE && encoding != ScalarEncoding.SEVEN_BIT) {
            return null;
        }
        int stride = values.dimension() + CORRECTIONS;
        Rows rows = Rows.of(values, stride);
        VectorScoring scoring = rows == null ? null
                : Kernels.of(new VectorScoringSpec(values.dimension(), stride, DataType.U8, Metric.PRODUCT));
        return scoring == null ? null : new QuantizedScorer(values, rows, scoring, similarity);
    }

    QuantizedScorer against(float[] vector) throws IOException {
        QuantizationResult corrections = values.getQuantizer().scalarQuantize(vector, bytes,
                values.getScalarEncoding().getQueryBits(), values.getCentroid());
        set(corrections.lowerInterval(), corrections.upperInterval(), corrections.additionalCorrection(),
                corrections.quantizedComponentSum());
        return this;
    }

    @Override
    public void setScoringOrdinal(int node) {
        MemorySegment table = rows.segment();
        long at = (long) node * (dimension + CORRECTIONS);
        MemorySegment.copy(table, ValueLayout.JAVA_BYTE, at, bytes, 0, dimension);
        at += dimension;
        set(table.get(FLOAT, at), table.get(FLOAT, at + UPPER), table.get(FLOAT, at + ADDEND),
                table.get(INT, at + SUM));
    }

    private void set(float low, float high, float added, int total) {
        lower = low;
        range = (high - low) * scale;
        addend = added;
        sum = total;
        for (int i = 0; isFull && i < dimension; i++) {
            // kernels take a query of s8: 128 less, times the sum of a row's bytes is added again
            bytes[i] ^= (byte) 0x80;
        }
        query(MemorySegment.ofArray(bytes));
    }

    @Override
    float score(MemorySegment table, int node, int product, int norm) {
        long at = (long) node * (dimension + CORRECTIONS) + dimension;
        int x1 = table.get(INT, at + SUM);
        float ax = table.get(FLOAT, at);
        float lx = (table.get(FLOAT, at + UPPER) - ax) * scale;
        float other = table.get(FLOAT, at + ADDEND);
        float products = isFull ? product + 128 * x1 : product;
        float score = ax * lower * dimension + lower * lx * x1 + ax * range * sum + lx * range * products;
        if (similarity == VectorSimilarityFunction.EUCLIDEAN) {
            score = addend + other - 2 * score;
            return 1 / (1f + Math.max(score, 0f));
        }
        score += addend + other - centroidProduct;
        if (similarity == VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT) {
            return VectorUtil.scaleMaxInnerProductScore(score);
        }
        return (1f + Math.clamp(score, -1, 1)) / 2f;
    }
}
