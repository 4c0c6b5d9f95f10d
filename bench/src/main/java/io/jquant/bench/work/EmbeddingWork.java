// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.work;

import io.jquant.DataType;
import io.jquant.EmbeddingBagSpec;
import io.jquant.Engine;
import io.jquant.PackedEmbeddingBag;
import io.jquant.bench.measure.Subject;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * Sums of rows of a table, to f32. Shapes are {@code BITSxROWSxDIMENSIONxBAGSxLENGTH}: of the table, then how many
 * bags of how many indices.
 *
 * @param spec the table
 * @param bags how many sums
 * @param length indices of each
 * @param table the rows
 * @param indices which rows, s64
 * @param offsets where each bag begins, s64
 */
public record EmbeddingWork(EmbeddingBagSpec spec, int bags, int length, MemorySegment table, MemorySegment indices,
        MemorySegment offsets) implements Workload {
    static EmbeddingWork of(String shape) {
        int[] sizes = Operands.numbers(shape, 5);
        EmbeddingBagSpec spec = new EmbeddingBagSpec(sizes[0], sizes[1], sizes[2], false);
        MemorySegment indices = longs((long) sizes[3] * sizes[4]);
        SplittableRandom random = new SplittableRandom(3);
        for (long i = 0; i < (long) sizes[3] * sizes[4]; i++) {
            indices.setAtIndex(ValueLayout.JAVA_LONG, i, random.nextLong(spec.rows()));
        }
        MemorySegment offsets = longs(sizes[3] + 1L);
        for (int i = 0; i <= sizes[3]; i++) {
            offsets.setAtIndex(ValueLayout.JAVA_LONG, i, (long) i * sizes[4]);
        }
        return new EmbeddingWork(spec, sizes[3], sizes[4], table(spec), indices, offsets);
    }

    private static MemorySegment longs(long count) {
        return Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, count);
    }

    /** Random rows with finite scales and biases. */
    private static MemorySegment table(EmbeddingBagSpec spec) {
        MemorySegment table = Operands.bytes(spec.weightBytes(), 1);
        for (long row = 0; row < spec.rows(); row++) {
            long end = (row + 1) * spec.rowBytes();
            if (spec.bits() == 8) {
                table.set(ValueLayout.JAVA_FLOAT_UNALIGNED, end - 8, 0.01f);
                table.set(ValueLayout.JAVA_FLOAT_UNALIGNED, end - 4, -1.28f);
            } else {
                table.set(ValueLayout.JAVA_SHORT_UNALIGNED, end - 4, Float.floatToFloat16(0.125f));
                table.set(ValueLayout.JAVA_SHORT_UNALIGNED, end - 2, Float.floatToFloat16(-1));
            }
        }
        return table;
    }

    @Override
    public long operations() {
        return 2L * bags * length * spec.dimension();
    }

    @Override
    public Bound bound() {
        return new Reading(bags * (long) length * spec.rowBytes());
    }

    @Override
    public long traffic() {
        return bags * (length * spec.rowBytes() + (long) spec.dimension() * Float.BYTES);
    }

    @Override
    public String types() {
        return "u" + spec.bits() + "f32";
    }

    @Override
    public DataType outputType() {
        return DataType.F32;
    }

    @Override
    public Subject on(Engine engine) {
        PackedEmbeddingBag bag = engine.embeddingBag(spec, table);
        MemorySegment output = Operands.zeros(DataType.F32, (long) bags * spec.dimension());
        return Subject.of(() -> bag.run(bags, indices, offsets, null, output), output, bag::close);
    }
}
