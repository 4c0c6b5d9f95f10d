// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Bytes of a matrix with its columns in rows, eight by eight in registers. */
final class ByteTranspose {
    /** Rows of the output at least. */
    static final int SIDE = Long.BYTES;

    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_32 = 0xFFFFFFFFL;
    private static final long LOW_16 = 0x0000FFFF0000FFFFL;
    private static final long LOW_8 = 0x00FF00FF00FF00FFL;

    private ByteTranspose() {
    }

    /**
     * Transposes.
     *
     * @param input the input
     * @param from where the output's first column begins
     * @param step from one of the output's columns to the next; bytes of a column follow each other
     * @param height the output's rows, at least {@link #SIDE}
     * @param width the output's columns, at least 1
     * @param output the output
     * @param to where its first row begins; rows follow each other
     */
    static void run(MemorySegment input, long from, long step, long height, long width, MemorySegment output,
            long to) {
        long end = to + height * width;
        for (long row = 0; row < height; row += SIDE) {
            // the last blocks begin earlier, and write some elements twice
            long first = Math.min(row, height - SIDE);
            for (long column = 0; column < width; column += SIDE) {
                long left = Math.max(0, Math.min(column, width - SIDE));
                block(input, from + first + left * step, step, Math.min(SIDE, width), output,
                        to + first * width + left, width, end);
            }
        }
    }

    private static void block(MemorySegment input, long from, long step, long columns, MemorySegment output, long to,
            long stride, long end) {
        long a0 = input.get(WORD, from);
        long a1 = columns > 1 ? input.get(WORD, from + step) : 0;
        long a2 = columns > 2 ? input.get(WORD, from + 2 * step) : 0;
        long a3 = columns > 3 ? input.get(WORD, from + 3 * step) : 0;
        long a4 = columns > 4 ? input.get(WORD, from + 4 * step) : 0;
        long a5 = columns > 5 ? input.get(WORD, from + 5 * step) : 0;
        long a6 = columns > 6 ? input.get(WORD, from + 6 * step) : 0;
        long a7 = columns > 7 ? input.get(WORD, from + 7 * step) : 0;

        // halves, quarters, bytes: what is above the diagonal changes places with what is below
        long b0 = (a0 & LOW_32) | (a4 << 32);
        long b1 = (a1 & LOW_32) | (a5 << 32);
        long b2 = (a2 & LOW_32) | (a6 << 32);
        long b3 = (a3 & LOW_32) | (a7 << 32);
        long b4 = (a0 >>> 32) | (a4 & ~LOW_32);
        long b5 = (a1 >>> 32) | (a5 & ~LOW_32);
        long b6 = (a2 >>> 32) | (a6 & ~LOW_32);
        long b7 = (a3 >>> 32) | (a7 & ~LOW_32);

        half(b0, b1, b2, b3, output, to, stride, columns, end);
        half(b4, b5, b6, b7, output, to + 4 * stride, stride, columns, end);
    }

    private static void half(long b0, long b1, long b2, long b3, MemorySegment output, long to, long stride,
            long columns, long end) {
        long c0 = (b0 & LOW_16) | ((b2 & LOW_16) << 16);
        long c1 = (b1 & LOW_16) | ((b3 & LOW_16) << 16);
        long c2 = ((b0 >>> 16) & LOW_16) | (b2 & ~LOW_16);
        long c3 = ((b1 >>> 16) & LOW_16) | (b3 & ~LOW_16);

        store((c0 & LOW_8) | ((c1 & LOW_8) << 8), output, to, columns, end);
        store(((c0 >>> 8) & LOW_8) | (c1 & ~LOW_8), output, to + stride, columns, end);
        store((c2 & LOW_8) | ((c3 & LOW_8) << 8), output, to + 2 * stride, columns, end);
        store(((c2 >>> 8) & LOW_8) | (c3 & ~LOW_8), output, to + 3 * stride, columns, end);
    }

    /** Stores a row's bytes; what else it writes behind them, the next row overwrites. */
    private static void store(long row, MemorySegment output, long to, long columns, long end) {
        if (to + SIDE <= end) {
            output.set(WORD, to, row);
            return;
        }
        for (int i = 0; i < columns; i++) {
            output.set(JAVA_BYTE, to + i, (byte) (row >>> (8 * i)));
        }
    }
}
