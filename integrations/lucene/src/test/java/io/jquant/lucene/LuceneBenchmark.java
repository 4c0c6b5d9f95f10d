// SPDX-License-Identifier: Apache-2.0
package io.jquant.lucene;

import java.io.IOException;
import java.lang.management.ManagementFactory;
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
 * One segment, one thread, both formats in turns.
 */
public final class LuceneBenchmark {
    private static final VectorSimilarityFunction SIMILARITY = VectorSimilarityFunction.DOT_PRODUCT;
    private static final int K = 10;
    private static final int TURN = 500;

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
            index(folder.resolve("warm"), Arrays.copyOf(base, count / 20));
            Cost[] costs = index(folder, base);
            print("indexing, s", costs[0], costs[1]);
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
            Cost[] least = {time(theirs, wanted), time(ours, wanted)};
            for (int round = 0; round <= rounds; round++) {
                least[0] = least[0].least(time(theirs, wanted));
                least[1] = least[1].least(time(ours, wanted));
            }
            print("a search, us", least[0].times(1e6 / wanted.length), least[1].times(1e6 / wanted.length));
            byte[][] some = Arrays.copyOf(wanted, Math.min(200, wanted.length));
            print("recall of " + K, recall(theirs, base, some), recall(ours, base, some));
            int same = 0;
            for (byte[] query : wanted) {
                same += Arrays.equals(documents(theirs, query), documents(ours, query)) ? 1 : 0;
            }
            System.out.printf(Locale.ROOT, "the same hits and scores: %d of %d searches%n", same, wanted.length);
        }
    }

    /**
     * What work takes.
     *
     * @param wall seconds
     * @param cpu seconds of the thread on a CPU, which another process does not lengthen by taking the CPU away
     */
    private record Cost(double wall, double cpu) {
        static final Cost NONE = new Cost(0, 0);

        static Cost now() {
            return new Cost(System.nanoTime() / 1e9,
                    ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9);
        }

        Cost plus(Cost other) {
            return new Cost(wall + other.wall, cpu + other.cpu);
        }

        Cost minus(Cost other) {
            return new Cost(wall - other.wall, cpu - other.cpu);
        }

        Cost least(Cost other) {
            return new Cost(Math.min(wall, other.wall), Math.min(cpu, other.cpu));
        }

        Cost times(double factor) {
            return new Cost(factor * wall, factor * cpu);
        }
    }

    private static void print(String what, Cost theirs, Cost ours) {
        print(what, theirs.wall, ours.wall);
        print("  on the CPU", theirs.cpu, ours.cpu);
    }

    private static void print(String what, double theirs, double ours) {
        System.out.printf(Locale.ROOT, "%-14s default %10.3f  jquant %10.3f  ratio %.3f%n", what, theirs, ours,
                ours / theirs);
    }

    /** Indexes in both formats, some vectors at a time in turns; what each takes, its commit included. */
    private static Cost[] index(Path folder, byte[][] vectors) throws IOException {
        Cost[] costs = {Cost.NONE, Cost.NONE};
        try (MMapDirectory first = new MMapDirectory(folder.resolve("theirs"));
                MMapDirectory second = new MMapDirectory(folder.resolve("ours"));
                IndexWriter theirs = new IndexWriter(first, config(new Lucene99HnswVectorsFormat()));
                IndexWriter ours = new IndexWriter(second, config(new JquantHnswVectorsFormat()))) {
            for (int at = 0; at < vectors.length; at += TURN) {
                byte[][] some = Arrays.copyOfRange(vectors, at, Math.min(at + TURN, vectors.length));
                costs[0] = costs[0].plus(add(theirs, some));
                costs[1] = costs[1].plus(add(ours, some));
            }
            costs[0] = costs[0].plus(add(theirs, new byte[0][]));
            costs[1] = costs[1].plus(add(ours, new byte[0][]));
        }
        return costs;
    }

    private static IndexWriterConfig config(KnnVectorsFormat format) {
        return new IndexWriterConfig().setMergePolicy(NoMergePolicy.INSTANCE)
                .setUseCompoundFile(false).setRAMBufferSizeMB(1900).setCodec(new Lucene104Codec() {
                    @Override
                    public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                        return format;
                    }
                });
    }

    /** Adds vectors, or commits where there are none. */
    private static Cost add(IndexWriter writer, byte[][] vectors) throws IOException {
        Cost start = Cost.now();
        for (byte[] vector : vectors) {
            Document document = new Document();
            document.add(new KnnByteVectorField("v", vector, SIMILARITY));
            writer.addDocument(document);
        }
        if (vectors.length == 0) {
            writer.commit();
        }
        return Cost.now().minus(start);
    }

    private static TopDocs search(IndexSearcher searcher, byte[] query) throws IOException {
        return searcher.search(new KnnByteVectorQuery("v", query, K), K);
    }

    private static Cost time(IndexSearcher searcher, byte[][] queries) throws IOException {
        Cost start = Cost.now();
        for (byte[] query : queries) {
            search(searcher, query);
        }
        return Cost.now().minus(start);
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
