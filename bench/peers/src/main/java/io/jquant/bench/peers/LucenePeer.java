// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.peers;

import io.jquant.bench.measure.Subject;
import io.jquant.bench.peer.Peer;
import io.jquant.bench.work.LinearWork;
import io.jquant.bench.work.Workload;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.apache.lucene.util.VectorUtil;

/** Lucene's int8 dot product: a product for every element of a matrix product, s8 x s8 to s32, on one thread. */
public final class LucenePeer implements Peer {
    private static volatile long sink;

    /** Made by the service loader. */
    public LucenePeer() {
    }

    @Override
    public String name() {
        return "lucene";
    }

    @Override
    public Optional<Subject> prepare(Workload work, int threads) {
        if (!(work instanceof LinearWork linear) || threads > 1) {
            return Optional.empty();
        }
        byte[][] input = rows(linear.input(), linear.rows(), linear.spec().inFeatures());
        byte[][] weights = rows(linear.weights(), linear.spec().outFeatures(), linear.spec().inFeatures());
        return Optional.of(Subject.of(() -> {
            long sum = 0;
            for (byte[] row : input) {
                for (byte[] column : weights) {
                    sum += VectorUtil.dotProduct(row, column);
                }
            }
            sink = sum;
        }, null, () -> { }));
    }

    private static byte[][] rows(MemorySegment matrix, int rows, int columns) {
        byte[][] arrays = new byte[rows][];
        for (int r = 0; r < rows; r++) {
            arrays[r] = matrix.asSlice((long) r * columns, columns).toArray(ValueLayout.JAVA_BYTE);
        }
        return arrays;
    }
}
