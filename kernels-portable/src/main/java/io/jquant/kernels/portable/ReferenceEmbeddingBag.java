// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.jquant.EmbeddingBagSpec;
import io.jquant.spi.EmbeddingBagKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Sums of rows as FBGEMM's EmbeddingSpMDM and PyTorch's embedding_bag compute them:
 * {@code sum = fma(weight * scale, quantized, sum + weight * bias)}, rows in the order of the indices; a mean is the
 * sum times {@code 1 / length}. The fused multiply-add is the peers' own.
 */
public class ReferenceEmbeddingBag implements EmbeddingBagKernel {
    private final EmbeddingBagSpec spec;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment table;

    /**
     * Copies the table.
     *
     * @param spec the operator
     * @param rows the table
     */
    public ReferenceEmbeddingBag(EmbeddingBagSpec spec, MemorySegment rows) {
        this.spec = spec;
        // off the heap, where tables may be larger than an array
        long bytes = spec.rows() * spec.rowBytes();
        this.table = arena.allocate(bytes).copyFrom(rows.asSlice(0, bytes));
    }

    @Override
    public void run(long bags, MemorySegment indices, MemorySegment offsets, MemorySegment weights,
            MemorySegment output) {
        run(bags, indices, offsets, weights, output, new float[spec.dimension()]);
    }

    /**
     * Runs with an array for sums.
     *
     * @param bags bags
     * @param indices rows of all bags
     * @param offsets where bags begin among the indices, and where the last ends
     * @param weights of the rows; null for 1
     * @param output the sums or means of the bags
     * @param sums an array of at least a row's elements, of any contents
     */
    protected final void run(long bags, MemorySegment indices, MemorySegment offsets, MemorySegment weights,
            MemorySegment output, float[] sums) {
        for (long bag = 0; bag < bags; bag++) {
            long from = offsets.get(JAVA_LONG_UNALIGNED, bag * Long.BYTES);
            long to = offsets.get(JAVA_LONG_UNALIGNED, (bag + 1) * Long.BYTES);
            Arrays.fill(sums, 0, spec.dimension(), 0);
            for (long i = from; i < to; i++) {
                float weight = weights == null ? 1 : weights.get(JAVA_FLOAT_UNALIGNED, i * Float.BYTES);
                add(sums, indices.get(JAVA_LONG_UNALIGNED, i * Long.BYTES), weight);
            }
            float factor = spec.mean() && to > from ? 1.0f / (to - from) : 1;
            for (int column = 0; column < spec.dimension(); column++) {
                output.set(JAVA_FLOAT_UNALIGNED, (bag * spec.dimension() + column) * Float.BYTES,
                        sums[column] * factor);
            }
        }
    }

    private void add(float[] sums, long index, float weight) {
        long row = index * spec.rowBytes();
        add(table, row, weight * parameter(row, 0), weight * parameter(row, 1), sums);
    }

    /**
     * Adds a row to sums.
     *
     * @param from the table
     * @param row the byte where the row begins
     * @param scale its scale, times its weight
     * @param bias its bias, times its weight
     * @param sums the sums
     */
    protected void add(MemorySegment from, long row, float scale, float bias, float[] sums) {
        for (int column = 0; column < spec.dimension(); column++) {
            sums[column] = Math.fma(scale, value(row, column), sums[column] + bias);
        }
    }

    private float parameter(long row, int which) {
        return spec.bits() == 8
                ? table.get(JAVA_FLOAT_UNALIGNED, row + spec.dimension() + which * (long) Float.BYTES)
                : Float.float16ToFloat(table.get(JAVA_SHORT_UNALIGNED,
                        row + (spec.dimension() + 1L) / 2 + which * (long) Short.BYTES));
    }

    private int value(long row, int column) {
        return spec.bits() == 8
                ? Byte.toUnsignedInt(table.get(JAVA_BYTE, row + column))
                : table.get(JAVA_BYTE, row + column / 2) >> (column % 2 * 4) & 0xF;
    }

    @Override
    public void unpack(MemorySegment to) {
        to.copyFrom(table);
    }

    @Override
    public void close() {
        arena.close();
    }
}
