// SPDX-License-Identifier: Apache-2.0
package io.jquant.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jquant.VectorScoringSpec;
import io.jquant.VectorScoringSpec.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.lucene.codecs.hnsw.DefaultFlatVectorScorer;
import org.apache.lucene.index.ByteVectorValues;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.hnsw.RandomVectorScorer;
import org.apache.lucene.util.hnsw.UpdateableRandomVectorScorer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Scores equal Lucene's to the bit. {@code -Djquant.test.cases=N}: as many vectors for each dimension. */
class ScoresTest {
    private static final int[] DIMENSIONS = {1, 7, 16, 31, 64, 100, 128, 384, 768, 1024};
    private static final int VECTORS = Integer.getInteger("jquant.test.cases", 260);
    private static final int QUERIES = 10;

    @TempDir
    private Path folder;

    @BeforeEach
    void kernels() {
        assumeTrue(Kernels.of(VectorScoringSpec.contiguous(64, Metric.PRODUCT)) != null,
                "no fast kernels in this process: Lucene scores");
    }

    /** 26,000 pairs of each function by default, 104,000 together, each scored three times. */
    @ParameterizedTest
    @EnumSource(VectorSimilarityFunction.class)
    void equalLucenes(VectorSimilarityFunction similarity) throws IOException {
        for (int dimension : DIMENSIONS) {
            Random random = new Random(dimension);
            List<byte[]> vectors = Indexes.bytes(random, VECTORS, dimension);
            try (Directory directory = new MMapDirectory(folder.resolve(similarity + "-" + dimension))) {
                Indexes.write(directory, new JquantHnswVectorsFormat(), similarity, vectors);
                try (DirectoryReader reader = DirectoryReader.open(directory)) {
                    ByteVectorValues values = reader.leaves().getFirst().reader().getByteVectorValues("v");
                    for (byte[] query : Indexes.bytes(random, QUERIES, dimension)) {
                        compare(similarity, values, query);
                    }
                    compareUpdateable(similarity, values, random);
                }
            }
        }
    }

    private static void compare(VectorSimilarityFunction similarity, ByteVectorValues values, byte[] query)
            throws IOException {
        RandomVectorScorer ours = new JquantFlatVectorsScorer().getRandomVectorScorer(similarity, values, query);
        assertInstanceOf(ByteScorer.class, ours);
        RandomVectorScorer theirs = DefaultFlatVectorScorer.INSTANCE.getRandomVectorScorer(similarity, values, query);
        compare(ours, theirs, values.size(), similarity + ", " + values.dimension());
    }

    private static void compare(RandomVectorScorer ours, RandomVectorScorer theirs, int count, String message)
            throws IOException {
        int[] nodes = new int[count];
        float[] scores = new float[count];
        float best = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            nodes[i] = count - 1 - i;
        }
        float ourBest = ours.bulkScore(nodes, scores, count);
        for (int i = 0; i < count; i++) {
            float expected = theirs.score(nodes[i]);
            best = Math.max(best, expected);
            assertEquals(Float.floatToIntBits(expected), Float.floatToIntBits(scores[i]), message);
            assertEquals(Float.floatToIntBits(expected), Float.floatToIntBits(ours.score(nodes[i])), message);
        }
        assertEquals(best, ourBest, message);
        assertEquals(Float.NEGATIVE_INFINITY, ours.bulkScore(nodes, scores, 0));
    }

    private static void compareUpdateable(VectorSimilarityFunction similarity, ByteVectorValues values, Random random)
            throws IOException {
        UpdateableRandomVectorScorer ours =
                new JquantFlatVectorsScorer().getRandomVectorScorerSupplier(similarity, values).copy().scorer();
        UpdateableRandomVectorScorer theirs =
                DefaultFlatVectorScorer.INSTANCE.getRandomVectorScorerSupplier(similarity, values).scorer();
        assertThrows(IllegalStateException.class, () -> ours.score(0));
        for (int i = 0; i < 3; i++) {
            int node = random.nextInt(values.size());
            ours.setScoringOrdinal(node);
            theirs.setScoringOrdinal(node);
            compare(ours, theirs, values.size(), similarity + ", " + values.dimension() + ", node " + node);
        }
    }

    @Test
    void whatIsNotMappedIsLucenes() throws IOException {
        try (Directory directory = new ByteBuffersDirectory()) {
            Indexes.write(directory, new JquantHnswVectorsFormat(), VectorSimilarityFunction.DOT_PRODUCT,
                    Indexes.bytes(new Random(1), 50, 32));
            try (DirectoryReader reader = DirectoryReader.open(directory)) {
                ByteVectorValues values = reader.leaves().getFirst().reader().getByteVectorValues("v");
                RandomVectorScorer scorer = new JquantFlatVectorsScorer().getRandomVectorScorer(
                        VectorSimilarityFunction.DOT_PRODUCT, values, new byte[32]);
                assertTrue(!(scorer instanceof ByteScorer));
                assertEquals(0.5f, scorer.score(7));
            }
        }
    }

    @Test
    void aQueryOfAnotherDimensionIsRefused() throws IOException {
        try (Directory directory = new MMapDirectory(folder)) {
            Indexes.write(directory, new JquantHnswVectorsFormat(), VectorSimilarityFunction.DOT_PRODUCT,
                    Indexes.bytes(new Random(1), 50, 32));
            try (DirectoryReader reader = DirectoryReader.open(directory)) {
                ByteVectorValues values = reader.leaves().getFirst().reader().getByteVectorValues("v");
                assertThrows(IllegalArgumentException.class, () -> new JquantFlatVectorsScorer()
                        .getRandomVectorScorer(VectorSimilarityFunction.DOT_PRODUCT, values, new byte[31]));
            }
        }
    }
}
