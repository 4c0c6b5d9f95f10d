// SPDX-License-Identifier: Apache-2.0
package io.jquant.lucene;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnByteVectorField;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnByteVectorQuery;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;
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
                        assertArrayEquals(hits(two, query), hits(one, query), query::toString);
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

    private static String[] hits(DirectoryReader reader, Query query) throws IOException {
        return Stream.of(new IndexSearcher(reader).search(query, K).scoreDocs)
                .map(hit -> hit.doc + " " + hit.score).toArray(String[]::new);
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
