// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

import static io.jquant.codegen.x86.Gpr.RSP;
import static io.jquant.codegen.x86.Imm.imm;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A function's entry and exit: saves what the calling convention wants back among the registers that it uses, and keeps
 * a local area at rsp, 16-byte aligned.
 */
public final class Frame {
    // one page: larger frames would need a probe of the stack's guard page on Windows
    private static final int MAX_BYTES = 4096;

    private final CallingConvention convention;
    private final List<Gpr> gprs = new ArrayList<>();
    private final List<Vec> vectors = new ArrayList<>();
    private final int localBytes;
    private final int allocated;

    /**
     * Plans a frame.
     *
     * @param convention who calls
     * @param usedGprs the general registers that the function writes
     * @param usedVectors the vector registers that it writes, of any width
     * @param localBytes bytes of memory that it wants at rsp, at most 2048
     */
    public Frame(CallingConvention convention, Collection<Gpr> usedGprs, Collection<Vec> usedVectors, int localBytes) {
        if (localBytes < 0 || localBytes > MAX_BYTES / 2) {
            throw new IllegalArgumentException("localBytes = " + localBytes + ": must be 0 to " + MAX_BYTES / 2);
        }
        this.convention = convention;
        long gprNumbers = 0;
        for (Gpr used : usedGprs) {
            gprNumbers |= 1L << used.number();
        }
        for (Gpr saved : convention.savedGprs()) {
            if ((gprNumbers >> saved.number() & 1) != 0) {
                gprs.add(saved);
            }
        }
        long vectorNumbers = 0;
        for (Vec used : usedVectors) {
            vectorNumbers |= 1L << used.number();
        }
        for (Vec saved : convention.savedVectors()) {
            if ((vectorNumbers >> saved.number() & 1) != 0) {
                vectors.add(saved);
            }
        }
        this.localBytes = (localBytes + 15) & -16;
        int pushed = 8 + 8 * gprs.size();
        int wanted = this.localBytes + 16 * vectors.size();
        this.allocated = wanted == 0 ? 0 : wanted + (pushed & 8);
    }

    /**
     * Appends the entry.
     *
     * @param a the assembler
     */
    public void enter(X86Assembler a) {
        for (Gpr gpr : gprs) {
            a.emit(GeneralOp.PUSH, gpr);
        }
        if (allocated > 0) {
            a.emit(GeneralOp.SUB, RSP, imm(allocated));
        }
        for (int i = 0; i < vectors.size(); i++) {
            a.emit(MoveOp.VMOVUPS, savePlace(i), vectors.get(i));
        }
    }

    /**
     * Appends the exit: restores, clears the upper parts of the vector registers, returns.
     *
     * @param a the assembler
     */
    public void leave(X86Assembler a) {
        a.emit(MoveOp.VZEROUPPER);
        for (int i = 0; i < vectors.size(); i++) {
            a.emit(MoveOp.VMOVUPS, vectors.get(i), savePlace(i));
        }
        if (allocated > 0) {
            a.emit(GeneralOp.ADD, RSP, imm(allocated));
        }
        for (Gpr gpr : gprs.reversed()) {
            a.emit(GeneralOp.POP, gpr);
        }
        a.emit(GeneralOp.RET);
    }

    /**
     * An argument, after the entry and while rsp is unchanged: a register, or memory to be loaded from.
     *
     * @param number its number, from 0
     * @return a Gpr or a Mem
     */
    public Operand argument(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("number = " + number + ": must be 0 or more");
        }
        return number < convention.arguments().size() ? convention.arguments().get(number)
            : Mem.at(RSP, allocated + 8 * gprs.size() + convention.stackOffset(number));
    }

    /**
     * The local area.
     *
     * @param offset bytes into it
     * @return the memory
     */
    public Mem local(int offset) {
        if (offset < 0 || offset >= localBytes) {
            throw new IllegalArgumentException("offset = " + offset + ": must be 0 to " + (localBytes - 1));
        }
        return Mem.at(RSP, offset);
    }

    private Mem savePlace(int vector) {
        return Mem.at(RSP, localBytes + 16 * vector);
    }
}
