// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

/**
 * A mask register of AVX-512. As a write mask k0 cannot be chosen: it stands for no mask there.
 *
 * @param number 0 to 7
 */
public record Mask(int number) implements Operand {
    /** Checks the number. */
    public Mask {
        if (number < 0 || number > 7) {
            throw new IllegalArgumentException("number = " + number + ": a mask register is 0 to 7");
        }
    }

    /**
     * A mask register.
     *
     * @param number 0 to 7
     * @return the register
     */
    public static Mask k(int number) {
        return new Mask(number);
    }

    @Override
    public String toString() {
        return "k" + number;
    }
}
