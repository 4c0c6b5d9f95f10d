// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

/**
 * One lane of a vector register.
 *
 * @param number the register, 0 to 31
 * @param scalar what the lane is: B, H, S or D
 * @param index which lane
 * @param isFourBytes whether 32 bits stand for four bytes
 */
public record Lane(int number, Shape scalar, int index, boolean isFourBytes) implements Operand {
    /** Checks the parts. */
    public Lane {
        if (number < 0 || number > 31) {
            throw new IllegalArgumentException("number = " + number + ": a vector register is 0 to 31");
        }
        if (!scalar.isScalar() || scalar == Shape.Q || (isFourBytes && scalar != Shape.S)) {
            throw new IllegalArgumentException("scalar = " + scalar + ": must be B, H, S or D; S for four bytes");
        }
        if (index < 0 || index >= 16 / scalar.bytes()) {
            throw new IllegalArgumentException("index = " + index + ": must be 0 to "
                + (16 / scalar.bytes() - 1));
        }
    }

    @Override
    public String toString() {
        return "v" + number + "." + (isFourBytes ? "4b" : scalar) + "[" + index + "]";
    }
}
