// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * What machine code over elements is told besides its operands: where each number lies in a piece of memory of the
 * calling thread's own, which the code may change as it counts. Integers of 64 bits, then those of
 * {@link ElementNumbers}, of 32.
 */
public final class ElementArguments {
    /** The input: an offset, made an address by the code. */
    public static final int INPUT = 0;
    /** The output: an offset, made an address by the code. */
    public static final int OUTPUT = 8;
    /** The right input: an offset, made an address by the code. */
    public static final int RIGHT = 16;
    /** How many elements a row has. */
    public static final int COUNT = 24;
    /** From one step of the input to the next; how many elements that is, the instruction set says. */
    public static final int INPUT_STEP = 32;
    /** The same of the right input. */
    public static final int RIGHT_STEP = 40;
    /** How many rows. */
    public static final int ROWS = 48;
    /** From one row of the input to the next. */
    public static final int INPUT_ROW = 56;
    /** From one row of the right input to the next. */
    public static final int RIGHT_ROW = 64;
    /** From one row of the output to the next. */
    public static final int OUTPUT_ROW = 72;
    /** The numbers, at most twenty. */
    public static final int NUMBERS = 80;
    /** Room for a block of which one element is repeated. */
    public static final int LEFT_REPEATED = 192;
    /** The same for the right input. */
    public static final int RIGHT_REPEATED = 256;
    /** What the code keeps for itself. */
    public static final int OWN = 320;
    /** All of them. */
    public static final int BYTES = OWN + 800;

    /** Bytes of a block, at most. */
    private static final int LARGEST_BLOCK = 64;
    private static final long EVERY_BYTE = 0x0101010101010101L;

    private ElementArguments() {
    }

    /**
     * Where a number is.
     *
     * @param index which of the instruction set's
     * @return the place
     */
    public static int number(int index) {
        return NUMBERS + index * Integer.BYTES;
    }

    /**
     * Writes what a call of one row says.
     *
     * @param to where to
     * @param numbers the numbers, in their order
     * @param inputOffset the byte where the input begins
     * @param outputOffset the byte where the output begins
     * @param count elements
     */
    static void write(MemorySegment to, int[] numbers, long inputOffset, long outputOffset, long count) {
        to.set(JAVA_LONG, ROWS, 1);
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

    /** Fills one of the two rooms for a repeated element. */
    static void repeat(byte element, MemorySegment to, long place) {
        for (int i = 0; i < LARGEST_BLOCK; i += Long.BYTES) {
            to.set(JAVA_LONG, place + i, Byte.toUnsignedLong(element) * EVERY_BYTE);
        }
    }
}
