// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

import java.util.Objects;

/**
 * A destination under a write mask.
 *
 * @param target the register or memory that is written
 * @param mask k1 to k7
 * @param zeroing whether elements outside the mask become 0 instead of keeping their value; registers only
 */
public record Masked(Operand target, Mask mask, boolean zeroing) implements Operand {
    /** Checks that target and mask can go together. */
    public Masked {
        Objects.requireNonNull(mask, "mask");
        if (!(target instanceof Vec || target instanceof Mem || target instanceof Mask)) {
            throw new IllegalArgumentException("target = " + target + ": only vectors, masks and memory can be masked");
        }
        if (mask.number() == 0) {
            throw new IllegalArgumentException("mask = k0: must be k1 to k7, k0 stands for no mask");
        }
        if (zeroing && !(target instanceof Vec)) {
            throw new IllegalArgumentException("target = " + target + ": only vector registers can be zero-masked");
        }
    }

    @Override
    public String toString() {
        return target + "{" + mask + "}" + (zeroing ? "{z}" : "");
    }
}
