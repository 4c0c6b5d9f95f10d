// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

import static io.jquant.codegen.arm64.MemoryOp.LDP;
import static io.jquant.codegen.arm64.MemoryOp.LDR;
import static io.jquant.codegen.arm64.MemoryOp.STP;
import static io.jquant.codegen.arm64.MemoryOp.STR;
import static io.jquant.codegen.arm64.Reg.SP;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A function's entry and exit by Arm's procedure call standard (AAPCS64), as Linux, macOS and Windows have it: saves
 * x19 to x28 and the low halves of v8 to v15 among the registers that it uses. The first eight arguments are in x0 to
 * x7. The function must call no other, and must not use x18, which belongs to the system, nor x29 and x30.
 */
public final class Frame {
    private static final int FIRST_SAVED = 19;
    private static final int LAST_SAVED = 28;
    private static final int FIRST_SAVED_VECTOR = 8;
    private static final int LAST_SAVED_VECTOR = 15;
    private static final int PLATFORM = 18;

    private final List<Operand> saved = new ArrayList<>();

    /**
     * Plans a frame.
     *
     * @param general the general registers that the function writes
     * @param vectors the vector registers that it writes, of any shape
     * @throws IllegalArgumentException if one of them is not the function's to use
     */
    public Frame(Collection<Reg> general, Collection<Vec> vectors) {
        long numbers = 0;
        for (Reg used : general) {
            if (used.number() == PLATFORM || used.number() > LAST_SAVED) {
                throw new IllegalArgumentException("general = " + used + ": is not a function's to use");
            }
            numbers |= 1L << used.number();
        }
        for (int number = FIRST_SAVED; number <= LAST_SAVED; number++) {
            if ((numbers >> number & 1) != 0) {
                saved.add(Reg.x(number));
            }
        }
        // pairs are of one kind
        if (saved.size() % 2 != 0) {
            saved.add(Reg.XZR);
        }
        numbers = 0;
        for (Vec used : vectors) {
            numbers |= 1L << used.number();
        }
        for (int number = FIRST_SAVED_VECTOR; number <= LAST_SAVED_VECTOR; number++) {
            if ((numbers >> number & 1) != 0) {
                saved.add(Vec.d(number));
            }
        }
    }

    private int bytes() {
        return (8 * saved.size() + 15) & -16;
    }

    /**
     * Appends the entry.
     *
     * @param a the assembler
     */
    public void enter(Arm64Assembler a) {
        if (!saved.isEmpty()) {
            a.emit(GeneralOp.SUB, SP, SP, Imm.imm(bytes()));
            each(a, STP, STR);
        }
    }

    /**
     * Appends the exit: restores and returns.
     *
     * @param a the assembler
     */
    public void leave(Arm64Assembler a) {
        if (!saved.isEmpty()) {
            each(a, LDP, LDR);
            a.emit(GeneralOp.ADD, SP, SP, Imm.imm(bytes()));
        }
        a.emit(GeneralOp.RET);
    }

    private void each(Arm64Assembler a, Instruction pair, Instruction single) {
        for (int i = 0; i < saved.size(); i += 2) {
            if (i + 1 < saved.size()) {
                a.emit(pair, saved.get(i), saved.get(i + 1), Mem.at(SP, 8 * i));
            } else {
                a.emit(single, saved.get(i), Mem.at(SP, 8 * i));
            }
        }
    }
}
