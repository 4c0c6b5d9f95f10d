// SPDX-License-Identifier: Apache-2.0
package io.jquant.lucene;

import static org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat.DEFAULT_BEAM_WIDTH;
import static org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat.DEFAULT_MAX_CONN;

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
public final class JquantHnswVectorsFormat extends HnswFormat {
    /** The format's name in an index. */
    public static final String NAME = "JquantHnswVectorsFormat";

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
        super(NAME, new JquantFlatVectorsFormat(), maxConn, beamWidth);
    }

    @Override
    public String toString() {
        return describe("flat=" + flat);
    }
}
