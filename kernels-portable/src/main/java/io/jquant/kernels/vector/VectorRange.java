// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import io.jquant.kernels.common.RangeKernel;
import io.jquant.kernels.common.Scratch;
import io.jquant.kernels.common.Stage;
import java.lang.foreign.MemorySegment;

/**
 * A kernel over a range of elements, as two loops over whole vectors: one over arrays, one over memory outside the
 * heap. What neither reaches goes through arrays of the thread's own: ends, and arrays of other types.
 */
abstract class VectorRange implements RangeKernel {
    /** Elements of a loop, whose index is an integer so that bounds are checked before it; whole vectors. */
    static final int MOST = 1 << 24;

    private final int inputBytes;
    private final int outputBytes;
    private final int step;
    private final int reach;

    /**
     * @param inputBytes bytes of an element of the input, 1 or 4
     * @param outputBytes bytes of an element of the output, 1 or 4
     * @param step elements of a vector
     * @param reach elements that loading or storing a vector touches
     */
    VectorRange(int inputBytes, int outputBytes, int step, int reach) {
        this.inputBytes = inputBytes;
        this.outputBytes = outputBytes;
        this.step = step;
        this.reach = reach;
    }

    /** Runs over whole vectors of arrays, byte[] or float[]. */
    abstract void arrays(Object input, int inputAt, Object output, int outputAt, int count);

    /** Runs over whole vectors outside the heap, as {@link Backing#outside} gives it; offsets are in bytes. */
    abstract void memory(MemorySegment input, long inputOffset, MemorySegment output, long outputOffset, int count);

    @Override
    public final void run(MemorySegment input, long inputOffset, MemorySegment output, long outputOffset, long count,
            Scratch scratch) {
        long whole = count < reach ? 0 : (count - reach) / step * step + step;
        if (input.isNative() && output.isNative()) {
            for (long i = 0; i < whole; i += MOST) {
                memory(input, inputOffset + i * inputBytes, output, outputOffset + i * outputBytes,
                        (int) Math.min(MOST, whole - i));
            }
            stage(input, inputOffset + whole * inputBytes, output, outputOffset + whole * outputBytes, count - whole,
                    scratch.stage());
            return;
        }
        Object from = Backing.array(input, inputOffset, inputBytes);
        Object to = Backing.array(output, outputOffset, outputBytes);
        if (from == null && to == null) {
            whole = 0;
        } else if (from != null && to != null) {
            arrays(from, Backing.index(input, inputOffset, inputBytes), to,
                    Backing.index(output, outputOffset, outputBytes), (int) whole);
        } else if (from != null) {
            storeBlocks(from, Backing.index(input, inputOffset, inputBytes), output, outputOffset, (int) whole,
                    scratch.stage());
        } else {
            loadBlocks(input, inputOffset, to, Backing.index(output, outputOffset, outputBytes), (int) whole,
                    scratch.stage());
        }
        stage(input, inputOffset + whole * inputBytes, output, outputOffset + whole * outputBytes, count - whole,
                scratch.stage());
    }

    private Object staged(Stage stage, int elementBytes, boolean output) {
        if (elementBytes == 1) {
            return output ? stage.output : stage.input;
        }
        return output ? stage.floatOutput : stage.floats;
    }

    private void storeBlocks(Object from, int at, MemorySegment output, long outputOffset, int whole, Stage stage) {
        Object to = staged(stage, outputBytes, true);
        for (int i = 0; i < whole; i += Stage.SIZE) {
            int count = Math.min(Stage.SIZE, whole - i);
            arrays(from, at + i, to, 0, count);
            Backing.store(to, output, outputOffset + (long) i * outputBytes, outputBytes, count);
        }
    }

    private void loadBlocks(MemorySegment input, long inputOffset, Object to, int at, int whole, Stage stage) {
        Object from = staged(stage, inputBytes, false);
        for (int i = 0; i < whole; i += Stage.SIZE) {
            int count = Math.min(Stage.SIZE, whole - i);
            Backing.load(input, inputOffset + (long) i * inputBytes, inputBytes, from, count);
            arrays(from, 0, to, at + i, count);
        }
    }

    private void stage(MemorySegment input, long inputOffset, MemorySegment output, long outputOffset, long rest,
            Stage stage) {
        Object from = staged(stage, inputBytes, false);
        Object to = staged(stage, outputBytes, true);
        for (long i = 0; i < rest; i += Stage.SIZE) {
            int count = (int) Math.min(Stage.SIZE, rest - i);
            Backing.load(input, inputOffset + i * inputBytes, inputBytes, from, count);
            arrays(from, 0, to, 0, Math.ceilDiv(count, step) * step);
            Backing.store(to, output, outputOffset + i * outputBytes, outputBytes, count);
        }
    }
}
