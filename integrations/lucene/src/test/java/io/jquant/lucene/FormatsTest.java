// SPDX-License-Identifier: Apache-2.0
package io.jquant.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.hnsw.FlatVectorsScorer;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104ScalarQuantizedVectorScorer;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnByteVectorField;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnByteVectorQuery;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.hnsw.UpdateableRandomVectorScorer;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;
import org.apache.lucene.util.quantization.QuantizedVectorsReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Indexes in jquant's formats give the hits and scores of those in Lucene's. */
class FormatsTest {
    private static final int K = 10;

    @TempDir
    private Path folder;

    @Test
    void areFoundByName() {
        assertInstanceOf(JquantFlatVectorsFormat.class, KnnVectorsFormat.forName("JquantFlatVectorsFormat"));
        assertInstanceOf(JquantHnswVectorsFormat.class, KnnVectorsFormat.forName("JquantHnswVectorsFormat"));
        assertInstanceOf(JquantHnswQuantizedVectorsFormat.class,
                KnnVectorsFormat.forName("JquantHnswQuantizedVectorsFormat"));
    }

    @Test
    void refuseSizesThatNoGraphHas() {
        assertEquals("maxConn = 0: must be 1 to 512", assertThrows(IllegalArgumentException.class,
                () -> new JquantHnswVectorsFormat(0, 100)).getMessage());
        assertEquals("beamWidth = 9999: must be 1 to 3200", assertThrows(IllegalArgumentException.class,
                () -> new JquantHnswVectorsFormat(16, 9999)).getMessage());
    }

    @ParameterizedTest
    @EnumSource(VectorSimilarityFunction.class)
    void searchesOfBytesAreTheSame(VectorSimilarityFunction similarity) throws IOException {
        Random random = new Random(3);
        List<byte[]> vectors = Indexes.bytes(random, 850, 96);
        List<Query> queries = new ArrayList<>();
        Indexes.bytes(random, 30, 96).forEach(query -> queries.add(new KnnByteVectorQuery("v", query, K)));
        compare(new JquantHnswVectorsFormat(), new Lucene99HnswVectorsFormat(), similarity, vectors, queries);
    }

    @ParameterizedTest
    @EnumSource(value = ScalarEncoding.class, names = {"UNSIGNED_BYTE", "SEVEN_BIT", "PACKED_NIBBLE"})
    void searchesOfQuantizedFloatsAreTheSame(ScalarEncoding encoding) throws IOException {
        for (VectorSimilarityFunction similarity : List.of(VectorSimilarityFunction.EUCLIDEAN,
                VectorSimilarityFunction.COSINE, VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT)) {
            Random random = new Random(4);
            List<float[]> vectors = Indexes.floats(random, 420, 96);
            List<Query> queries = new ArrayList<>();
            Indexes.floats(random, 20, 96).forEach(query -> queries.add(new KnnFloatVectorQuery("v", query, K)));
            compare(new JquantHnswQuantizedVectorsFormat(encoding, 16, 100),
                    new Lucene104HnswScalarQuantizedVectorsFormat(encoding, 16, 100), similarity, vectors, queries);
        }
    }

    /** Vectors of the index against each other: no float is computed before the formula. */
    @ParameterizedTest
    @EnumSource(value = ScalarEncoding.class, names = {"UNSIGNED_BYTE", "SEVEN_BIT"})
    void scoresOfQuantizedVectorsAreTheSameToTheBit(ScalarEncoding encoding) throws IOException {
        for (VectorSimilarityFunction similarity : VectorSimilarityFunction.values()) {
            try (Directory directory = new MMapDirectory(folder.resolve("bits-" + similarity))) {
                Indexes.write(directory, new JquantHnswQuantizedVectorsFormat(encoding, 16, 100), similarity,
                        Indexes.floats(new Random(5), 300, 200));
                try (DirectoryReader reader = DirectoryReader.open(directory)) {
                    CodecReader leaf = (CodecReader) reader.leaves().getFirst().reader();
                    KnnVectorsReader vectors =
                            ((PerFieldKnnVectorsFormat.FieldsReader) leaf.getVectorReader()).getFieldReader("v");
                    compare(similarity, (QuantizedByteVectorValues) ((QuantizedVectorsReader) vectors)
                            .getQuantizedVectorValues("v"));
                }
            }
        }
    }

    private static void compare(VectorSimilarityFunction similarity, QuantizedByteVectorValues values)
            throws IOException {
        FlatVectorsScorer raw = new JquantFlatVectorsScorer();
        UpdateableRandomVectorScorer ours =
                new QuantizedScorers(raw).getRandomVectorScorerSupplier(similarity, values).scorer();
        UpdateableRandomVectorScorer theirs = new Lucene104ScalarQuantizedVectorScorer(raw)
                .getRandomVectorScorerSupplier(similarity, values.copy()).scorer();
        int[] nodes = IntStream.range(0, values.size()).toArray();
        float[] scores = new float[nodes.length];
        for (int node = 0; node < values.size(); node += 37) {
            ours.setScoringOrdinal(node);
            theirs.setScoringOrdinal(node);
            ours.bulkScore(nodes, scores, nodes.length);
            for (int other : nodes) {
                assertEquals(Float.floatToIntBits(theirs.score(other)), Float.floatToIntBits(scores[other]),
                        similarity + ", " + node + " and " + other);
            }
        }
    }

    private void compare(KnnVectorsFormat ours, KnnVectorsFormat theirs, VectorSimilarityFunction similarity,
            List<?> vectors, List<Query> queries) throws IOException {
        for (boolean accidents : new boolean[] {false, true}) {
            Path place = folder.resolve(similarity + "-" + accidents);
            try (Directory first = new MMapDirectory(place.resolve("ours"));
                    Directory second = new MMapDirectory(place.resolve("theirs"))) {
                write(first, ours, similarity, vectors, accidents);
                write(second, theirs, similarity, vectors, accidents);
                try (DirectoryReader one = DirectoryReader.open(first);
                        DirectoryReader two = DirectoryReader.open(second);
                        CheckIndex check = new CheckIndex(first)) {
                    for (Query query : queries) {
                        compare(search(two, query), search(one, query), query);
                    }
                    assertEquals(true, check.checkIndex().clean);
                }
            }
        }
    }

    private static void write(Directory directory, KnnVectorsFormat format, VectorSimilarityFunction similarity,
            List<?> vectors, boolean accidents) throws IOException {
        if (accidents) {
            Indexes.writeWithAccidents(directory, format, similarity, vectors);
        } else {
            Indexes.write(directory, format, similarity, vectors);
        }
    }

    private static ScoreDoc[] search(DirectoryReader reader, Query query) throws IOException {
        return new IndexSearcher(reader).search(query, K).scoreDocs;
    }

    /** Bytes score the same to the bit. Lucene's sums of floats change when the JVM compiles them: nearly the same. */
    private static void compare(ScoreDoc[] expected, ScoreDoc[] actual, Query query) {
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            if (query instanceof KnnByteVectorQuery) {
                assertEquals(expected[i].doc, actual[i].doc, query::toString);
                assertEquals(expected[i].score, actual[i].score, query::toString);
            } else {
                assertEquals(expected[i].score, actual[i].score, 1e-4f, query::toString);
            }
        }
    }

    @Test
    void aDocumentHasOneVector() throws IOException {
        try (Directory directory = new MMapDirectory(folder);
                IndexWriter writer = new IndexWriter(directory, Indexes.config(new JquantHnswVectorsFormat()))) {
            Document document = new Document();
            document.add(new KnnByteVectorField("v", new byte[] {1, 2}));
            document.add(new KnnByteVectorField("v", new byte[] {3, 4}));
            assertThrows(IllegalArgumentException.class, () -> writer.addDocument(document));
        }
    }
}
