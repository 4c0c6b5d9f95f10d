// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;

/**
 * Follows a kernel's code without an Arm CPU and counts its instructions: executes those on general registers, which
 * decide where it goes, and passes over those on vectors.
 */
final class Walker {
    private static final int ARGUMENTS = 4;
    private static final int RETURN = 0xD65F03C0;

    private final IntBuffer words;
    private final MemorySegment arguments;
    private final long[] registers = new long[32];
    private boolean isZero;
    private boolean isNegative;
    private boolean isBorrowed;
    private int next;

    private Walker(byte[] code, MemorySegment arguments) {
        words = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
        this.arguments = arguments;
    }

    /** How many instructions a call executes. */
    static long count(byte[] code, MemorySegment arguments) {
        return new Walker(code, arguments).walk();
    }

    private long walk() {
        for (long count = 1;; count++) {
            int word = words.get(next);
            if (word == RETURN) {
                return count;
            }
            next++;
            step(word);
        }
    }

    private void step(int word) {
        int to = word & 31;
        int from = word >>> 5 & 31;
        long constant = (word >>> 10) & 0xFFFL;
        switch (word >>> 22) {
            // add and sub by a constant, with and without flags
            case 0x91000000 >>> 22 -> set(to, registers[from] + constant);
            case 0xD1000000 >>> 22 -> set(to, registers[from] - constant);
            case 0xF1000000 >>> 22 -> subtract(to, registers[from], constant);
            // ldr and str of 64 bits
            case 0xF9400000 >>> 22 -> set(to, from == ARGUMENTS ? arguments.get(JAVA_LONG, 8 * constant) : 0);
            case 0xF9000000 >>> 22 -> {
                if (from == ARGUMENTS) {
                    arguments.set(JAVA_LONG, 8 * constant, to == 31 ? 0 : registers[to]);
                }
            }
            default -> branch(word, to);
        }
    }

    private void branch(int word, int register) {
        int near = word << 8 >> 13;
        int condition = word & 15;
        switch (word >>> 24) {
            case 0xB4 -> jumpIf(registers[register] == 0, near);
            case 0xB5 -> jumpIf(registers[register] != 0, near);
            case 0x36, 0x37 -> {
                boolean isSet = (registers[register] >>> (word >>> 19 & 31) & 1) != 0;
                jumpIf(isSet == ((word & 1 << 24) != 0), word << 13 >> 18);
            }
            case 0x14, 0x15, 0x16, 0x17 -> jumpIf(true, word << 6 >> 6);
            case 0x54 -> jumpIf(holds(condition), near);
            default -> {
                // on vectors, or an address
            }
        }
    }

    private boolean holds(int condition) {
        return switch (condition) {
            case 0 -> isZero;
            case 1 -> !isZero;
            case 2 -> !isBorrowed;
            case 3 -> isBorrowed;
            case 9 -> isBorrowed || isZero;
            case 11 -> isNegative;
            default -> throw new IllegalStateException("condition = " + condition + ": is not known here");
        };
    }

    private void jumpIf(boolean wanted, int distance) {
        if (wanted) {
            next += distance - 1;
        }
    }

    private void subtract(int to, long value, long constant) {
        isZero = value == constant;
        isNegative = value < constant;
        isBorrowed = Long.compareUnsigned(value, constant) < 0;
        set(to, value - constant);
    }

    private void set(int register, long value) {
        if (register < 31) {
            registers[register] = value;
        }
    }
}
