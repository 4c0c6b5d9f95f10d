// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

/**
 * A vector register. Those of the same number share their low bits; 16 to 31 exist with AVX-512 only.
 *
 * @param number 0 to 31
 * @param bits 128 (xmm), 256 (ymm) or 512 (zmm)
 */
public record Vec(int number, int bits) implements Operand {
    /** Checks number and width. */
    public Vec {
        if (number < 0 || number > 31) {
            throw new IllegalArgumentException("number = " + number + ": a vector register is 0 to 31");
        }
        if (bits != 128 && bits != 256 && bits != 512) {
            throw new IllegalArgumentException("bits = " + bits + ": must be 128, 256 or 512");
        }
    }

    /**
     * A 128-bit register.
     *
     * @param number 0 to 31
     * @return the register
     */
    public static Vec xmm(int number) {
        return new Vec(number, 128);
    }

    /**
     * A 256-bit register.
     *
     * @param number 0 to 31
     * @return the register
     */
    public static Vec ymm(int number) {
        return new Vec(number, 256);
    }

    /**
     * A 512-bit register.
     *
     * @param number 0 to 31
     * @return the register
     */
    public static Vec zmm(int number) {
        return new Vec(number, 512);
    }

    /**
     * The register of the same number with another width.
     *
     * @param width 128, 256 or 512
     * @return the register
     */
    public Vec as(int width) {
        return new Vec(number, width);
    }

    /**
     * As a destination of which elements outside the mask keep their value.
     *
     * @param mask k1 to k7
     * @return the operand
     */
    public Masked merge(Mask mask) {
        return new Masked(this, mask, false);
    }

    /**
     * As a destination of which elements outside the mask become 0.
     *
     * @param mask k1 to k7
     * @return the operand
     */
    public Masked zero(Mask mask) {
        return new Masked(this, mask, true);
    }

    @Override
    public String toString() {
        return (bits == 128 ? "xmm" : bits == 256 ? "ymm" : "zmm") + number;
    }
}
