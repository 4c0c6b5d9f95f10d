// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Argument checks: each failure names the argument, its value, and what it must be. What operators ask on every run
 * makes its message only when it fails, so that a run allocates nothing.
 */
final class Require {
    private Require() {
    }

    static int positive(String name, int value) {
        if (value <= 0) {
            throw failure(name, value, "above 0");
        }
        return value;
    }

    static long notNegative(String name, long value) {
        if (value < 0) {
            throw failure(name, value, "0 or more");
        }
        return value;
    }

    static void that(boolean condition, String name, Object value, String must) {
        if (!condition) {
            throw failure(name, value, must);
        }
    }

    static IllegalArgumentException failure(String name, Object value, String must) {
        return new IllegalArgumentException(name + " = " + value + ": must be " + must);
    }

    static <T> T notNull(String name, T value) {
        if (value == null) {
            throw new IllegalArgumentException(name + " = null: must be given");
        }
        return value;
    }

    /** The product of two sizes, refused when it does not fit a long. */
    static long product(String name, long a, long b) {
        notNegative(name, a);
        notNegative(name, b);
        long product = a * b;
        if (Math.multiplyHigh(a, b) != 0 || product < 0) {
            throw tooLarge(name, " * ", a, b);
        }
        return product;
    }

    /** The product of three sizes, refused when it does not fit a long. */
    static long product(String name, long a, long b, long c) {
        return product(name, product(name, a, b), c);
    }

    /** The product of any number of sizes, refused when it does not fit a long; 0 if one is. */
    static long product(String name, long... factors) {
        long product = 1;
        boolean empty = false;
        for (long factor : factors) {
            empty |= notNegative(name, factor) == 0;
        }
        for (int i = 0; i < factors.length && !empty; i++) {
            product = product(name, product, factors[i]);
        }
        return empty ? 0 : product;
    }

    /** The sum of two sizes, refused when it does not fit a long. */
    static long sum(String name, long a, long b) {
        long sum = a + b;
        if (sum < 0) {
            throw tooLarge(name, " + ", a, b);
        }
        return sum;
    }

    private static IllegalArgumentException tooLarge(String name, String operation, long... sizes) {
        return failure(name, Arrays.stream(sizes).mapToObj(Long::toString).collect(Collectors.joining(operation)),
                "below 2^63");
    }

    /** Elements that rows of a strided matrix reach over: the last row needs only its own columns. */
    static long strided(String name, long rows, long columns, long stride) {
        if (rows > 1 && stride < columns) {
            throw failure(name + " stride", stride, "at least " + columns + ", the elements of a row");
        }
        if (rows <= 1) {
            return rows <= 0 ? 0 : columns;
        }
        return sum(name, product(name, rows - 1, stride), columns);
    }

    /** Checks a strided matrix and returns the bytes that it reaches over. */
    static long rows(String name, MemorySegment segment, long rows, long columns, long stride, DataType type) {
        long bytes = bytes(name, type, strided(name, rows, columns, stride));
        readable(name, segment, bytes);
        return bytes;
    }

    /** The bytes of some elements, refused when they do not fit a long. */
    static long bytes(String name, DataType type, long elements) {
        notNegative(name, elements);
        return type.bits() <= 8 ? type.bytes(elements) : product(name, elements, type.bits() / 8);
    }

    /** Checks that there is an addend, of 8-bit elements, exactly where one is wanted. */
    static void addend(boolean wanted, MemorySegment addend, long rows, long columns, long stride,
            MemorySegment output, long outputStride) {
        if (wanted != (addend != null)) {
            throw failure("addend", addend == null ? "null" : "given",
                    wanted ? "given: the epilogue has one" : "null: the epilogue has none");
        }
        if (wanted) {
            rows("addend", addend, rows, columns, stride, DataType.U8);
            // at another stride a row of the output would overwrite rows of the addend that are still to be read
            disjoint(output, "addend", addend, rows <= 1 || stride == outputStride);
        }
    }

    static MemorySegment readable(String name, MemorySegment segment, long bytes) {
        notNull(name, segment);
        if (segment.byteSize() < bytes) {
            throw failure(name, segment.byteSize() + " bytes", "at least " + bytes + " bytes");
        }
        if (!segment.scope().isAlive()) {
            throw new IllegalStateException(name + " = memory that has been freed: must be alive");
        }
        if (!segment.isAccessibleBy(Thread.currentThread())) {
            throw failure(name, "memory confined to another thread", "accessible to the calling thread");
        }
        return segment;
    }

    static MemorySegment writable(String name, MemorySegment segment, long bytes) {
        readable(name, segment, bytes);
        if (segment.isReadOnly()) {
            throw failure(name, "read-only memory", "writable");
        }
        return segment;
    }

    /** Refuses an output that shares memory with an input, unless it is that input. */
    static void disjoint(MemorySegment output, String name, MemorySegment input, boolean inPlaceAllowed) {
        disjoint("output", output, name, input, inPlaceAllowed);
    }

    static void disjoint(String outputName, MemorySegment output, String name, MemorySegment input,
            boolean inPlaceAllowed) {
        // asked first because it makes no slice
        if (inPlaceAllowed && output.equals(input)) {
            return;
        }
        var overlap = output.asOverlappingSlice(input);
        if (overlap.isEmpty() || overlap.get().byteSize() == 0) {
            return;
        }
        // of overlapping segments, which are of one array or both native, equal addresses mean the same start
        if (!inPlaceAllowed || output.address() != input.address()) {
            throw failure(outputName, "memory that overlaps " + name,
                    inPlaceAllowed ? name + " itself or memory of its own" : "memory of its own");
        }
    }
}
