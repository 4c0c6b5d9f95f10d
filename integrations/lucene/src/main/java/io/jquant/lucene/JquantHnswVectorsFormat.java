// SPDX-License-Identifier: Apache-2.0
package io.jquant.lucene;

import static org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat.DEFAULT_BEAM_WIDTH;
import static org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat.DEFAULT_MAX_CONN;

import java.io.IOException;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsReader;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsWriter;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/**
 * Vectors with a graph of neighbours: files and results of {@code Lucene99HnswVectorsFormat}, byte vectors scored by
 * jquant while the graph is built and searched. For an index's codec:
 * {@snippet :
 * config.setCodec(new Lucene104Codec() {
 *     @Override
 *     public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
 *         return new JquantHnswVectorsFormat();
 *     }
 * });
 * }
 */
public final class JquantHnswVectorsFormat extends KnnVectorsFormat {
    /** The format's name in an index. */
    public static final String NAME = "JquantHnswVectorsFormat";

    private final int maxConn;
    private final int beamWidth;
    private final JquantFlatVectorsFormat flat = new JquantFlatVectorsFormat();

    /** A format with Lucene's default sizes. */
    public JquantHnswVectorsFormat() {
        this(DEFAULT_MAX_CONN, DEFAULT_BEAM_WIDTH);
    }

    /**
     * A format.
     *
     * @param maxConn neighbours of a node, 1 to 512
     * @param beamWidth candidates while a node is inserted, 1 to 3200
     * @throws IllegalArgumentException if a size is not as said
     */
    public JquantHnswVectorsFormat(int maxConn, int beamWidth) {
        super(NAME);
        requireSizes(maxConn, beamWidth);
        this.maxConn = maxConn;
        this.beamWidth = beamWidth;
    }

    static void requireSizes(int maxConn, int beamWidth) {
        if (maxConn <= 0 || maxConn > Lucene99HnswVectorsFormat.MAXIMUM_MAX_CONN) {
            throw new IllegalArgumentException("maxConn = " + maxConn + ": must be 1 to "
                    + Lucene99HnswVectorsFormat.MAXIMUM_MAX_CONN);
        }
        if (beamWidth <= 0 || beamWidth > Lucene99HnswVectorsFormat.MAXIMUM_BEAM_WIDTH) {
            throw new IllegalArgumentException("beamWidth = " + beamWidth + ": must be 1 to "
                    + Lucene99HnswVectorsFormat.MAXIMUM_BEAM_WIDTH);
        }
    }

    @Override
    public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
        return new Lucene99HnswVectorsWriter(state, maxConn, beamWidth, flat, flat.fieldsWriter(state), 1, null);
    }

    @Override
    public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
        return new Lucene99HnswVectorsReader(state, flat.fieldsReader(state));
    }

    @Override
    public int getMaxDimensions(String fieldName) {
        return flat.getMaxDimensions(fieldName);
    }

    @Override
    public String toString() {
        return NAME + "(maxConn=" + maxConn + ", beamWidth=" + beamWidth + ", flat=" + flat + ")";
    }
}
