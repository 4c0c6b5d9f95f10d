// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

/**
 * A general register.
 *
 * @param number 0 to 31; 31 is the zero register or the stack pointer
 * @param bits 32 (w) or 64 (x)
 * @param isStackPointer whether number 31 is the stack pointer
 */
public record Reg(int number, int bits, boolean isStackPointer) implements Operand {
    /** The stack pointer. */
    public static final Reg SP = new Reg(31, 64, true);
    /** The register that is always 0. */
    public static final Reg XZR = new Reg(31, 64, false);

    /** Checks number and width. */
    public Reg {
        if (number < 0 || number > 31) {
            throw new IllegalArgumentException("number = " + number + ": a general register is 0 to 31");
        }
        if (bits != 32 && bits != 64) {
            throw new IllegalArgumentException("bits = " + bits + ": must be 32 or 64");
        }
        if (isStackPointer && (number != 31 || bits != 64)) {
            throw new IllegalArgumentException("number = " + number + ", bits = " + bits
                + ": the stack pointer is number 31 and has 64 bits");
        }
    }

    /**
     * A 64-bit register.
     *
     * @param number 0 to 30
     * @return the register
     */
    public static Reg x(int number) {
        return general(number, 64);
    }

    /**
     * The low 32 bits of a register; writing them clears the upper half.
     *
     * @param number 0 to 30
     * @return the register
     */
    public static Reg w(int number) {
        return general(number, 32);
    }

    private static Reg general(int number, int bits) {
        if (number == 31) {
            throw new IllegalArgumentException("number = 31: is SP or XZR");
        }
        return new Reg(number, bits, false);
    }

    /** {@return the low 32 bits of this register} */
    public Reg w() {
        return new Reg(number, 32, false);
    }

    @Override
    public String toString() {
        return isStackPointer ? "sp" : (bits == 64 ? "x" : "w") + (number == 31 ? "zr" : number);
    }
}
