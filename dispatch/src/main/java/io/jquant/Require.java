// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import java.lang.foreign.MemorySegment;

/** Argument checks: each failure names the argument, its value, and what it must be. */
final class Require {
    private Require() {
    }

    static int positive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " = " + value + ": must be above 0");
        }
        return value;
    }

    static long notNegative(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " = " + value + ": must be 0 or more");
        }
        return value;
    }

    static void that(boolean condition, String name, Object value, String must) {
        if (!condition) {
            throw new IllegalArgumentException(name + " = " + value + ": must be " + must);
        }
    }

    static <T> T notNull(String name, T value) {
        if (value == null) {
            throw new IllegalArgumentException(name + " = null: must be given");
        }
        return value;
    }

    /** The product of sizes, refused when it does not fit a long. */
    static long product(String name, long... factors) {
        long product = 1;
        for (long factor : factors) {
            notNegative(name, factor);
            long high = Math.multiplyHigh(product, factor);
            product *= factor;
            if (high != 0 || product < 0) {
                throw new IllegalArgumentException(name + ": the product of its sizes must be below 2^63");
            }
        }
        return product;
    }

    /** Bytes that rows of a strided matrix reach over: the last row needs only its own width. */
    static long strided(String name, long rows, long rowBytes, long stride) {
        that(rows <= 1 || stride >= rowBytes, name + " stride", stride, "at least " + rowBytes + ", the bytes of a row");
        return rows == 0 ? 0 : Math.addExact(product(name, rows - 1, Math.max(stride, 0)), rowBytes);
    }

    /** Checks a strided matrix and returns the bytes that it reaches over. */
    static long rows(String name, MemorySegment segment, long rows, long columns, long stride, DataType type) {
        long bytes = type.bytes(strided(name, rows, columns, stride));
        readable(name, segment, bytes);
        return bytes;
    }

    /** Checks that there is an addend, of 8-bit elements, exactly where one is wanted. */
    static void addend(boolean wanted, MemorySegment addend, long rows, long columns, long stride,
            MemorySegment output) {
        that(wanted == (addend != null), "addend", addend == null ? "null" : "given",
                wanted ? "given: the epilogue has one" : "null: the epilogue has none");
        if (wanted) {
            rows("addend", addend, rows, columns, stride, DataType.U8);
            disjoint(output, "addend", addend, true);
        }
    }

    static MemorySegment readable(String name, MemorySegment segment, long bytes) {
        notNull(name, segment);
        if (segment.byteSize() < bytes) {
            throw new IllegalArgumentException(
                    name + " = " + segment.byteSize() + " bytes: must be at least " + bytes + " bytes");
        }
        return segment;
    }

    static MemorySegment writable(String name, MemorySegment segment, long bytes) {
        readable(name, segment, bytes);
        that(!segment.isReadOnly(), name, "read-only memory", "writable");
        return segment;
    }

    /** Refuses an output that shares memory with an input, unless it is that input. */
    static void disjoint(MemorySegment output, String name, MemorySegment input, boolean inPlaceAllowed) {
        var overlap = output.asOverlappingSlice(input);
        if (overlap.isEmpty() || overlap.get().byteSize() == 0) {
            return;
        }
        boolean same = inPlaceAllowed && sameStart(output, input);
        that(same, "output", "memory that overlaps " + name,
                inPlaceAllowed ? name + " itself or memory of its own" : "memory of its own");
    }

    private static boolean sameStart(MemorySegment a, MemorySegment b) {
        return a.address() == b.address();
    }
}
