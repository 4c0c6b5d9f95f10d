// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

/**
 * A memory operand.
 *
 * @param base a 64-bit register or the stack pointer
 * @param mode how the address is formed and what becomes of the base
 * @param offset bytes, of modes without index
 * @param index a 64-bit register, of modes with one, else null
 * @param shift how many bits the index is shifted to the left
 */
public record Mem(Reg base, Mode mode, int offset, Reg index, int shift) implements Operand {
    /** How the address is formed. */
    public enum Mode {
        /** Base plus offset. */
        OFFSET,
        /** Base plus offset, which the base becomes. */
        PRE,
        /** The base, to which the offset is added afterwards. */
        POST,
        /** Base plus index. */
        INDEX,
        /** The base, to which the index is added afterwards. */
        POST_INDEX
    }

    /** Checks the registers. */
    public Mem {
        if (base.bits() != 64 || (base.number() == 31 && !base.isStackPointer())) {
            throw new IllegalArgumentException("base = " + base + ": must have 64 bits and not be the zero register");
        }
        boolean wantsIndex = mode == Mode.INDEX || mode == Mode.POST_INDEX;
        if (wantsIndex == (index == null) || (wantsIndex && (index.bits() != 64 || index.number() == 31))) {
            throw new IllegalArgumentException("index = " + index + ", mode = " + mode
                + ": modes with an index need a 64-bit register, others none");
        }
        if (shift < 0 || shift > 4 || (shift > 0 && mode != Mode.INDEX)) {
            throw new IllegalArgumentException("shift = " + shift + ": must be 0 to 4, of an index");
        }
    }

    /**
     * Memory at a register.
     *
     * @param base the address
     * @return the operand
     */
    public static Mem at(Reg base) {
        return at(base, 0);
    }

    /**
     * Memory at a register and an offset.
     *
     * @param base the address
     * @param offset bytes from it
     * @return the operand
     */
    public static Mem at(Reg base, int offset) {
        return new Mem(base, Mode.OFFSET, offset, null, 0);
    }

    /**
     * Memory at a register and an index.
     *
     * @param base the address
     * @param index bytes from it
     * @return the operand
     */
    public static Mem at(Reg base, Reg index) {
        return new Mem(base, Mode.INDEX, 0, index, 0);
    }

    /**
     * Memory at a register and a scaled index.
     *
     * @param base the address
     * @param index what is shifted and added
     * @param shift how many bits: 0, or the logarithm of the bytes accessed
     * @return the operand
     */
    public static Mem at(Reg base, Reg index, int shift) {
        return new Mem(base, Mode.INDEX, 0, index, shift);
    }

    /**
     * Memory at a register that then moves.
     *
     * @param base the address
     * @param bytes what is added to it afterwards
     * @return the operand
     */
    public static Mem post(Reg base, int bytes) {
        return new Mem(base, Mode.POST, bytes, null, 0);
    }

    /**
     * Memory at a register that then moves.
     *
     * @param base the address
     * @param index what is added to it afterwards
     * @return the operand
     */
    public static Mem post(Reg base, Reg index) {
        return new Mem(base, Mode.POST_INDEX, 0, index, 0);
    }

    /**
     * Memory at a register that moves before.
     *
     * @param base what becomes the address
     * @param bytes what is added to it before
     * @return the operand
     */
    public static Mem pre(Reg base, int bytes) {
        return new Mem(base, Mode.PRE, bytes, null, 0);
    }

    @Override
    public String toString() {
        return switch (mode) {
            case OFFSET -> "[" + base + (offset == 0 ? "" : ", #" + offset) + "]";
            case PRE -> "[" + base + ", #" + offset + "]!";
            case POST -> "[" + base + "], #" + offset;
            case INDEX -> "[" + base + ", " + index + (shift == 0 ? "" : ", lsl #" + shift) + "]";
            case POST_INDEX -> "[" + base + "], " + index;
        };
    }
}
