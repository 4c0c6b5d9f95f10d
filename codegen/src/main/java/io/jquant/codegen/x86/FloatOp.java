// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

import static io.jquant.codegen.x86.Arg.H;
import static io.jquant.codegen.x86.Arg.K;
import static io.jquant.codegen.x86.Arg.U8;
import static io.jquant.codegen.x86.Arg.V;
import static io.jquant.codegen.x86.Arg.W;
import static io.jquant.codegen.x86.Arg.W2;
import static io.jquant.codegen.x86.Arg.WB4;
import static io.jquant.codegen.x86.Form.OpcodeMap.M0F;
import static io.jquant.codegen.x86.Form.OpcodeMap.M0F38;
import static io.jquant.codegen.x86.Form.OpcodeMap.M0F3A;
import static io.jquant.codegen.x86.Form.Prefix.NP;
import static io.jquant.codegen.x86.Form.Prefix.P66;
import static io.jquant.codegen.x86.Form.Prefix.PF3;
import static io.jquant.codegen.x86.Form.W.W0;
import static io.jquant.codegen.x86.Form.both;
import static io.jquant.codegen.x86.Form.evex;
import static io.jquant.codegen.x86.Form.vex;

import java.util.List;

/** Vector instructions on binary32. */
public enum FloatOp implements Instruction {
    /** Adds. */
    VADDPS(both(NP, M0F, W0, 0x58, V, H, WB4)),
    /** Multiplies. */
    VMULPS(both(NP, M0F, W0, 0x59, V, H, WB4)),
    /** Subtracts. */
    VSUBPS(both(NP, M0F, W0, 0x5C, V, H, WB4)),
    /** Divides. */
    VDIVPS(both(NP, M0F, W0, 0x5E, V, H, WB4)),
    /** The smaller; the second source where one is NaN. */
    VMINPS(both(NP, M0F, W0, 0x5D, V, H, WB4)),
    /** The larger; the second source where one is NaN. */
    VMAXPS(both(NP, M0F, W0, 0x5F, V, H, WB4)),
    /** The square root. */
    VSQRTPS(both(NP, M0F, W0, 0x51, V, WB4)),
    /** Bitwise and (AVX512DQ in EVEX). */
    VANDPS(both(NP, M0F, W0, 0x54, V, H, WB4)),
    /** Bitwise and, the first source inverted (AVX512DQ in EVEX). */
    VANDNPS(both(NP, M0F, W0, 0x55, V, H, WB4)),
    /** Bitwise or (AVX512DQ in EVEX). */
    VORPS(both(NP, M0F, W0, 0x56, V, H, WB4)),
    /** Bitwise exclusive or (AVX512DQ in EVEX). */
    VXORPS(both(NP, M0F, W0, 0x57, V, H, WB4)),
    /** Destination times first source, plus second source, rounded once. */
    VFMADD213PS(both(P66, M0F38, W0, 0xA8, V, H, WB4)),
    /** Destination plus the sources' product, rounded once. */
    VFMADD231PS(both(P66, M0F38, W0, 0xB8, V, H, WB4)),
    /** Destination minus the sources' product, rounded once. */
    VFNMADD231PS(both(P66, M0F38, W0, 0xBC, V, H, WB4)),
    /** int32 to binary32. */
    VCVTDQ2PS(both(NP, M0F, W0, 0x5B, V, WB4)),
    /** binary32 to int32 by the rounding mode; out of range becomes the smallest int32. */
    VCVTPS2DQ(both(P66, M0F, W0, 0x5B, V, WB4)),
    /** binary32 to int32 towards 0; out of range becomes the smallest int32. */
    VCVTTPS2DQ(both(PF3, M0F, W0, 0x5B, V, WB4)),
    /** binary16 to binary32. */
    VCVTPH2PS(both(P66, M0F38, W0, 0x13, V, W2)),
    /** binary32 to binary16; the constant 0 rounds to nearest even. */
    VCVTPS2PH(both(P66, M0F3A, W0, 0x1D, W2, V, U8)),
    /** Rounds to an integer; the constant 8 is nearest even (AVX). */
    VROUNDPS(vex(P66, M0F3A, W0, 0x08, V, W, U8)),
    /** Rounds to an integer; the constant 8 is nearest even (AVX-512). */
    VRNDSCALEPS(evex(P66, M0F3A, W0, 0x08, V, WB4, U8)),
    /** Compares, as lanes (AVX) or a mask (AVX-512): 0 eq, 1 lt, 2 le, 3 unordered, 4 ne. */
    VCMPPS(vex(NP, M0F, W0, 0xC2, V, H, W, U8), evex(NP, M0F, W0, 0xC2, K, H, WB4, U8));

    // unmodifiable, though not declared so to the checker
    @SuppressWarnings("ImmutableEnumChecker")
    private final Forms forms;

    FloatOp(Form... forms) {
        this.forms = Forms.of(forms);
    }

    FloatOp(List<Form> forms) {
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
