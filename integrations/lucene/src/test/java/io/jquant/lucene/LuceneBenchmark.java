// SPDX-License-Identifier: Apache-2.0
package io.jquant.lucene;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnByteVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnByteVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.VectorUtil;

/**
 * Indexing and searching in the default format and in jquant's: {@code LuceneBenchmark [vectors] [queries] [rounds]}.
 * One segment, one thread; searches in turns.
 */
public final class LuceneBenchmark {
    private static final VectorSimilarityFunction SIMILARITY = VectorSimilarityFunction.DOT_PRODUCT;
    private static final int K = 10;

    private LuceneBenchmark() {
    }

    /**
     * Runs it.
     *
     * @param arguments how many vectors, queries, rounds
     * @throws IOException if a file cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        int queries = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2000;
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
        byte[][] all = ImageVectors.bytes(ImageVectors.floats(count + queries));
        byte[][] base = Arrays.copyOf(all, count);
        byte[][] wanted = Arrays.copyOfRange(all, count, count + queries);
        Path folder = Files.createTempDirectory("jquant-lucene");
        try {
            // what the JVM compiles is compiled before anything counts
            index(folder.resolve("warm"), new Lucene99HnswVectorsFormat(), Arrays.copyOf(base, count / 20));
            index(folder.resolve("warm2"), new JquantHnswVectorsFormat(), Arrays.copyOf(base, count / 20));
            double theirs = index(folder.resolve("theirs"), new Lucene99HnswVectorsFormat(), base);
            double ours = index(folder.resolve("ours"), new JquantHnswVectorsFormat(), base);
            print("indexing, s", theirs, ours);
            search(folder, base, wanted, rounds);
        } finally {
            delete(folder);
        }
    }

    private static void search(Path folder, byte[][] base, byte[][] wanted, int rounds) throws IOException {
        try (DirectoryReader first = DirectoryReader.open(new MMapDirectory(folder.resolve("theirs")));
                DirectoryReader second = DirectoryReader.open(new MMapDirectory(folder.resolve("ours")))) {
            IndexSearcher theirs = new IndexSearcher(first);
            IndexSearcher ours = new IndexSearcher(second);
            double[] times = {Double.MAX_VALUE, Double.MAX_VALUE};
            for (int round = 0; round < rounds + 2; round++) {
                times[0] = Math.min(times[0], time(theirs, wanted));
                times[1] = Math.min(times[1], time(ours, wanted));
            }
            print("a search, us", times[0] / wanted.length * 1e6, times[1] / wanted.length * 1e6);
            byte[][] some = Arrays.copyOf(wanted, Math.min(200, wanted.length));
            print("recall of " + K, recall(theirs, base, some), recall(ours, base, some));
            int same = 0;
            for (byte[] query : wanted) {
                same += Arrays.equals(documents(theirs, query), documents(ours, query)) ? 1 : 0;
            }
            System.out.printf(Locale.ROOT, "the same hits and scores: %d of %d searches%n", same, wanted.length);
        }
    }

    private static void print(String what, double theirs, double ours) {
        System.out.printf(Locale.ROOT, "%-14s default %10.3f  jquant %10.3f  ratio %.3f%n", what, theirs, ours,
                ours / theirs);
    }

    private static double index(Path folder, KnnVectorsFormat format, byte[][] vectors) throws IOException {
        long start = System.nanoTime();
        IndexWriterConfig config = new IndexWriterConfig().setMergePolicy(NoMergePolicy.INSTANCE)
                .setUseCompoundFile(false).setRAMBufferSizeMB(1900).setCodec(new Lucene104Codec() {
                    @Override
                    public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                        return format;
                    }
                });
        try (MMapDirectory directory = new MMapDirectory(folder);
                IndexWriter writer = new IndexWriter(directory, config)) {
            for (byte[] vector : vectors) {
                Document document = new Document();
                document.add(new KnnByteVectorField("v", vector, SIMILARITY));
                writer.addDocument(document);
            }
            writer.commit();
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static TopDocs search(IndexSearcher searcher, byte[] query) throws IOException {
        return searcher.search(new KnnByteVectorQuery("v", query, K), K);
    }

    private static double time(IndexSearcher searcher, byte[][] queries) throws IOException {
        long start = System.nanoTime();
        for (byte[] query : queries) {
            search(searcher, query);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static long[] documents(IndexSearcher searcher, byte[] query) throws IOException {
        return Stream.of(search(searcher, query).scoreDocs)
                .mapToLong(hit -> (long) hit.doc << 32 | Float.floatToIntBits(hit.score)).toArray();
    }

    private static double recall(IndexSearcher searcher, byte[][] base, byte[][] queries) throws IOException {
        int found = 0;
        for (byte[] query : queries) {
            int[] products = Arrays.stream(base).mapToInt(row -> VectorUtil.dotProduct(row, query)).toArray();
            Set<Integer> best = new HashSet<>(Stream.iterate(0, i -> i + 1).limit(base.length)
                    .sorted(Comparator.comparingInt(i -> -products[i])).limit(K).toList());
            for (ScoreDoc hit : search(searcher, query).scoreDocs) {
                found += best.contains(hit.doc) ? 1 : 0;
            }
        }
        return (double) found / (K * queries.length);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
