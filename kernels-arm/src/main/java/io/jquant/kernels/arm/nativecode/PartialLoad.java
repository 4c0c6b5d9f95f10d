// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static io.jquant.codegen.arm64.GeneralOp.B;
import static io.jquant.codegen.arm64.GeneralOp.CMP;
import static io.jquant.codegen.arm64.GeneralOp.LSL;
import static io.jquant.codegen.arm64.GeneralOp.LSR;
import static io.jquant.codegen.arm64.GeneralOp.NEG;
import static io.jquant.codegen.arm64.GeneralOp.ORR;
import static io.jquant.codegen.arm64.GeneralOp.SUB;
import static io.jquant.codegen.arm64.Imm.imm;
import static io.jquant.codegen.arm64.Lsl.lsl;
import static io.jquant.codegen.arm64.Mem.at;
import static io.jquant.codegen.arm64.MemoryOp.LDR;
import static io.jquant.codegen.arm64.MemoryOp.LDRB;
import static io.jquant.codegen.arm64.Reg.x;

import io.jquant.codegen.arm64.Arm64Assembler;
import io.jquant.codegen.arm64.GeneralOp;
import io.jquant.codegen.arm64.Label;
import io.jquant.codegen.arm64.Reg;
import java.util.function.IntFunction;

/**
 * Loads one to fifteen bytes of every row and not one beyond them: the first and the last eight, four or one bytes, and
 * where these overlap the last are shifted into place. Eight bytes at a time come in a general register; what they hold
 * beyond the count may be anything.
 */
final class PartialLoad {
    private static final Reg LAST_AT = x(0);
    private static final Reg SHIFT = x(1);
    private static final Reg MIDDLE_AT = x(2);
    private static final Reg MIDDLE_SHIFT = x(3);
    private static final Reg VALUE = x(15);
    private static final Reg LAST = x(16);
    private static final Reg MIDDLE = x(17);

    private final Arm64Assembler a;
    private final Reg count;
    private final int most;

    /** Takes the bytes of a row. */
    interface Sink {
        /** Appends what is done with the first eight bytes of a row, or with those after. */
        void take(int row, boolean isSecond, Reg eightBytes);
    }

    /**
     * @param a the assembler
     * @param count how many bytes; 1 or more when the code runs
     * @param most how many it can be: 7 or 15
     */
    PartialLoad(Arm64Assembler a, Reg count, int most) {
        this.a = a;
        this.count = count;
        this.most = most;
    }

    /** Appends the loading of rows at addresses; uses x0 to x3 and x15 to x17. */
    void append(int rows, IntFunction<Reg> addresses, Sink sink) {
        Label four = a.label();
        Label eight = a.label();
        Label done = a.label();
        if (most > 7) {
            a.emit(CMP, count, imm(8));
            a.emit(GeneralOp.B_HS, eight);
        }
        a.emit(CMP, count, imm(4));
        a.emit(GeneralOp.B_HS, four);
        bytes(rows, addresses, sink);
        a.emit(B, done);
        a.bind(four);
        overlapping(4);
        for (int row = 0; row < rows; row++) {
            a.emit(LDR, VALUE.w(), at(addresses.apply(row)));
            a.emit(LDR, LAST.w(), at(addresses.apply(row), LAST_AT));
            a.emit(LSR, LAST.w(), LAST.w(), SHIFT.w());
            a.emit(ORR, VALUE, VALUE, LAST, lsl(32));
            sink.take(row, false, VALUE);
        }
        if (most > 7) {
            a.emit(B, done);
            a.bind(eight);
            overlapping(8);
            for (int row = 0; row < rows; row++) {
                a.emit(LDR, VALUE, at(addresses.apply(row)));
                a.emit(LDR, LAST, at(addresses.apply(row), LAST_AT));
                a.emit(LSR, LAST, LAST, SHIFT);
                sink.take(row, false, VALUE);
                sink.take(row, true, LAST);
            }
        }
        a.bind(done);
    }

    /** Where the last bytes are, and by how many bits they overlap the first, modulo the register's width. */
    private void overlapping(int bytes) {
        a.emit(SUB, LAST_AT, count, imm(bytes));
        a.emit(LSL, SHIFT, count, imm(3));
        a.emit(NEG, SHIFT, SHIFT);
    }

    /** One to three: the first, the middle and the last, which may be the same. */
    private void bytes(int rows, IntFunction<Reg> addresses, Sink sink) {
        a.emit(SUB, LAST_AT, count, imm(1));
        a.emit(LSL, SHIFT, LAST_AT, imm(3));
        a.emit(LSR, MIDDLE_AT, count, imm(1));
        a.emit(LSL, MIDDLE_SHIFT, MIDDLE_AT, imm(3));
        for (int row = 0; row < rows; row++) {
            a.emit(LDRB, VALUE.w(), at(addresses.apply(row)));
            a.emit(LDRB, MIDDLE.w(), at(addresses.apply(row), MIDDLE_AT));
            a.emit(LDRB, LAST.w(), at(addresses.apply(row), LAST_AT));
            a.emit(LSL, MIDDLE.w(), MIDDLE.w(), MIDDLE_SHIFT.w());
            a.emit(LSL, LAST.w(), LAST.w(), SHIFT.w());
            a.emit(ORR, VALUE.w(), VALUE.w(), MIDDLE.w());
            a.emit(ORR, VALUE.w(), VALUE.w(), LAST.w());
            sink.take(row, false, VALUE);
        }
    }
}
