// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

/** A place in the code, made by {@link X86Assembler#label()} and belonging to that assembler. */
public final class Label implements Operand {
    private static final int UNBOUND = -1;

    private final X86Assembler owner;
    private int position = UNBOUND;

    Label(X86Assembler owner) {
        this.owner = owner;
    }

    /**
     * As a jump's target that is bound later but will be within reach of one byte (2 bytes of code instead of 5 or 6).
     *
     * @param label the target
     */
    public record Near(Label label) implements Operand {
    }

    /** {@return this label as the target of a forward jump of at most 127 bytes} */
    public Near near() {
        return new Near(this);
    }

    X86Assembler owner() {
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
