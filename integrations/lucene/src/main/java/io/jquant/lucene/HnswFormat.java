// SPDX-License-Identifier: Apache-2.0
package io.jquant.lucene;

import java.io.IOException;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsReader;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsWriter;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/** Lucene's graph of neighbours over vectors of another format. */
abstract sealed class HnswFormat extends KnnVectorsFormat
        permits JquantHnswVectorsFormat, JquantHnswQuantizedVectorsFormat {
    /** What the graph is over. */
    final FlatVectorsFormat flat;
    private final int maxConn;
    private final int beamWidth;

    HnswFormat(String name, FlatVectorsFormat flat, int maxConn, int beamWidth) {
        super(name);
        if (maxConn <= 0 || maxConn > Lucene99HnswVectorsFormat.MAXIMUM_MAX_CONN) {
            throw new IllegalArgumentException("maxConn = " + maxConn + ": must be 1 to "
                    + Lucene99HnswVectorsFormat.MAXIMUM_MAX_CONN);
        }
        if (beamWidth <= 0 || beamWidth > Lucene99HnswVectorsFormat.MAXIMUM_BEAM_WIDTH) {
            throw new IllegalArgumentException("beamWidth = " + beamWidth + ": must be 1 to "
                    + Lucene99HnswVectorsFormat.MAXIMUM_BEAM_WIDTH);
        }
        this.flat = flat;
        this.maxConn = maxConn;
        this.beamWidth = beamWidth;
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

    /** The name with the sizes, and what else there is to say. */
    final String describe(String more) {
        return getName() + "(maxConn=" + maxConn + ", beamWidth=" + beamWidth + ", " + more + ")";
    }
}
