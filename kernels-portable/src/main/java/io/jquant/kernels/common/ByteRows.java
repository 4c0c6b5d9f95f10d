// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/** What is done to rows of bytes, eight at a time. */
final class ByteRows {
    /** Exclusive or with this turns s8 into u8 and back. */
    static final byte FLIP = Byte.MIN_VALUE;
    private static final long EVERY_BYTE = 0x0101_0101_0101_0101L;
    private static final long FLIPS = 0x8080_8080_8080_8080L;
    private static final long EVEN_BYTES = 0x00FF_00FF_00FF_00FFL;
    private static final long EVEN_SHORTS = 0x0000_FFFF_0000_FFFFL;
    /** Words whose bytes, added in pairs, still fit 16 bits. */
    private static final int WORDS = 128;

    private ByteRows() {
    }

    /** Sets bytes to a value; a slice of the segment to fill would be an object on the heap. */
    static void fill(MemorySegment segment, long offset, long count, byte value) {
        long words = count & -Long.BYTES;
        long pattern = Byte.toUnsignedLong(value) * EVERY_BYTE;
        for (long i = 0; i < words; i += Long.BYTES) {
            segment.set(JAVA_LONG_UNALIGNED, offset + i, pattern);
        }
        for (long i = words; i < count; i++) {
            segment.set(JAVA_BYTE, offset + i, value);
        }
    }

    /** Turns s8 into u8 in place. */
    static void flip(MemorySegment segment, long offset, long count) {
        long words = count & -Long.BYTES;
        for (long i = 0; i < words; i += Long.BYTES) {
            segment.set(JAVA_LONG_UNALIGNED, offset + i, segment.get(JAVA_LONG_UNALIGNED, offset + i) ^ FLIPS);
        }
        for (long i = words; i < count; i++) {
            segment.set(JAVA_BYTE, offset + i, (byte) (segment.get(JAVA_BYTE, offset + i) ^ FLIP));
        }
    }

    /** The sum of u8 elements. */
    static int sum(MemorySegment segment, long offset, int count) {
        int sum = 0;
        int i = 0;
        while (i + Long.BYTES <= count) {
            int end = Math.min(count - Long.BYTES, i + (WORDS - 1) * Long.BYTES);
            long pairs = 0;
            for (; i <= end; i += Long.BYTES) {
                long word = segment.get(JAVA_LONG_UNALIGNED, offset + i);
                pairs += (word & EVEN_BYTES) + (word >>> Byte.SIZE & EVEN_BYTES);
            }
            long fours = (pairs & EVEN_SHORTS) + (pairs >>> Short.SIZE & EVEN_SHORTS);
            sum += (int) fours + (int) (fours >>> Integer.SIZE);
        }
        for (; i < count; i++) {
            sum += Byte.toUnsignedInt(segment.get(JAVA_BYTE, offset + i));
        }
        return sum;
    }
}
