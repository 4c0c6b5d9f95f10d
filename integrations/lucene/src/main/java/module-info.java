// SPDX-License-Identifier: Apache-2.0

/** Lucene's search for near neighbours on jquant's int8 kernels. */
module io.jquant.lucene {
    requires io.jquant;
    requires transitive org.apache.lucene.core;

    exports io.jquant.lucene;

    provides org.apache.lucene.codecs.KnnVectorsFormat with
        io.jquant.lucene.JquantFlatVectorsFormat,
        io.jquant.lucene.JquantHnswVectorsFormat,
        io.jquant.lucene.JquantHnswQuantizedVectorsFormat;
}
