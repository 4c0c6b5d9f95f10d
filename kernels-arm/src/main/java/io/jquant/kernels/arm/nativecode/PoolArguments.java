// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jquant.kernels.common.PoolBlock;
import java.lang.foreign.MemorySegment;

/** What a pooling is told besides {@link ElementArguments}, of which the count is that of channels. */
final class PoolArguments {
    /** Pixels of the output, and bytes of the input from one to the next. */
    static final int PIXELS = ElementArguments.BYTES;
    static final int PIXEL_STEP = PIXELS + 8;
    /** Rows of a window, those of all its planes. */
    static final int ROWS = PIXELS + 16;
    /** Points of a row, and bytes from one to the next. */
    static final int WIDTH = PIXELS + 24;
    static final int TAP_STRIDE = PIXELS + 32;
    /** Where each row begins, in bytes from the window's first point: 64 bits each. */
    static final int ROW_OFFSETS = PIXELS + 64;

    private PoolArguments() {
    }

    /** How much memory they take. */
    static long bytes(PoolBlock block) {
        return ROW_OFFSETS + (long) block.depth * block.height * Long.BYTES;
    }

    /** Writes what a block says. */
    static void write(MemorySegment to, PoolBlock block, int[] numbers, int zeroPoint) {
        ElementArguments.write(to, numbers, block.inputOffset, block.outputOffset, block.channels);
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
        // of no meaning for a maximum
        to.set(JAVA_INT, ElementArguments.number(ElementNumber.LEFT_SCALE),
                zeroPoint * block.depth * block.height * block.width);
        to.set(JAVA_INT, ElementArguments.number(ElementNumber.FACTOR), Float.floatToRawIntBits(block.multiplier));
    }
}
