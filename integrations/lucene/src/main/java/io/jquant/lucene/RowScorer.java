// SPDX-License-Identifier: Apache-2.0
package io.jquant.lucene;

import io.jquant.VectorScoring;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.util.hnsw.UpdateableRandomVectorScorer;

/** Scores rows, many with one call. For one thread, as Lucene's scorers are. */
abstract class RowScorer extends UpdateableRandomVectorScorer.AbstractUpdateableRandomVectorScorer {
    private static final int NEIGHBOURS = 64;

    final Rows rows;
    private final VectorScoring scoring;
    private final int[] single = new int[1];
    private final MemorySegment singleSegment = MemorySegment.ofArray(single);
    private final float[] singleScore = new float[1];
    private int[] results = new int[2 * NEIGHBOURS];
    private MemorySegment resultsSegment = MemorySegment.ofArray(results);
    // Lucene's searches give the same array again and again
    private int[] lastNodes = single;
    private MemorySegment lastNodesSegment = singleSegment;
    private MemorySegment query;

    RowScorer(KnnVectorValues values, Rows rows, VectorScoring scoring) {
        super(values);
        this.rows = rows;
        this.scoring = scoring;
    }

    /** Sets what rows are scored against. */
    final void query(MemorySegment vector) {
        query = vector;
    }

    @Override
    public final float score(int node) throws IOException {
        single[0] = node;
        score(singleSegment, single, singleScore, 1);
        return singleScore[0];
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // whether it is the same array, whatever is in it
    public final float bulkScore(int[] nodes, float[] scores, int numNodes) throws IOException {
        if (nodes != lastNodes) {
            lastNodesSegment = MemorySegment.ofArray(nodes);
            lastNodes = nodes;
        }
        return score(lastNodesSegment, nodes, scores, numNodes);
    }

    private float score(MemorySegment ordinals, int[] nodes, float[] scores, int count) {
        if (query == null) {
            throw new IllegalStateException("setScoringOrdinal was not called");
        }
        if (results.length < 2 * count) {
            results = Arrays.copyOf(results, 2 * count);
            resultsSegment = MemorySegment.ofArray(results);
        }
        MemorySegment table = rows.segment();
        scoring.run(query, table, rows.count(), ordinals, count, resultsSegment);
        float best = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            scores[i] = score(table, nodes[i], results[i], results[count + i]);
            best = Math.max(best, scores[i]);
        }
        return best;
    }

    /**
     * The score that Lucene gives.
     *
     * @param table the rows
     * @param node the row
     * @param sum the row's first result
     * @param norm its second, where there is one
     */
    abstract float score(MemorySegment table, int node, int sum, int norm);
}
