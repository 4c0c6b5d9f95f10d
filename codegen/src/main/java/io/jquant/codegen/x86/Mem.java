// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

/**
 * A memory operand: base + index * scale + disp, or a place in the code itself.
 *
 * @param base a 64-bit register, or null
 * @param index a 64-bit register other than rsp, or null
 * @param scale 1, 2, 4 or 8
 * @param disp displacement in bytes
 * @param label a place in the code that is addressed relative to the instruction, or null; then base and index are null
 * @param bytes the size of what is accessed where no register says it, or 0
 * @param isBroadcast whether one element is read and repeated in every lane (AVX-512)
 */
public record Mem(Gpr base, Gpr index, int scale, int disp, Label label, int bytes, boolean isBroadcast)
        implements Operand {
    /** Checks the parts. */
    public Mem {
        if ((base != null && base.bits() != 64) || (index != null && index.bits() != 64)) {
            throw new IllegalArgumentException("base = " + base + ", index = " + index + ": must have 64 bits");
        }
        if (index != null && index.number() == 4) {
            throw new IllegalArgumentException("index = rsp: the hardware cannot index by it");
        }
        if (scale != 1 && scale != 2 && scale != 4 && scale != 8) {
            throw new IllegalArgumentException("scale = " + scale + ": must be 1, 2, 4 or 8");
        }
        if ((label != null) == (base != null || index != null)) {
            throw new IllegalArgumentException("base = " + base + ", index = " + index
                + (label == null ? ", no label" : ", a label") + ": memory needs either registers or a label");
        }
        if (bytes < 0 || bytes > 64 || Integer.bitCount(bytes) > 1) {
            throw new IllegalArgumentException("bytes = " + bytes + ": must be 0 or a power of two up to 64");
        }
    }

    /**
     * Memory at a register.
     *
     * @param base the address
     * @return the operand
     */
    public static Mem at(Gpr base) {
        return at(base, 0);
    }

    /**
     * Memory at a register and a displacement.
     *
     * @param base the address
     * @param disp bytes from it
     * @return the operand
     */
    public static Mem at(Gpr base, int disp) {
        return new Mem(base, null, 1, disp, null, 0, false);
    }

    /**
     * Memory at base + index * scale + disp.
     *
     * @param base the address, or null for none
     * @param index the register that is scaled, not rsp
     * @param scale 1, 2, 4 or 8
     * @param disp bytes from there
     * @return the operand
     */
    public static Mem at(Gpr base, Gpr index, int scale, int disp) {
        return new Mem(base, index, scale, disp, null, 0, false);
    }

    /**
     * Memory inside the code: constants behind the last instruction.
     *
     * @param label the place
     * @return the operand
     */
    public static Mem at(Label label) {
        return new Mem(null, null, 1, 0, label, 0, false);
    }

    /**
     * The same memory some bytes on.
     *
     * @param offset bytes to add
     * @return the operand
     * @throws ArithmeticException if the displacement leaves 32 bits
     */
    public Mem plus(int offset) {
        return new Mem(base, index, scale, Math.addExact(disp, offset), label, bytes, isBroadcast);
    }

    /**
     * The same memory, of a stated size.
     *
     * @param size 1, 2, 4, 8, 16, 32 or 64
     * @return the operand
     */
    public Mem bytes(int size) {
        return new Mem(base, index, scale, disp, label, size, isBroadcast);
    }

    /** {@return one element of this memory, repeated in every lane} */
    public Mem broadcast() {
        return new Mem(base, index, scale, disp, label, bytes, true);
    }

    /**
     * As a destination of which elements outside the mask are not touched.
     *
     * @param mask k1 to k7
     * @return the operand
     */
    public Masked merge(Mask mask) {
        return new Masked(this, mask, false);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        if (label != null) {
            text.append("label");
        } else if (base != null) {
            text.append(base);
        }
        if (index != null) {
            text.append(base == null ? "" : "+").append(index).append('*').append(scale);
        }
        if (disp != 0) {
            text.append(disp > 0 ? "+" : "").append(disp);
        }
        return text.append(']').toString();
    }
}
