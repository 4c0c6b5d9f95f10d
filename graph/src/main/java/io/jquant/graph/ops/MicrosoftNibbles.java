// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static io.jquant.DataType.F32;
import static io.jquant.DataType.U8;
import static io.jquant.graph.ops.Op.microsoft;

import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** MatMulNBits of domain com.microsoft with weights of 4 bits, as a product of floats. */
final class MicrosoftNibbles {
    static final List<Op> OPS = List.of(microsoft("MatMulNBits", "3-6", "1",
            "K:i! N:i! bits:i block_size:i! accuracy_level:i", MicrosoftNibbles::infer, MicrosoftNibbles::run));

    private static final int BITS = 4;
    private static final int LEAST_GROUP = 16;
    private static final int ZERO_POINT = 8;

    private MicrosoftNibbles() {}

    private static void infer(InferContext c) {
        long k = size(c, "K");
        long n = size(c, "N");
        long groupSize = size(c, "block_size");
        c.require(c.integer("bits", BITS) == BITS, "bits = " + c.integer("bits", BITS) + ": must be " + BITS);
        c.require(groupSize >= LEAST_GROUP && Long.bitCount(groupSize) == 1, "block_size = " + groupSize
                + ": must be a power of two of at least " + LEAST_GROUP);
        c.require(!c.has(4), "input 4, an order of groups, must not be there");
        c.requireType(0, F32);
        c.requireType(1, U8);
        c.requireType(2, F32);
        c.requireType(3, U8);
        c.requireType(5, F32);
        long groups = Math.ceilDiv(k, groupSize);
        requireElements(c, 1, (double) n * groups * groupSize / 2);
        requireElements(c, 2, (double) n * groups);
        requireElements(c, 3, (double) n * Math.ceilDiv(groups, 2));
        requireElements(c, 5, (double) n);
        c.requireRank(0, 1, 99);
        if (!c.shape(0).isRanked()) {
            c.output(0, F32, Shape.UNKNOWN);
            return;
        }
        List<Dim> dims = new ArrayList<>(c.shape(0).dims());
        c.requireSame(dims.removeLast(), Dim.of(k), "input 0 has shape " + c.shape(0) + ": must have rows of K, " + k);
        dims.add(Dim.of(n));
        c.output(0, F32, Shape.of(dims));
    }

    private static long size(InferContext c, String key) {
        long size = c.integer(key, 0);
        c.require(size >= 1 && size <= Tensor.MAX_ELEMENTS, key + " = " + size + ": must be 1 to "
                + Tensor.MAX_ELEMENTS);
        return size;
    }

    private static void requireElements(InferContext c, int i, double count) {
        if (c.has(i) && c.shape(i).isKnown()) {
            c.require(Tensor.count(c.shape(i).sizes()) == count, "input " + i + " has shape " + c.shape(i)
                    + ": must have " + (long) count + " elements");
        }
    }

    private static void run(RunContext r) {
        int k = (int) r.integer("K", 0);
        int n = (int) r.integer("N", 0);
        float[] y = r.out().floats();
        int rows = r.out().count() / n;
        if (r.has(5)) {
            for (int row = 0; row < rows; row++) {
                System.arraycopy(r.in(5).floats(), 0, y, row * n, n);
            }
        } else {
            Arrays.fill(y, 0, rows * n, 0);
        }
        r.floats().multiply(rows, n, k, r.in(0).floats(), 0, weights(r, n, k), 0, true, y, 0);
    }

    /** The weights as floats, {@code [n][k]}. */
    private static float[] weights(RunContext r, int n, int k) {
        int groupSize = (int) r.integer("block_size", 0);
        int groups = Math.ceilDiv(k, groupSize);
        r.require((long) n * k <= Tensor.MAX_ELEMENTS, "K * N = " + (long) n * k + ": must be at most "
                + Tensor.MAX_ELEMENTS);
        float[] weights = new float[n * k];
        byte[] stored = r.in(1).bytes();
        float[] scales = r.in(2).floats();
        byte[] zeroPoints = r.has(3) ? r.in(3).bytes() : null;
        int zeroPointBytes = Math.ceilDiv(groups, 2);
        for (int group = 0; group < n * groups; group++) {
            int column = group / groups;
            int first = group % groups * groupSize;
            int zeroPoint = zeroPoints == null ? ZERO_POINT
                    : nibble(zeroPoints, column * zeroPointBytes, group % groups);
            int last = Math.min(groupSize, k - first);
            for (int i = 0; i < last; i++) {
                weights[column * k + first + i] = (nibble(stored, group * (groupSize / 2), i) - zeroPoint)
                        * scales[group];
            }
        }
        return weights;
    }

    private static int nibble(byte[] bytes, int offset, int index) {
        return bytes[offset + index / 2] >> (index % 2 * BITS) & 0xF;
    }
}
