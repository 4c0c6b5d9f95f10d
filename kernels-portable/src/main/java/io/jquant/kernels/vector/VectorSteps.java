// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.FLOATS;
import static io.jquant.kernels.vector.Lanes.HALF;
import static io.jquant.kernels.vector.Lanes.INTS;
import static io.jquant.kernels.vector.Lanes.LANES;
import static io.jquant.kernels.vector.Lanes.PAIRS;
import static io.jquant.kernels.vector.Lanes.SHORTS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jquant.kernels.common.Stage;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * A function of pairs of bytes in two loops, steps of the output first, then bytes: one loop is more than C2 inlines
 * where other kernels were compiled before, and its vectors go to the heap. So they do where a loop calls methods that
 * were compiled before it: these loops call none. Of {@link Lanes#PAIRS} elements, a vector has the steps of every
 * second one, and the next those of the others.
 */
abstract class VectorSteps extends VectorPair {
    final PairNumbers numbers;

    VectorSteps(PairNumbers numbers) {
        this.numbers = numbers;
    }

    /** Steps of elements of arrays. */
    abstract void steps(byte[] left, int leftAt, byte[] right, int rightAt, float[] steps, int count);

    /** Steps of elements outside the heap. */
    abstract void steps(MemorySegment left, long leftOffset, MemorySegment right, long rightOffset, float[] steps,
            int count);

    @Override
    final void arrays(byte[] left, int leftAt, byte[] right, int rightAt, byte[] output, int outputAt, int count,
            Stage stage) {
        for (int i = 0; i < count; i += Stage.SIZE) {
            int some = Math.min(Stage.SIZE, count - i);
            steps(left, leftAt + i, right, rightAt + i, stage.floatOutput, some);
            finish(stage.floatOutput, output, outputAt + i, some);
        }
    }

    @Override
    final void memory(MemorySegment left, long leftOffset, MemorySegment right, long rightOffset,
            MemorySegment output, long outputOffset, int count, Stage stage) {
        for (int i = 0; i < count; i += Stage.SIZE) {
            int some = Math.min(Stage.SIZE, count - i);
            steps(left, leftOffset + i, right, rightOffset + i, stage.floatOutput, some);
            finish(stage.floatOutput, output, outputOffset + i, some);
        }
    }

    private void finish(float[] steps, byte[] output, int outputAt, int count) {
        FloatVector round = FloatVector.fromArray(FLOATS, numbers.round, 0);
        IntVector low = IntVector.fromArray(INTS, numbers.low, 0);
        IntVector high = IntVector.fromArray(INTS, numbers.high, 0);
        IntVector lower = IntVector.fromArray(INTS, numbers.lowerHalf, 0);
        ShortVector zero = ShortVector.fromArray(SHORTS, numbers.zeroPoint, 0);
        for (int i = 0; i < count; i += PAIRS) {
            IntVector first = FloatVector.fromArray(FLOATS, steps, i).add(round).reinterpretAsInts()
                    .max(low).min(high);
            IntVector second = FloatVector.fromArray(FLOATS, steps, i + LANES).add(round).reinterpretAsInts()
                    .max(low).min(high);
            ShortVector both = first.and(lower).or(second.lanewise(VectorOperators.LSHL, Short.SIZE))
                    .reinterpretAsShorts().add(zero);
            ((ByteVector) both.convertShape(VectorOperators.S2B, HALF, 0))
                    .intoArray(output, outputAt + i);
        }
    }

    private void finish(float[] steps, MemorySegment output, long outputOffset, int count) {
        MemorySegment to = Backing.outside(output);
        FloatVector round = FloatVector.fromArray(FLOATS, numbers.round, 0);
        IntVector low = IntVector.fromArray(INTS, numbers.low, 0);
        IntVector high = IntVector.fromArray(INTS, numbers.high, 0);
        IntVector lower = IntVector.fromArray(INTS, numbers.lowerHalf, 0);
        ShortVector zero = ShortVector.fromArray(SHORTS, numbers.zeroPoint, 0);
        for (int i = 0; i < count; i += PAIRS) {
            IntVector first = FloatVector.fromArray(FLOATS, steps, i).add(round).reinterpretAsInts()
                    .max(low).min(high);
            IntVector second = FloatVector.fromArray(FLOATS, steps, i + LANES).add(round).reinterpretAsInts()
                    .max(low).min(high);
            ShortVector both = first.and(lower).or(second.lanewise(VectorOperators.LSHL, Short.SIZE))
                    .reinterpretAsShorts().add(zero);
            ((ByteVector) both.convertShape(VectorOperators.S2B, HALF, 0))
                    .intoMemorySegment(to, outputOffset + i, LITTLE_ENDIAN);
        }
    }
}
