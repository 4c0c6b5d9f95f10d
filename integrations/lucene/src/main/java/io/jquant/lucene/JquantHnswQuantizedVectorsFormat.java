// SPDX-License-Identifier: Apache-2.0
package io.jquant.lucene;

import static org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat.DEFAULT_BEAM_WIDTH;
import static org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat.DEFAULT_MAX_CONN;

import java.io.IOException;
import org.apache.lucene.codecs.hnsw.FlatVectorsFormat;
import org.apache.lucene.codecs.hnsw.FlatVectorsReader;
import org.apache.lucene.codecs.hnsw.FlatVectorsWriter;
import org.apache.lucene.codecs.lucene104.Lucene104ScalarQuantizedVectorsReader;
import org.apache.lucene.codecs.lucene104.Lucene104ScalarQuantizedVectorsWriter;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;

/**
 * Float vectors, quantized to bytes by Lucene, with a graph of neighbours: files and results of
 * {@code Lucene104HnswScalarQuantizedVectorsFormat}. Bytes are scored by jquant in searches and in merges; the graph of
 * a segment that is flushed is built on floats, as Lucene does it.
 */
public final class JquantHnswQuantizedVectorsFormat extends HnswFormat {
    /** The format's name in an index. */
    public static final String NAME = "JquantHnswQuantizedVectorsFormat";

    private final ScalarEncoding encoding;

    /** A format with Lucene's default sizes, 8 bits an element. */
    public JquantHnswQuantizedVectorsFormat() {
        this(ScalarEncoding.UNSIGNED_BYTE, DEFAULT_MAX_CONN, DEFAULT_BEAM_WIDTH);
    }

    /**
     * A format.
     *
     * @param encoding the elements; those of fewer than 7 bits are scored by Lucene
     * @param maxConn neighbours of a node, 1 to 512
     * @param beamWidth candidates while a node is inserted, 1 to 3200
     * @throws IllegalArgumentException if a size is not as said
     */
    public JquantHnswQuantizedVectorsFormat(ScalarEncoding encoding, int maxConn, int beamWidth) {
        super(NAME, new Quantized(encoding), maxConn, beamWidth);
        this.encoding = encoding;
    }

    @Override
    public String toString() {
        return describe("encoding=" + encoding);
    }

    /** Without the graph. Made for the writer only: an index names the format around it. */
    private static final class Quantized extends FlatVectorsFormat {
        private final ScalarEncoding encoding;
        private final JquantFlatVectorsFormat raw = new JquantFlatVectorsFormat();
        private final QuantizedScorers scorers = new QuantizedScorers(new JquantFlatVectorsScorer());

        Quantized(ScalarEncoding encoding) {
            super("JquantQuantizedVectorsFormat");
            this.encoding = encoding;
        }

        @Override
        public FlatVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
            return new Lucene104ScalarQuantizedVectorsWriter(state, encoding, raw.fieldsWriter(state), scorers);
        }

        @Override
        public FlatVectorsReader fieldsReader(SegmentReadState state) throws IOException {
            return new Lucene104ScalarQuantizedVectorsReader(state, raw.fieldsReader(state), scorers);
        }
    }
}
