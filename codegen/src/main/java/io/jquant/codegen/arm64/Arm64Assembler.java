// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Assembles AArch64 machine code: {@code a.emit(SDOT, s4(8), b16(6), b16(0).fourBytes(1))}. Operands are in Arm's
 * order, destination first. Position-independent; not thread-safe.
 */
public final class Arm64Assembler {
    private record Fixup(int word, Arg.Target target, Label label) {
    }

    private static final int MAX_WORDS = 1 << 22;
    private static final int MAX_ALIGNMENT = 4096;

    private final List<Fixup> fixups = new ArrayList<>();
    private int[] words = new int[256];
    private int size;

    /** An assembler without code. */
    public Arm64Assembler() {
    }

    /**
     * Appends an instruction.
     *
     * @param instruction what to do
     * @param operands to what, destination first
     * @throws IllegalArgumentException if the instruction has no form for these operands
     */
    public void emit(Instruction instruction, Operand... operands) {
        Objects.requireNonNull(instruction, "instruction");
        List<Operand> list = List.of(operands);
        for (Operand operand : list) {
            if (operand instanceof Label label) {
                checkOwner(label);
            }
        }
        for (Form form : instruction.forms().rows()) {
            if (form.matches(list)) {
                if (!list.isEmpty() && list.getLast() instanceof Label label) {
                    fixups.add(new Fixup(size, (Arg.Target) form.args().getLast(), label));
                }
                dataInt(form.encode(list));
                return;
            }
        }
        throw new IllegalArgumentException("operands = " + list + ": " + instruction.mnemonic()
            + " has no form for them");
    }

    /** {@return a new label, to be bound once} */
    public Label label() {
        return new Label(this);
    }

    /**
     * Binds a label to the end of the code so far.
     *
     * @param label an unbound label of this assembler
     */
    public void bind(Label label) {
        checkOwner(label);
        if (label.isBound()) {
            throw new IllegalArgumentException("label = bound at byte " + label.position() + ": must be unbound");
        }
        label.bind(size());
    }

    /** {@return a new label, bound to the end of the code so far} */
    public Label here() {
        Label label = label();
        bind(label);
        return label;
    }

    /**
     * Fills up with instructions that do nothing.
     *
     * @param bytes the code's size becomes a multiple of this power of two
     */
    public void align(int bytes) {
        if (bytes < 1 || bytes > MAX_ALIGNMENT || Integer.bitCount(bytes) != 1) {
            throw new IllegalArgumentException("bytes = " + bytes + ": must be a power of two up to " + MAX_ALIGNMENT);
        }
        while ((size() & (bytes - 1)) != 0) {
            emit(GeneralOp.NOP);
        }
    }

    /**
     * Appends a 32-bit constant, behind the last instruction.
     *
     * @param value the constant
     */
    public void dataInt(int value) {
        if (size == words.length) {
            if (size >= MAX_WORDS) {
                throw new IllegalStateException("code of more than " + MAX_WORDS + " words");
            }
            words = Arrays.copyOf(words, 2 * size);
        }
        words[size++] = value;
    }

    /** {@return the bytes so far} */
    public int size() {
        return size * Integer.BYTES;
    }

    /**
     * The machine code, distances filled in.
     *
     * @return a new array
     * @throws IllegalStateException if a label that is used is not bound, or is too far
     */
    public byte[] assemble() {
        int[] done = Arrays.copyOf(words, size);
        for (Fixup fixup : fixups) {
            int at = fixup.word() * Integer.BYTES;
            if (!fixup.label().isBound()) {
                throw new IllegalStateException("label used at byte " + at + ": must be bound");
            }
            Integer distance = fixup.target().distance((long) fixup.label().position() - at);
            if (distance == null) {
                throw new IllegalStateException("distance at byte " + at + " = "
                    + (fixup.label().position() - at) + ": must fit " + fixup.target().width() + " bits");
            }
            done[fixup.word()] |= distance;
        }
        ByteBuffer bytes = ByteBuffer.allocate(size()).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : done) {
            bytes.putInt(word);
        }
        return bytes.array();
    }

    private void checkOwner(Label label) {
        if (label.owner() != this) {
            throw new IllegalArgumentException("label = one of another assembler: must be made by this one");
        }
    }
}
