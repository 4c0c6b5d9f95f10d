// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.vector;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jquant.kernels.common.PoolBlock;
import io.jquant.kernels.common.PoolKernel;
import java.lang.foreign.MemorySegment;

/** Pooling over arrays: those in which the operands lie, or copies. */
abstract class PoolRows implements PoolKernel {
    /**
     * Computes output pixels.
     *
     * @param block how many pixels and channels
     * @param input where the pixels under windows are
     * @param at where the first pixel's window begins
     * @param reach where the window's pixels are from there
     * @param taps how many
     * @param output where the output goes
     * @param outputAt where the first pixel's channels go
     */
    abstract void pool(PoolBlock block, byte[] input, int at, int[] reach, int taps, byte[] output, int outputAt);

    /**
     * Computes output pixels where input and output are outside the heap.
     *
     * @param block the pixels
     * @param reach where the window's pixels are from the first on
     * @param taps how many
     * @return whether it has: otherwise operands are copied
     */
    boolean pool(PoolBlock block, int[] reach, int taps) {
        return false;
    }

    /** {@return room that {@link #pool} finds behind the taps} */
    int sums(PoolBlock block) {
        return 0;
    }

    @Override
    public final void run(PoolBlock block) {
        int taps = block.depth * block.height * block.width;
        int[] reach = block.scratch.ints(taps + sums(block));
        if (block.input.isNative() && block.output.isNative()) {
            place(block, (int) block.planeStride, (int) block.rowStride, reach);
            if (pool(block, reach, taps)) {
                return;
            }
        }
        inArrays(block, reach, taps);
    }

    private void inArrays(PoolBlock block, int[] reach, int taps) {
        Object from = Backing.array(block.input, block.inputOffset, 1);
        int at = from == null ? 0 : Backing.index(block.input, block.inputOffset, 1);
        int planeStride = (int) block.planeStride;
        int rowStride = (int) block.rowStride;
        if (from == null) {
            rowStride = (int) ((block.pixels - 1) * block.pixelStep + (block.width - 1) * block.tapStride)
                    + block.channels;
            planeStride = block.height * rowStride;
            from = copy(block, rowStride);
        }
        Object to = Backing.array(block.output, block.outputOffset, 1);
        int outputBytes = block.pixels * block.channels;
        byte[] output = to == null ? block.scratch.output(outputBytes) : (byte[]) to;
        int outputAt = to == null ? 0 : Backing.index(block.output, block.outputOffset, 1);
        place(block, planeStride, rowStride, reach);
        pool(block, (byte[]) from, at, reach, taps, output, outputAt);
        if (to == null) {
            MemorySegment.copy(output, 0, block.output, JAVA_BYTE, block.outputOffset, outputBytes);
        }
    }

    private static void place(PoolBlock block, int planeStride, int rowStride, int[] reach) {
        int tap = 0;
        for (int d = 0; d < block.depth; d++) {
            for (int h = 0; h < block.height; h++) {
                for (int w = 0; w < block.width; w++) {
                    reach[tap++] = d * planeStride + h * rowStride + w * (int) block.tapStride;
                }
            }
        }
    }

    private static byte[] copy(PoolBlock block, int rowBytes) {
        byte[] rows = block.scratch.input(block.depth * block.height * rowBytes);
        int to = 0;
        for (int d = 0; d < block.depth; d++) {
            for (int h = 0; h < block.height; h++, to += rowBytes) {
                MemorySegment.copy(block.input, JAVA_BYTE,
                        block.inputOffset + d * block.planeStride + h * block.rowStride, rows, to, rowBytes);
            }
        }
        return rows;
    }
}
