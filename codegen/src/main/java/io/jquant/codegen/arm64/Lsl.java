// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

/**
 * A shift to the left of the operand before it.
 *
 * @param amount how many bits; which are possible is the instruction's affair
 */
public record Lsl(int amount) implements Operand {
    /**
     * A shift.
     *
     * @param amount how many bits
     * @return the operand
     */
    public static Lsl lsl(int amount) {
        return new Lsl(amount);
    }

    @Override
    public String toString() {
        return "lsl #" + amount;
    }
}
