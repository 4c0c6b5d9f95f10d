// SPDX-License-Identifier: Apache-2.0
package io.jquant.lucene;

import java.io.IOException;
import org.apache.lucene.codecs.hnsw.FlatVectorsFormat;
import org.apache.lucene.codecs.hnsw.FlatVectorsReader;
import org.apache.lucene.codecs.hnsw.FlatVectorsWriter;
import org.apache.lucene.codecs.lucene99.Lucene99FlatVectorsReader;
import org.apache.lucene.codecs.lucene99.Lucene99FlatVectorsWriter;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/** Vectors without a graph. Files are those of {@code Lucene99FlatVectorsFormat}; byte vectors are scored by jquant. */
public final class JquantFlatVectorsFormat extends FlatVectorsFormat {
    /** The format's name in an index. */
    public static final String NAME = "JquantFlatVectorsFormat";

    private final JquantFlatVectorsScorer scorer = new JquantFlatVectorsScorer();

    /** A format. */
    public JquantFlatVectorsFormat() {
        super(NAME);
    }

    @Override
    public FlatVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
        return new Lucene99FlatVectorsWriter(state, scorer, FieldVectors::create);
    }

    @Override
    public FlatVectorsReader fieldsReader(SegmentReadState state) throws IOException {
        return new Lucene99FlatVectorsReader(state, scorer);
    }

    @Override
    public String toString() {
        return NAME + "(" + scorer + ")";
    }
}
