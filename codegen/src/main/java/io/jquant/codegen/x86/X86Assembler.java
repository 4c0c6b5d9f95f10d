// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

import io.jquant.codegen.x86.Form.Sizes;
import java.util.List;
import java.util.Objects;

/**
 * Assembles x86-64 machine code: {@code a.emit(VPDPBUSD, zmm(0), zmm(28), at(RSI, 64))}. Operands are in Intel's order,
 * destination first. Position-independent; not thread-safe.
 */
public final class X86Assembler {
    private static final byte[][] NOPS = {
        {(byte) 0x90}, {0x66, (byte) 0x90}, {0x0F, 0x1F, 0x00}, {0x0F, 0x1F, 0x40, 0x00},
        {0x0F, 0x1F, 0x44, 0x00, 0x00}, {0x66, 0x0F, 0x1F, 0x44, 0x00, 0x00},
        {0x0F, 0x1F, (byte) 0x80, 0, 0, 0, 0}, {0x0F, 0x1F, (byte) 0x84, 0, 0, 0, 0, 0},
        {0x66, 0x0F, 0x1F, (byte) 0x84, 0, 0, 0, 0, 0}};
    private static final int MAX_ALIGNMENT = 4096;

    private final Code code = new Code();

    /** An assembler without code. */
    public X86Assembler() {
    }

    /**
     * Appends an instruction. A jump back takes the shortest form; a jump ahead takes four bytes of distance, or one
     * with {@link Label#near()}.
     *
     * @param instruction what to do
     * @param operands to what, destination first
     * @throws IllegalArgumentException if the instruction has no form for these operands
     */
    public void emit(Instruction instruction, Operand... operands) {
        Objects.requireNonNull(instruction, "instruction");
        List<Operand> list = List.of(operands);
        for (Operand operand : list) {
            checkOwner(operand);
        }
        if (list.size() == 1 && list.getFirst() instanceof Label label && isNearBehind(label)) {
            list = List.of(label.near());
        }
        for (Form form : instruction.forms().rows()) {
            Sizes sizes = form.match(list);
            if (sizes != null) {
                Encoder.encode(code, form, sizes, list);
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
        label.bind(code.size());
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
        for (int missing = -code.size() & (bytes - 1); missing > 0;) {
            byte[] nop = NOPS[Math.min(missing, NOPS.length) - 1];
            data(nop);
            missing -= nop.length;
        }
    }

    /**
     * Appends bytes as they are, for constants behind the last instruction.
     *
     * @param bytes the bytes
     */
    public void data(byte... bytes) {
        for (byte b : bytes) {
            code.put(b);
        }
    }

    /**
     * Appends a 32-bit constant, lowest byte first.
     *
     * @param value the constant
     */
    public void dataInt(int value) {
        code.put((long) value, 4);
    }

    /** {@return the bytes so far} */
    public int size() {
        return code.size();
    }

    /**
     * The machine code, distances filled in.
     *
     * @return a new array
     * @throws IllegalStateException if a label that is used is not bound, or a near one is too far
     */
    public byte[] assemble() {
        return code.finish();
    }

    private boolean isNearBehind(Label label) {
        // both short jumps, jmp and jcc, have two bytes
        return label.isBound() && label.position() - (code.size() + 2) >= Byte.MIN_VALUE;
    }

    private void checkOwner(Operand operand) {
        Label label = labelOf(operand);
        if (label != null && label.owner() != this) {
            throw new IllegalArgumentException("label = one of another assembler: must be made by this one");
        }
    }

    /** The label in an operand, or null. */
    static Label labelOf(Operand operand) {
        Operand plain = Form.unmasked(operand);
        if (plain instanceof Mem mem) {
            return mem.label();
        }
        return plain instanceof Label.Near near ? near.label() : plain instanceof Label label ? label : null;
    }
}
