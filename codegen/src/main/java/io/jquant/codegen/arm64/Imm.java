// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

/**
 * A constant inside an instruction.
 *
 * @param value its value; which range is possible is the instruction's affair
 */
public record Imm(long value) implements Operand {
    /**
     * A constant.
     *
     * @param value its value
     * @return the operand
     */
    public static Imm imm(long value) {
        return new Imm(value);
    }

    @Override
    public String toString() {
        return "#" + value;
    }
}
