// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.work;

import io.jquant.DataType;
import io.jquant.Engine;
import io.jquant.VectorScoring;
import io.jquant.VectorScoringSpec;
import io.jquant.bench.measure.Subject;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * Dot products of one vector with random rows of a table, s8 x s8 to s32, as searching for neighbours has them. Shapes
 * are {@code ROWSxDIMENSIONxCOUNT}: of the table, then how many rows a call scores.
 *
 * @param spec what is computed
 * @param rows rows of the table
 * @param count rows of a call
 * @param query the vector
 * @param table the rows
 * @param ordinals which rows, s32
 */
public record ScoringWork(VectorScoringSpec spec, int rows, int count, MemorySegment query, MemorySegment table,
        MemorySegment ordinals) implements Workload {
    static ScoringWork of(String shape) {
        int[] sizes = Operands.numbers(shape, 3);
        MemorySegment ordinals = Operands.zeros(DataType.S32, sizes[2]);
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < sizes[2]; i++) {
            ordinals.setAtIndex(ValueLayout.JAVA_INT, i, random.nextInt(sizes[0]));
        }
        return new ScoringWork(
                new VectorScoringSpec(sizes[1], sizes[1], DataType.S8, VectorScoringSpec.Metric.PRODUCT), sizes[0],
                sizes[2], Operands.bytes(sizes[1], 1), Operands.bytes((long) sizes[0] * sizes[1], 2), ordinals);
    }

    @Override
    public long operations() {
        return 2L * count * spec.dimension();
    }

    @Override
    public Bound bound() {
        return new Reading((long) count * spec.dimension());
    }

    @Override
    public long traffic() {
        return (long) count * (spec.dimension() + 2 * Integer.BYTES) + spec.dimension();
    }

    @Override
    public String types() {
        return "s8s8s32";
    }

    @Override
    public DataType outputType() {
        return DataType.S32;
    }

    @Override
    public Subject on(Engine engine) {
        VectorScoring scoring = engine.vectorScoring(spec);
        MemorySegment output = Operands.zeros(DataType.S32, count);
        return Subject.of(() -> scoring.run(query, table, rows, ordinals, count, output), output, scoring::close);
    }
}
