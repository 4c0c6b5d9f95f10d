// SPDX-License-Identifier: Apache-2.0
package io.jquant.lucene;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnByteVectorField;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.store.Directory;

/** Makes indexes of one vector field, {@code v}. */
final class Indexes {
    private Indexes() {
    }

    static IndexWriterConfig config(KnnVectorsFormat format) {
        return new IndexWriterConfig().setUseCompoundFile(false).setCodec(new Lucene104Codec() {
            @Override
            public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                return format;
            }
        });
    }

    /** One segment, in the order given. */
    static void write(Directory directory, KnnVectorsFormat format, VectorSimilarityFunction similarity,
            List<?> vectors) throws IOException {
        try (IndexWriter writer = new IndexWriter(directory, config(format).setMergePolicy(NoMergePolicy.INSTANCE))) {
            for (Object vector : vectors) {
                Document document = new Document();
                document.add(field(vector, similarity));
                writer.addDocument(document);
            }
        }
    }

    /** Segments that are sorted, with documents that have no vector and some that are deleted, merged to one. */
    static void writeWithAccidents(Directory directory, KnnVectorsFormat format, VectorSimilarityFunction similarity,
            List<?> vectors) throws IOException {
        IndexWriterConfig config = config(format)
                .setIndexSort(new Sort(new SortField("order", SortField.Type.LONG)));
        try (IndexWriter writer = new IndexWriter(directory, config)) {
            for (int i = 0; i < vectors.size(); i++) {
                Document document = new Document();
                document.add(new StringField("id", Integer.toString(i), Field.Store.YES));
                document.add(new NumericDocValuesField("order", i * 7919L % vectors.size()));
                if (i % 5 != 0) {
                    document.add(field(vectors.get(i), similarity));
                }
                writer.addDocument(document);
                if (i % 400 == 399) {
                    writer.deleteDocuments(new Term("id", Integer.toString(i - 3)));
                    writer.commit();
                }
            }
            writer.forceMerge(1);
        }
    }

    private static Field field(Object vector, VectorSimilarityFunction similarity) {
        return vector instanceof byte[] bytes ? new KnnByteVectorField("v", bytes, similarity)
                : new KnnFloatVectorField("v", (float[]) vector, similarity);
    }

    /** Vectors of all values, extremes as likely as the others together; none is all zeros. */
    static List<byte[]> bytes(Random random, int count, int dimension) {
        List<byte[]> vectors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] vector = new byte[dimension];
            random.nextBytes(vector);
            for (int j = 0; j < dimension; j++) {
                vector[j] = switch (random.nextInt(4)) {
                    case 0 -> (byte) -128;
                    case 1 -> (byte) 127;
                    default -> vector[j];
                };
            }
            vector[0] |= 1;
            vectors.add(vector);
        }
        return vectors;
    }

    /** Unit vectors around some centres. */
    static List<float[]> floats(Random random, int count, int dimension) {
        float[][] centres = new float[20][dimension];
        for (float[] centre : centres) {
            for (int j = 0; j < dimension; j++) {
                centre[j] = (float) random.nextGaussian();
            }
        }
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] vector = centres[random.nextInt(centres.length)].clone();
            double power = 0;
            for (int j = 0; j < dimension; j++) {
                vector[j] += (float) random.nextGaussian();
                power += (double) vector[j] * vector[j];
            }
            for (int j = 0; j < dimension; j++) {
                vector[j] /= (float) Math.sqrt(power);
            }
            vectors.add(vector);
        }
        return vectors;
    }
}
