// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

import static io.jquant.codegen.x86.Arg.G32;
import static io.jquant.codegen.x86.Arg.G64;
import static io.jquant.codegen.x86.Arg.K;
import static io.jquant.codegen.x86.Arg.KE;
import static io.jquant.codegen.x86.Arg.KE1;
import static io.jquant.codegen.x86.Arg.KE2;
import static io.jquant.codegen.x86.Arg.KE4;
import static io.jquant.codegen.x86.Arg.KE8;
import static io.jquant.codegen.x86.Arg.KH;
import static io.jquant.codegen.x86.Arg.M1;
import static io.jquant.codegen.x86.Arg.M2;
import static io.jquant.codegen.x86.Arg.M4;
import static io.jquant.codegen.x86.Arg.M8;
import static io.jquant.codegen.x86.Arg.R32;
import static io.jquant.codegen.x86.Arg.R64;
import static io.jquant.codegen.x86.Arg.U8;
import static io.jquant.codegen.x86.Form.OpcodeMap.M0F;
import static io.jquant.codegen.x86.Form.OpcodeMap.M0F3A;
import static io.jquant.codegen.x86.Form.Prefix.NP;
import static io.jquant.codegen.x86.Form.Prefix.P66;
import static io.jquant.codegen.x86.Form.Prefix.PF2;
import static io.jquant.codegen.x86.Form.W.W0;
import static io.jquant.codegen.x86.Form.W.W1;
import static io.jquant.codegen.x86.Form.vex;
import static io.jquant.codegen.x86.Form.vexLong;

/** Instructions on the mask registers of AVX-512. */
public enum MaskOp implements Instruction {
    /** Copies a mask of 8 bits. */
    KMOVB(vex(P66, M0F, W0, 0x90, K, KE1), vex(P66, M0F, W0, 0x91, M1, K), vex(P66, M0F, W0, 0x92, K, R32),
        vex(P66, M0F, W0, 0x93, G32, KE)),
    /** Copies a mask of 16 bits. */
    KMOVW(vex(NP, M0F, W0, 0x90, K, KE2), vex(NP, M0F, W0, 0x91, M2, K), vex(NP, M0F, W0, 0x92, K, R32),
        vex(NP, M0F, W0, 0x93, G32, KE)),
    /** Copies a mask of 32 bits. */
    KMOVD(vex(P66, M0F, W1, 0x90, K, KE4), vex(P66, M0F, W1, 0x91, M4, K), vex(PF2, M0F, W0, 0x92, K, R32),
        vex(PF2, M0F, W0, 0x93, G32, KE)),
    /** Copies a mask of 64 bits. */
    KMOVQ(vex(NP, M0F, W1, 0x90, K, KE8), vex(NP, M0F, W1, 0x91, M8, K), vex(PF2, M0F, W1, 0x92, K, R64),
        vex(PF2, M0F, W1, 0x93, G64, KE)),
    /** And of masks of 8 bits. */
    KANDB(vexLong(P66, M0F, W0, 0x41, K, KH, KE)),
    /** And of masks of 16 bits. */
    KANDW(vexLong(NP, M0F, W0, 0x41, K, KH, KE)),
    /** And of masks of 32 bits. */
    KANDD(vexLong(P66, M0F, W1, 0x41, K, KH, KE)),
    /** And of masks of 64 bits. */
    KANDQ(vexLong(NP, M0F, W1, 0x41, K, KH, KE)),
    /** And, the first source inverted, of masks of 8 bits. */
    KANDNB(vexLong(P66, M0F, W0, 0x42, K, KH, KE)),
    /** And, the first source inverted, of masks of 16 bits. */
    KANDNW(vexLong(NP, M0F, W0, 0x42, K, KH, KE)),
    /** And, the first source inverted, of masks of 32 bits. */
    KANDND(vexLong(P66, M0F, W1, 0x42, K, KH, KE)),
    /** And, the first source inverted, of masks of 64 bits. */
    KANDNQ(vexLong(NP, M0F, W1, 0x42, K, KH, KE)),
    /** Or of masks of 8 bits. */
    KORB(vexLong(P66, M0F, W0, 0x45, K, KH, KE)),
    /** Or of masks of 16 bits. */
    KORW(vexLong(NP, M0F, W0, 0x45, K, KH, KE)),
    /** Or of masks of 32 bits. */
    KORD(vexLong(P66, M0F, W1, 0x45, K, KH, KE)),
    /** Or of masks of 64 bits. */
    KORQ(vexLong(NP, M0F, W1, 0x45, K, KH, KE)),
    /** Equality of masks of 8 bits. */
    KXNORB(vexLong(P66, M0F, W0, 0x46, K, KH, KE)),
    /** Equality of masks of 16 bits. */
    KXNORW(vexLong(NP, M0F, W0, 0x46, K, KH, KE)),
    /** Equality of masks of 32 bits. */
    KXNORD(vexLong(P66, M0F, W1, 0x46, K, KH, KE)),
    /** Equality of masks of 64 bits. */
    KXNORQ(vexLong(NP, M0F, W1, 0x46, K, KH, KE)),
    /** Exclusive or of masks of 8 bits. */
    KXORB(vexLong(P66, M0F, W0, 0x47, K, KH, KE)),
    /** Exclusive or of masks of 16 bits. */
    KXORW(vexLong(NP, M0F, W0, 0x47, K, KH, KE)),
    /** Exclusive or of masks of 32 bits. */
    KXORD(vexLong(P66, M0F, W1, 0x47, K, KH, KE)),
    /** Exclusive or of masks of 64 bits. */
    KXORQ(vexLong(NP, M0F, W1, 0x47, K, KH, KE)),
    /** Inverts a mask of 8 bits. */
    KNOTB(vex(P66, M0F, W0, 0x44, K, KE)),
    /** Inverts a mask of 16 bits. */
    KNOTW(vex(NP, M0F, W0, 0x44, K, KE)),
    /** Inverts a mask of 32 bits. */
    KNOTD(vex(P66, M0F, W1, 0x44, K, KE)),
    /** Inverts a mask of 64 bits. */
    KNOTQ(vex(NP, M0F, W1, 0x44, K, KE)),
    /** Compares the or of masks of 8 bits with 0 and all ones. */
    KORTESTB(vex(P66, M0F, W0, 0x98, K, KE)),
    /** Compares the or of masks of 16 bits with 0 and all ones. */
    KORTESTW(vex(NP, M0F, W0, 0x98, K, KE)),
    /** Compares the or of masks of 32 bits with 0 and all ones. */
    KORTESTD(vex(P66, M0F, W1, 0x98, K, KE)),
    /** Compares the or of masks of 64 bits with 0 and all ones. */
    KORTESTQ(vex(NP, M0F, W1, 0x98, K, KE)),
    /** Shifts a mask of 8 bits right. */
    KSHIFTRB(vex(P66, M0F3A, W0, 0x30, K, KE, U8)),
    /** Shifts a mask of 16 bits right. */
    KSHIFTRW(vex(P66, M0F3A, W1, 0x30, K, KE, U8)),
    /** Shifts a mask of 32 bits right. */
    KSHIFTRD(vex(P66, M0F3A, W0, 0x31, K, KE, U8)),
    /** Shifts a mask of 64 bits right. */
    KSHIFTRQ(vex(P66, M0F3A, W1, 0x31, K, KE, U8)),
    /** Shifts a mask of 8 bits left. */
    KSHIFTLB(vex(P66, M0F3A, W0, 0x32, K, KE, U8)),
    /** Shifts a mask of 16 bits left. */
    KSHIFTLW(vex(P66, M0F3A, W1, 0x32, K, KE, U8)),
    /** Shifts a mask of 32 bits left. */
    KSHIFTLD(vex(P66, M0F3A, W0, 0x33, K, KE, U8)),
    /** Shifts a mask of 64 bits left. */
    KSHIFTLQ(vex(P66, M0F3A, W1, 0x33, K, KE, U8));

    // unmodifiable, though not declared so to the checker
    @SuppressWarnings("ImmutableEnumChecker")
    private final Forms forms;

    MaskOp(Form... forms) {
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
