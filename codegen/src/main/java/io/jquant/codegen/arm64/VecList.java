// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Vector registers that follow each other, or one lane of each; v0 follows v31.
 *
 * @param first the first
 * @param count how many, 1 to 4
 * @param lane which lane of each, -1 for all
 */
public record VecList(Vec first, int count, int lane) implements Operand {
    /** Checks the parts. */
    public VecList {
        if (first.shape().isScalar()) {
            throw new IllegalArgumentException("first = " + first + ": must be a vector");
        }
        if (count < 1 || count > 4) {
            throw new IllegalArgumentException("count = " + count + ": must be 1 to 4");
        }
        if (lane < -1 || lane >= 16 / first.shape().elementBytes()) {
            throw new IllegalArgumentException("lane = " + lane + ": must be one of " + first.shape());
        }
    }

    /**
     * Whole registers.
     *
     * @param first the first
     * @param count how many, 1 to 4
     * @return the list
     */
    public static VecList list(Vec first, int count) {
        return new VecList(first, count, -1);
    }

    /**
     * One lane of one register.
     *
     * @param register the register
     * @param lane which lane
     * @return the list
     */
    public static VecList lane(Vec register, int lane) {
        return new VecList(register, 1, lane);
    }

    @Override
    public String toString() {
        String shape = lane < 0 ? first.shape().toString() : first.shape().scalar().toString();
        return IntStream.range(0, count).mapToObj(i -> "v" + (first.number() + i) % 32 + "." + shape)
            .collect(Collectors.joining(", ", "{", lane < 0 ? "}" : "}[" + lane + "]"));
    }
}
