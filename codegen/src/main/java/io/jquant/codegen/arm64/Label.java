// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

/** A place in the code, made by {@link Arm64Assembler#label()} and belonging to that assembler. */
public final class Label implements Operand {
    private static final int UNBOUND = -1;

    private final Arm64Assembler owner;
    private int position = UNBOUND;

    Label(Arm64Assembler owner) {
        this.owner = owner;
    }

    Arm64Assembler owner() {
        return owner;
    }

    boolean isBound() {
        return position != UNBOUND;
    }

    int position() {
        return position;
    }

    void bind(int at) {
        position = at;
    }
}
