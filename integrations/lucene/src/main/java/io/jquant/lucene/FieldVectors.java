// SPDX-License-Identifier: Apache-2.0
package io.jquant.lucene;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.lucene.codecs.hnsw.FlatFieldVectorsWriter;
import org.apache.lucene.index.DocsWithFieldSet;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.VectorEncoding;

/**
 * The vectors of a field until its segment is written: bytes outside the heap, where kernels read them; floats in
 * arrays, as Lucene has them.
 */
final class FieldVectors<T> extends FlatFieldVectorsWriter<T> {
    private final FieldInfo field;
    private final List<T> vectors;
    private final UnaryOperator<T> copy;
    private final DocsWithFieldSet docs = new DocsWithFieldSet();
    private boolean finished;
    private int lastDoc = -1;

    private FieldVectors(FieldInfo field, List<T> vectors, UnaryOperator<T> copy) {
        this.field = field;
        this.vectors = vectors;
        this.copy = copy;
    }

    static FlatFieldVectorsWriter<?> create(FieldInfo field) {
        return switch (field.getVectorEncoding()) {
            case BYTE -> new FieldVectors<byte[]>(field, new GrowingRows(field.getVectorDimension()), row -> row);
            case FLOAT32 -> new FieldVectors<float[]>(field, new ArrayList<>(), float[]::clone);
        };
    }

    @Override
    public void addValue(int docID, T vector) {
        if (finished) {
            throw new IllegalStateException("already finished, cannot add more values");
        }
        if (docID == lastDoc) {
            throw new IllegalArgumentException("VectorValuesField \"" + field.name
                    + "\" appears more than once in this document (only one value is allowed per field)");
        }
        docs.add(docID);
        vectors.add(copyValue(vector));
        lastDoc = docID;
    }

    @Override
    public T copyValue(T vector) {
        return copy.apply(vector);
    }

    @Override
    public List<T> getVectors() {
        return vectors;
    }

    @Override
    public KnnVectorValues asKnnVectorValues(VectorEncoding encoding, int dimension) throws IOException {
        return vectors instanceof GrowingRows rows ? new OffHeapVectors(rows)
                : super.asKnnVectorValues(encoding, dimension);
    }

    @Override
    public DocsWithFieldSet getDocsWithFieldSet() {
        return docs;
    }

    @Override
    public void finish() {
        finished = true;
    }

    @Override
    public boolean isFinished() {
        return finished;
    }

    @Override
    public long ramBytesUsed() {
        return docs.ramBytesUsed() + (vectors instanceof GrowingRows rows ? rows.segment().byteSize()
                : (long) vectors.size() * field.getVectorDimension() * Float.BYTES);
    }
}
