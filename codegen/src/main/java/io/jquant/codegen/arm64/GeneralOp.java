// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

import static io.jquant.codegen.arm64.Args.FAR;
import static io.jquant.codegen.arm64.Args.NEAR;
import static io.jquant.codegen.arm64.Args.NEARER;
import static io.jquant.codegen.arm64.Args.PLACE;
import static io.jquant.codegen.arm64.Args.SPD;
import static io.jquant.codegen.arm64.Args.SPN;
import static io.jquant.codegen.arm64.Args.WA;
import static io.jquant.codegen.arm64.Args.WD;
import static io.jquant.codegen.arm64.Args.WM;
import static io.jquant.codegen.arm64.Args.WN;
import static io.jquant.codegen.arm64.Args.WSPD;
import static io.jquant.codegen.arm64.Args.WSPN;
import static io.jquant.codegen.arm64.Args.XA;
import static io.jquant.codegen.arm64.Args.XD;
import static io.jquant.codegen.arm64.Args.XM;
import static io.jquant.codegen.arm64.Args.XN;
import static io.jquant.codegen.arm64.Form.form;

import io.jquant.codegen.arm64.Arg.BitNumber;
import io.jquant.codegen.arm64.Arg.Constant;
import io.jquant.codegen.arm64.Arg.Flags;
import io.jquant.codegen.arm64.Arg.Named;
import io.jquant.codegen.arm64.Arg.ShiftLeft;
import io.jquant.codegen.arm64.Arg.Shifted;
import java.util.Locale;

/** Instructions on general registers, and jumps. */
public enum GeneralOp implements Instruction {
    /** Adds. */
    ADD(sum(0x0B000000, 0x11000000, false)),
    /** Adds and sets the flags. */
    ADDS(sum(0x2B000000, 0x31000000, true)),
    /** Subtracts. */
    SUB(sum(0x4B000000, 0x51000000, false)),
    /** Subtracts and sets the flags. */
    SUBS(sum(0x6B000000, 0x71000000, true)),
    /** Sets the flags of a difference. */
    CMP(Forms.of(form(0x6B00001F, WN, WM), form(0xEB00001F, XN, XM), form(0x7100001F, WSPN, immediate()),
        form(0xF100001F, SPN, immediate()))),
    /** Negates. */
    NEG(Forms.of(form(0x4B0003E0, WD, WM), form(0xCB0003E0, XD, XM))),
    /** Bitwise and. */
    AND(logical(0x0A000000)),
    /** Bitwise or. */
    ORR(logical(0x2A000000)),
    /** Bitwise exclusive or. */
    EOR(logical(0x4A000000)),
    /** Copies a register. */
    MOV(Forms.of(form(0x2A0003E0, WD, WM), form(0xAA0003E0, XD, XM), form(0x91000000, SPD, SPN))),
    /** Sets 16 bits and clears the others. */
    MOVZ(wide(0x52800000)),
    /** Sets 16 bits to the complement of a constant, and the others. */
    MOVN(wide(0x12800000)),
    /** Sets 16 bits and keeps the others. */
    MOVK(wide(0x72800000)),
    /** Shifts to the left, by a constant or modulo the width by a register. */
    LSL(Forms.of(form(0x53000000, WD, WN, new ShiftLeft(32)), form(0xD3400000, XD, XN, new ShiftLeft(64)),
        form(0x1AC02000, WD, WN, WM), form(0x9AC02000, XD, XN, XM))),
    /** Shifts to the right, filling with zeros. */
    LSR(Forms.of(form(0x53007C00, WD, WN, Constant.unsigned(16, 5)), form(0xD340FC00, XD, XN,
        Constant.unsigned(16, 6)), form(0x1AC02400, WD, WN, WM), form(0x9AC02400, XD, XN, XM))),
    /** Shifts to the right, filling with the sign. */
    ASR(Forms.of(form(0x13007C00, WD, WN, Constant.unsigned(16, 5)), form(0x9340FC00, XD, XN,
        Constant.unsigned(16, 6)), form(0x1AC02800, WD, WN, WM), form(0x9AC02800, XD, XN, XM))),
    /** Multiplies. */
    MUL(Forms.of(form(0x1B007C00, WD, WN, WM), form(0x9B007C00, XD, XN, XM))),
    /** Adds a product to the last operand. */
    MADD(Forms.of(form(0x1B000000, WD, WN, WM, WA), form(0x9B000000, XD, XN, XM, XA))),
    /** Subtracts a product from the last operand. */
    MSUB(Forms.of(form(0x1B008000, WD, WN, WM, WA), form(0x9B008000, XD, XN, XM, XA))),
    /** Divides unsigned numbers. */
    UDIV(Forms.of(form(0x1AC00800, WD, WN, WM), form(0x9AC00800, XD, XN, XM))),
    /** Takes the first source if a condition holds, else the second. */
    CSEL(Forms.of(form(0x1A800000, WD, WN, WM, new Flags()), form(0x9A800000, XD, XN, XM, new Flags()))),
    /** The address of a place in the code. */
    ADR(Forms.of(form(0x10000000, XD, PLACE))),

    /** Jumps. */
    B(Forms.of(form(0x14000000, FAR))),
    /** Jumps if equal. */
    B_EQ(jump(Condition.EQ)),
    /** Jumps if not equal. */
    B_NE(jump(Condition.NE)),
    /** Jumps if unsigned higher or same. */
    B_HS(jump(Condition.HS)),
    /** Jumps if unsigned lower. */
    B_LO(jump(Condition.LO)),
    /** Jumps if negative. */
    B_MI(jump(Condition.MI)),
    /** Jumps if positive or zero. */
    B_PL(jump(Condition.PL)),
    /** Jumps if unsigned higher. */
    B_HI(jump(Condition.HI)),
    /** Jumps if unsigned lower or same. */
    B_LS(jump(Condition.LS)),
    /** Jumps if signed greater or equal. */
    B_GE(jump(Condition.GE)),
    /** Jumps if signed less. */
    B_LT(jump(Condition.LT)),
    /** Jumps if signed greater. */
    B_GT(jump(Condition.GT)),
    /** Jumps if signed less or equal. */
    B_LE(jump(Condition.LE)),
    /** Jumps if a register is 0. */
    CBZ(Forms.of(form(0x34000000, WD, NEAR), form(0xB4000000, XD, NEAR))),
    /** Jumps if a register is not 0. */
    CBNZ(Forms.of(form(0x35000000, WD, NEAR), form(0xB5000000, XD, NEAR))),
    /** Jumps if a bit is 0. */
    TBZ(Forms.of(form(0x36000000, WD, new BitNumber(32), NEARER), form(0x36000000, XD, new BitNumber(64), NEARER))),
    /** Jumps if a bit is 1. */
    TBNZ(Forms.of(form(0x37000000, WD, new BitNumber(32), NEARER), form(0x37000000, XD, new BitNumber(64), NEARER))),
    /** Jumps to an address. */
    BR(Forms.of(form(0xD61F0000, XN))),
    /** Calls a function at an address. */
    BLR(Forms.of(form(0xD63F0000, XN))),
    /** Returns. */
    RET(Forms.of(form(0xD65F03C0))),
    /** Maintains the data cache at an address. */
    DC(Forms.of(form(0xD50B7B20, new Named(SystemName.CVAU), XD))),
    /** Maintains the instruction cache at an address. */
    IC(Forms.of(form(0xD50B7520, new Named(SystemName.IVAU), XD))),
    /** Waits until what came before is done. */
    DSB(Forms.of(form(0xD5033B9F, new Named(SystemName.ISH)))),
    /** Fetches anew what comes after. */
    ISB(Forms.of(form(0xD5033FDF))),
    /** Does nothing. */
    NOP(Forms.of(form(0xD503201F)));

    // unmodifiable, though not declared so to the checker
    @SuppressWarnings("ImmutableEnumChecker")
    private final Forms forms;

    GeneralOp(Forms forms) {
        this.forms = forms;
    }

    @Override
    public String mnemonic() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    @Override
    public Forms forms() {
        return forms;
    }

    private static Arg immediate() {
        return Constant.unsigned(10, 12);
    }

    /** Sums: with constants, register 31 is the stack pointer, but where flags are set no destination. */
    private static Forms sum(int registers, int immediate, boolean setsFlags) {
        return Forms.of(form(registers, WD, WN, WM), form(registers | 1 << 31, XD, XN, XM),
            form(registers, WD, WN, WM, new Shifted(10, 1, 31)),
            form(registers | 1 << 31, XD, XN, XM, new Shifted(10, 1, 63)),
            form(immediate, setsFlags ? WD : WSPD, WSPN, immediate()),
            form(immediate | 1 << 31, setsFlags ? XD : SPD, SPN, immediate()),
            form(immediate | 1 << 31, setsFlags ? XD : SPD, SPN, immediate(), new Shifted(22, 12, 12)));
    }

    private static Forms logical(int registers) {
        return Forms.of(form(registers, WD, WN, WM), form(registers | 1 << 31, XD, XN, XM),
            form(registers, WD, WN, WM, new Shifted(10, 1, 31)),
            form(registers | 1 << 31, XD, XN, XM, new Shifted(10, 1, 63)));
    }

    private static Forms wide(int bits) {
        Arg value = Constant.unsigned(5, 16);
        return Forms.of(form(bits, WD, value), form(bits | 1 << 31, XD, value),
            form(bits, WD, value, new Shifted(21, 16, 16)), form(bits | 1 << 31, XD, value, new Shifted(21, 16, 48)));
    }

    private static Forms jump(Condition condition) {
        return Forms.of(form(0x54000000 | condition.code, NEAR));
    }
}
