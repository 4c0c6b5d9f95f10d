// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

/**
 * A tile register of AMX.
 *
 * @param number 0 to 7
 */
public record Tile(int number) implements Operand {
    /** Checks the number. */
    public Tile {
        if (number < 0 || number > 7) {
            throw new IllegalArgumentException("number = " + number + ": a tile register is 0 to 7");
        }
    }

    /**
     * A tile register.
     *
     * @param number 0 to 7
     * @return the register
     */
    public static Tile tmm(int number) {
        return new Tile(number);
    }

    @Override
    public String toString() {
        return "tmm" + number;
    }
}
