// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.peers;

import io.jquant.DataType;
import io.jquant.bench.measure.Subject;
import io.jquant.bench.peer.Peer;
import io.jquant.bench.work.LinearWork;
import io.jquant.bench.work.Operands;
import io.jquant.bench.work.ScoringWork;
import io.jquant.bench.work.Workload;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.apache.lucene.util.VectorUtil;

/**
 * Lucene's int8 dot product, s8 x s8 to s32, on one thread: for every row that is scored, or every element of a matrix
 * product, for which its kind of operands is another.
 */
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
        if (threads > 1) {
            return Optional.empty();
        }
        return switch (work) {
            case LinearWork linear -> Optional.of(linear(linear));
            case ScoringWork scoring -> Optional.of(scoring(scoring));
            default -> Optional.empty();
        };
    }

    private static Subject linear(LinearWork linear) {
        byte[][] input = rows(linear.input(), linear.rows(), linear.spec().inFeatures());
        byte[][] weights = rows(linear.weights(), linear.spec().outFeatures(), linear.spec().inFeatures());
        return Subject.of(() -> {
            long sum = 0;
            for (byte[] row : input) {
                for (byte[] column : weights) {
                    sum += VectorUtil.dotProduct(row, column);
                }
            }
            sink = sum;
        }, null, () -> { });
    }

    private static Subject scoring(ScoringWork scoring) {
        byte[] query = scoring.query().toArray(ValueLayout.JAVA_BYTE);
        byte[][] table = rows(scoring.table(), scoring.rows(), scoring.spec().dimension());
        int[] ordinals = scoring.ordinals().toArray(ValueLayout.JAVA_INT);
        MemorySegment output = Operands.zeros(DataType.S32, ordinals.length);
        return Subject.of(() -> {
            for (int i = 0; i < ordinals.length; i++) {
                output.setAtIndex(ValueLayout.JAVA_INT, i, VectorUtil.dotProduct(query, table[ordinals[i]]));
            }
        }, output, () -> { });
    }

    private static byte[][] rows(MemorySegment matrix, int rows, int columns) {
        byte[][] arrays = new byte[rows][];
        for (int r = 0; r < rows; r++) {
            arrays[r] = matrix.asSlice((long) r * columns, columns).toArray(ValueLayout.JAVA_BYTE);
        }
        return arrays;
    }
}
