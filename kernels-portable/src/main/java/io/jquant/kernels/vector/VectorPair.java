// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static io.jquant.kernels.vector.Lanes.LANES;
import static io.jquant.kernels.vector.Lanes.REACH;
import static io.jquant.kernels.vector.Lanes.WIDE_LANES;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jquant.kernels.common.PairKernel;
import io.jquant.kernels.common.Scratch;
import io.jquant.kernels.common.Stage;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** A kernel over pairs of bytes, as {@link VectorRange} is one over single elements. */
abstract class VectorPair implements PairKernel {
    /** Runs over {@link Lanes#WIDE_LANES} elements of arrays, or a multiple of them. */
    abstract void arrays(byte[] left, int leftAt, byte[] right, int rightAt, byte[] output, int outputAt, int count,
            Stage stage);

    /** Runs over as many outside the heap, as {@link Backing#outside} gives it. */
    abstract void memory(MemorySegment left, long leftOffset, MemorySegment right, long rightOffset,
            MemorySegment output, long outputOffset, int count, Stage stage);

    @Override
    public final void run(MemorySegment left, long leftOffset, int leftStep, MemorySegment right, long rightOffset,
            int rightStep, MemorySegment output, long outputOffset, long count, Scratch scratch) {
        long whole = 0;
        if (count >= REACH && leftStep == 1 && rightStep == 1) {
            // a kernel in steps of LANES may reach beyond the last one
            whole = (count - REACH + LANES) / WIDE_LANES * WIDE_LANES;
            if (left.isNative() && right.isNative() && output.isNative()) {
                for (long i = 0; i < whole; i += VectorRange.MOST) {
                    memory(left, leftOffset + i, right, rightOffset + i, output, outputOffset + i,
                            (int) Math.min(VectorRange.MOST, whole - i), scratch.stage());
                }
            } else {
                whole = inArrays(left, leftOffset, right, rightOffset, output, outputOffset, whole,
                        scratch.stage());
            }
        }
        stage(left, leftOffset + whole * leftStep, leftStep, right, rightOffset + whole * rightStep, rightStep, output,
                outputOffset + whole, count - whole, scratch.stage());
    }

    private long inArrays(MemorySegment left, long leftOffset, MemorySegment right, long rightOffset,
            MemorySegment output, long outputOffset, long whole, Stage stage) {
        Object a = Backing.array(left, leftOffset, 1);
        Object b = Backing.array(right, rightOffset, 1);
        Object y = Backing.array(output, outputOffset, 1);
        if (a == null || b == null || y == null) {
            return 0;
        }
        arrays((byte[]) a, Backing.index(left, leftOffset, 1), (byte[]) b, Backing.index(right, rightOffset, 1),
                (byte[]) y, Backing.index(output, outputOffset, 1), (int) whole, stage);
        return whole;
    }

    private void stage(MemorySegment left, long leftOffset, int leftStep, MemorySegment right, long rightOffset,
            int rightStep, MemorySegment output, long outputOffset, long rest, Stage stage) {
        for (long i = 0; i < rest; i += Stage.SIZE) {
            int count = (int) Math.min(Stage.SIZE, rest - i);
            load(left, leftOffset + i * leftStep, leftStep, stage.input, count);
            load(right, rightOffset + i * rightStep, rightStep, stage.right, count);
            int whole = Math.ceilDiv(count, WIDE_LANES) * WIDE_LANES;
            arrays(stage.input, 0, stage.right, 0, stage.output, 0, whole, stage);
            MemorySegment.copy(stage.output, 0, output, JAVA_BYTE, outputOffset + i, count);
        }
    }

    private static void load(MemorySegment from, long offset, int step, byte[] to, int count) {
        if (step == 1) {
            MemorySegment.copy(from, JAVA_BYTE, offset, to, 0, count);
        } else {
            Arrays.fill(to, 0, count, from.get(JAVA_BYTE, offset));
        }
    }
}
