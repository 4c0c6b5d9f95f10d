// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** What {@link ElementCode} is told: where each number lies, of 64 bits but for those of {@link ElementNumber}. */
final class ElementArguments {
    /** Bytes from each operand's begin to its first element, made an address by the kernel. */
    static final int INPUT = 0;
    static final int OUTPUT = 8;
    static final int RIGHT = 16;
    /** How many elements a row has. */
    static final int COUNT = 24;
    /** From an element of an input to the next: 0 or its bytes. */
    static final int INPUT_STEP = 32;
    static final int RIGHT_STEP = 40;
    /** How many rows there are, and bytes of each operand from one to the next. */
    static final int ROWS = 48;
    static final int INPUT_ROW = 56;
    static final int RIGHT_ROW = 64;
    static final int OUTPUT_ROW = 72;
    static final int NUMBERS = 80;
    /** Room for a block of which one element is repeated. */
    static final int LEFT_REPEATED = 128;
    static final int RIGHT_REPEATED = LEFT_REPEATED + ElementCode.BLOCK;
    static final int BYTES = RIGHT_REPEATED + ElementCode.BLOCK;

    private ElementArguments() {
    }

    /** Where a number is. */
    static int number(ElementNumber number) {
        return NUMBERS + number.index() * Integer.BYTES;
    }

    /** Writes what a call of one row says. */
    static void write(MemorySegment to, int[] numbers, long inputOffset, long outputOffset, long count) {
        writeRows(to, 1, 0, 0);
        to.set(JAVA_LONG, INPUT, inputOffset);
        to.set(JAVA_LONG, OUTPUT, outputOffset);
        to.set(JAVA_LONG, COUNT, count);
        for (int i = 0; i < numbers.length; i++) {
            to.set(JAVA_INT, NUMBERS + (long) i * Integer.BYTES, numbers[i]);
        }
    }

    /** Writes what a call of several rows says besides. */
    static void writeRows(MemorySegment to, long rows, long inputRow, long outputRow) {
        to.set(JAVA_LONG, ROWS, rows);
        to.set(JAVA_LONG, INPUT_ROW, inputRow);
        to.set(JAVA_LONG, OUTPUT_ROW, outputRow);
    }
}
