// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

import static io.jquant.codegen.x86.Arg.A;
import static io.jquant.codegen.x86.Arg.B;
import static io.jquant.codegen.x86.Arg.E;
import static io.jquant.codegen.x86.Arg.E16;
import static io.jquant.codegen.x86.Arg.E32;
import static io.jquant.codegen.x86.Arg.E64;
import static io.jquant.codegen.x86.Arg.E8;
import static io.jquant.codegen.x86.Arg.G;
import static io.jquant.codegen.x86.Arg.G64;
import static io.jquant.codegen.x86.Arg.G8;
import static io.jquant.codegen.x86.Arg.I64;
import static io.jquant.codegen.x86.Arg.I8;
import static io.jquant.codegen.x86.Arg.IZ;
import static io.jquant.codegen.x86.Arg.M;
import static io.jquant.codegen.x86.Arg.O;
import static io.jquant.codegen.x86.Arg.O64;
import static io.jquant.codegen.x86.Arg.O8;
import static io.jquant.codegen.x86.Arg.ONE;
import static io.jquant.codegen.x86.Arg.REL32;
import static io.jquant.codegen.x86.Arg.REL8;
import static io.jquant.codegen.x86.Arg.U8;
import static io.jquant.codegen.x86.Form.OpcodeMap.M0F;
import static io.jquant.codegen.x86.Form.OpcodeMap.M0F38;
import static io.jquant.codegen.x86.Form.Prefix.NP;
import static io.jquant.codegen.x86.Form.Prefix.P66;
import static io.jquant.codegen.x86.Form.Prefix.PF2;
import static io.jquant.codegen.x86.Form.Prefix.PF3;
import static io.jquant.codegen.x86.Form.W.WG;
import static io.jquant.codegen.x86.Form.legacy;
import static io.jquant.codegen.x86.Form.op;
import static io.jquant.codegen.x86.Form.op0F;
import static io.jquant.codegen.x86.Form.vex;

/** Instructions on general registers, jumps and prefetches. */
public enum GeneralOp implements Instruction {
    /** Copies; a 64-bit constant takes the shortest form that holds it. */
    MOV(op(0x88, E8, G8), op(0x89, E, G), op(0x8B, G, E), op(0x8A, G8, E8), op(0xB0, O8, U8), op(0xC6, E8, U8).digit(0),
        op(0xB8, O, IZ), op(0xC7, E, IZ).digit(0), op(0xB8, O64, I64).w1()),
    /** Copies 8 or 16 bits, zeros above; memory states its size. */
    MOVZX(op0F(0xB6, G, E8), op0F(0xB7, G, E16)),
    /** Copies 8 or 16 bits, the sign above; memory states its size. */
    MOVSX(op0F(0xBE, G, E8), op0F(0xBF, G, E16)),
    /** Copies 32 bits, the sign above; memory states its size. */
    MOVSXD(op(0x63, G64, E32).w1()),
    /** Computes an address. */
    LEA(op(0x8D, G, M)),
    /** Adds. */
    ADD(op(0x01, E, G), op(0x03, G, E), op(0x83, E, I8).digit(0), op(0x05, A, IZ), op(0x81, E, IZ).digit(0)),
    /** Bitwise or. */
    OR(op(0x09, E, G), op(0x0B, G, E), op(0x83, E, I8).digit(1), op(0x0D, A, IZ), op(0x81, E, IZ).digit(1)),
    /** Bitwise and. */
    AND(op(0x21, E, G), op(0x23, G, E), op(0x83, E, I8).digit(4), op(0x25, A, IZ), op(0x81, E, IZ).digit(4)),
    /** Subtracts. */
    SUB(op(0x29, E, G), op(0x2B, G, E), op(0x83, E, I8).digit(5), op(0x2D, A, IZ), op(0x81, E, IZ).digit(5)),
    /** Bitwise exclusive or. */
    XOR(op(0x31, E, G), op(0x33, G, E), op(0x83, E, I8).digit(6), op(0x35, A, IZ), op(0x81, E, IZ).digit(6)),
    /** Compares. */
    CMP(op(0x39, E, G), op(0x3B, G, E), op(0x83, E, I8).digit(7), op(0x3D, A, IZ), op(0x81, E, IZ).digit(7)),
    /** Compares the bitwise and with 0. */
    TEST(op(0x85, E, G), op(0xA9, A, IZ), op(0xF7, E, IZ).digit(0)),
    /** Multiplies, keeping the low half. */
    IMUL(op0F(0xAF, G, E), op(0x6B, G, E, I8), op(0x69, G, E, IZ)),
    /** Inverts all bits. */
    NOT(op(0xF7, E).digit(2)),
    /** Negates. */
    NEG(op(0xF7, E).digit(3)),
    /** Adds 1. */
    INC(op(0xFF, E).digit(0)),
    /** Subtracts 1. */
    DEC(op(0xFF, E).digit(1)),
    /** Shifts left. */
    SHL(op(0xD1, E, ONE).digit(4), op(0xC1, E, U8).digit(4)),
    /** Shifts right, zeros above. */
    SHR(op(0xD1, E, ONE).digit(5), op(0xC1, E, U8).digit(5)),
    /** Shifts right, the sign above. */
    SAR(op(0xD1, E, ONE).digit(7), op(0xC1, E, U8).digit(7)),
    /** Shifts left by a register (BMI2). */
    SHLX(vex(P66, M0F38, WG, 0xF7, G, E, B)),
    /** Shifts right by a register, zeros above (BMI2). */
    SHRX(vex(PF2, M0F38, WG, 0xF7, G, E, B)),
    /** Shifts right by a register, the sign above (BMI2). */
    SARX(vex(PF3, M0F38, WG, 0xF7, G, E, B)),
    /** Clears the bits from an index on: makes masks for tails (BMI2). */
    BZHI(vex(NP, M0F38, WG, 0xF5, G, E, B)),
    /** Bitwise and with the first source inverted (BMI1). */
    ANDN(vex(NP, M0F38, WG, 0xF2, G, B, E)),
    /** Counts the bits that are 1. */
    POPCNT(legacy(PF3, M0F, 0xB8, G, E)),
    /** Counts the zeros below the lowest 1 (BMI1). */
    TZCNT(legacy(PF3, M0F, 0xBC, G, E)),
    /** Copies if below, unsigned. */
    CMOVB(op0F(0x42, G, E)),
    /** Copies if above or equal, unsigned. */
    CMOVAE(op0F(0x43, G, E)),
    /** Copies if equal or zero. */
    CMOVZ(op0F(0x44, G, E)),
    /** Copies if not equal or not zero. */
    CMOVNZ(op0F(0x45, G, E)),
    /** Copies if below or equal, unsigned. */
    CMOVBE(op0F(0x46, G, E)),
    /** Copies if above, unsigned. */
    CMOVA(op0F(0x47, G, E)),
    /** Copies if negative. */
    CMOVS(op0F(0x48, G, E)),
    /** Copies if not negative. */
    CMOVNS(op0F(0x49, G, E)),
    /** Copies if less, signed. */
    CMOVL(op0F(0x4C, G, E)),
    /** Copies if greater or equal, signed. */
    CMOVGE(op0F(0x4D, G, E)),
    /** Copies if less or equal, signed. */
    CMOVLE(op0F(0x4E, G, E)),
    /** Copies if greater, signed. */
    CMOVG(op0F(0x4F, G, E)),
    /** Jumps if below, unsigned. */
    JB(op(0x72, REL8), op0F(0x82, REL32)),
    /** Jumps if above or equal, unsigned. */
    JAE(op(0x73, REL8), op0F(0x83, REL32)),
    /** Jumps if equal or zero. */
    JZ(op(0x74, REL8), op0F(0x84, REL32)),
    /** Jumps if not equal or not zero. */
    JNZ(op(0x75, REL8), op0F(0x85, REL32)),
    /** Jumps if below or equal, unsigned. */
    JBE(op(0x76, REL8), op0F(0x86, REL32)),
    /** Jumps if above, unsigned. */
    JA(op(0x77, REL8), op0F(0x87, REL32)),
    /** Jumps if negative. */
    JS(op(0x78, REL8), op0F(0x88, REL32)),
    /** Jumps if not negative. */
    JNS(op(0x79, REL8), op0F(0x89, REL32)),
    /** Jumps if less, signed. */
    JL(op(0x7C, REL8), op0F(0x8C, REL32)),
    /** Jumps if greater or equal, signed. */
    JGE(op(0x7D, REL8), op0F(0x8D, REL32)),
    /** Jumps if less or equal, signed. */
    JLE(op(0x7E, REL8), op0F(0x8E, REL32)),
    /** Jumps if greater, signed. */
    JG(op(0x7F, REL8), op0F(0x8F, REL32)),
    /** Jumps, to a label or to the address in a register or memory. */
    JMP(op(0xEB, REL8), op(0xE9, REL32), op(0xFF, E64).digit(4)),
    /** Pushes 64 bits. */
    PUSH(op(0x50, O64)),
    /** Pops 64 bits. */
    POP(op(0x58, O64)),
    /** Returns. */
    RET(op(0xC3)),
    /** Raises the invalid-opcode exception. */
    UD2(op0F(0x0B)),
    /** Orders non-temporal stores before what follows. */
    SFENCE(op0F(0xAE).digit(7)),
    /** Prefetches for one use. */
    PREFETCHNTA(op0F(0x18, M).digit(0)),
    /** Prefetches into all caches. */
    PREFETCHT0(op0F(0x18, M).digit(1)),
    /** Prefetches into the second-level cache. */
    PREFETCHT1(op0F(0x18, M).digit(2)),
    /** Prefetches for writing. */
    PREFETCHW(op0F(0x0D, M).digit(1));

    // unmodifiable, though not declared so to the checker
    @SuppressWarnings("ImmutableEnumChecker")
    private final Forms forms;

    GeneralOp(Form... forms) {
        this.forms = Forms.of(forms);
    }

    @Override
    public String mnemonic() {
        return Forms.mnemonic(this);
    }

    @Override
    public Forms forms() {
        return forms;
    }
}
