// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** What machine code of a pooling is told besides {@link ElementArguments}, of which the count is that of channels. */
public final class PoolArguments {
    /** Pixels of the output. */
    public static final int PIXELS = ElementArguments.BYTES;
    /** Bytes of the input from one to the next. */
    public static final int PIXEL_STEP = PIXELS + 8;
    /** Rows of a window, those of all its planes. */
    public static final int ROWS = PIXELS + 16;
    /** Points of a row. */
    public static final int WIDTH = PIXELS + 24;
    /** Bytes from one to the next. */
    public static final int TAP_STRIDE = PIXELS + 32;
    /** Where each row begins, in bytes from the window's first point: 64 bits each. */
    public static final int ROW_OFFSETS = PIXELS + 64;

    private PoolArguments() {
    }

    /**
     * How much memory they take.
     *
     * @param block what is pooled
     * @return bytes
     */
    public static long bytes(PoolBlock block) {
        return ROW_OFFSETS + (long) block.depth * block.height * Long.BYTES;
    }

    /**
     * Writes what a block says.
     *
     * @param to where to
     * @param block the block
     * @param numbers the numbers, but for those of a block
     */
    public static void write(MemorySegment to, PoolBlock block, ElementNumbers<?> numbers) {
        ElementArguments.write(to, numbers.bits(), block.inputOffset, block.outputOffset, block.channels);
        to.set(JAVA_LONG, PIXELS, block.pixels);
        to.set(JAVA_LONG, PIXEL_STEP, block.pixelStep);
        to.set(JAVA_LONG, ROWS, (long) block.depth * block.height);
        to.set(JAVA_LONG, WIDTH, block.width);
        to.set(JAVA_LONG, TAP_STRIDE, block.tapStride);
        long at = ROW_OFFSETS;
        for (int d = 0; d < block.depth; d++) {
            for (int h = 0; h < block.height; h++, at += Long.BYTES) {
                to.set(JAVA_LONG, at, d * block.planeStride + h * block.rowStride);
            }
        }
    }

    /**
     * Writes a mean's numbers, which are a block's: what the zero points of a window sum to, and what the sum is
     * multiplied by.
     *
     * @param to where to
     * @param block the block
     * @param zeroPoint the zero point of the input, as the code reads it
     * @param zeroPlace where their sum goes
     * @param factorPlace where the multiplier goes
     */
    public static void writeMean(MemorySegment to, PoolBlock block, int zeroPoint, int zeroPlace, int factorPlace) {
        to.set(JAVA_INT, zeroPlace, zeroPoint * block.depth * block.height * block.width);
        to.set(JAVA_INT, factorPlace, Float.floatToRawIntBits(block.multiplier));
    }
}
