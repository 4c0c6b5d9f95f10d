// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

import static io.jquant.codegen.x86.Arg.E32;
import static io.jquant.codegen.x86.Arg.E32M1;
import static io.jquant.codegen.x86.Arg.E32M2;
import static io.jquant.codegen.x86.Arg.E64;
import static io.jquant.codegen.x86.Arg.H;
import static io.jquant.codegen.x86.Arg.HX;
import static io.jquant.codegen.x86.Arg.U8;
import static io.jquant.codegen.x86.Arg.V;
import static io.jquant.codegen.x86.Arg.VW;
import static io.jquant.codegen.x86.Arg.VX;
import static io.jquant.codegen.x86.Arg.VY;
import static io.jquant.codegen.x86.Arg.VZ;
import static io.jquant.codegen.x86.Arg.W;
import static io.jquant.codegen.x86.Arg.WB4;
import static io.jquant.codegen.x86.Arg.WB8;
import static io.jquant.codegen.x86.Arg.WX16;
import static io.jquant.codegen.x86.Arg.WY32;
import static io.jquant.codegen.x86.Form.OpcodeMap.M0F;
import static io.jquant.codegen.x86.Form.OpcodeMap.M0F38;
import static io.jquant.codegen.x86.Form.OpcodeMap.M0F3A;
import static io.jquant.codegen.x86.Form.Prefix.NP;
import static io.jquant.codegen.x86.Form.Prefix.P66;
import static io.jquant.codegen.x86.Form.W.W0;
import static io.jquant.codegen.x86.Form.W.W1;
import static io.jquant.codegen.x86.Form.W.WV;
import static io.jquant.codegen.x86.Form.both;
import static io.jquant.codegen.x86.Form.evex;
import static io.jquant.codegen.x86.Form.evexUnmasked;
import static io.jquant.codegen.x86.Form.vex;

import java.util.List;

/** Vector instructions that rearrange lanes. */
public enum ShuffleOp implements Instruction {
    /** Narrows two vectors int32 to int16 as signed, saturating, in 128-bit blocks. */
    VPACKSSDW(both(P66, M0F, W0, 0x6B, V, H, WB4)),
    /** Narrows two vectors int32 to uint16, saturating, in 128-bit blocks. */
    VPACKUSDW(both(P66, M0F38, W0, 0x2B, V, H, WB4)),
    /** Narrows two vectors int16 to int8, saturating, in 128-bit blocks. */
    VPACKSSWB(both(P66, M0F, W0, 0x63, V, H, W)),
    /** Narrows two vectors int16 to uint8, saturating, in 128-bit blocks. */
    VPACKUSWB(both(P66, M0F, W0, 0x67, V, H, W)),
    /** Interleaves the low bytes of each 128-bit block. */
    VPUNPCKLBW(both(P66, M0F, W0, 0x60, V, H, W)),
    /** Interleaves the low 16-bit lanes of each 128-bit block. */
    VPUNPCKLWD(both(P66, M0F, W0, 0x61, V, H, W)),
    /** Interleaves the low 32-bit lanes of each 128-bit block. */
    VPUNPCKLDQ(both(P66, M0F, W0, 0x62, V, H, WB4)),
    /** Interleaves the low 64-bit lanes of each 128-bit block. */
    VPUNPCKLQDQ(both(P66, M0F, WV, 0x6C, V, H, WB8)),
    /** Interleaves the high bytes of each 128-bit block. */
    VPUNPCKHBW(both(P66, M0F, W0, 0x68, V, H, W)),
    /** Interleaves the high 16-bit lanes of each 128-bit block. */
    VPUNPCKHWD(both(P66, M0F, W0, 0x69, V, H, W)),
    /** Interleaves the high 32-bit lanes of each 128-bit block. */
    VPUNPCKHDQ(both(P66, M0F, W0, 0x6A, V, H, WB4)),
    /** Interleaves the high 64-bit lanes of each 128-bit block. */
    VPUNPCKHQDQ(both(P66, M0F, WV, 0x6D, V, H, WB8)),
    /** Permutes bytes within 128-bit blocks. */
    VPSHUFB(both(P66, M0F38, W0, 0x00, V, H, W)),
    /** Permutes 32-bit lanes within 128-bit blocks by a constant. */
    VPSHUFD(both(P66, M0F, W0, 0x70, V, WB4, U8)),
    /** Picks two 32-bit lanes of each source in each 128-bit block. */
    VSHUFPS(both(NP, M0F, W0, 0xC6, V, H, WB4, U8)),
    /** Shifts two joined 128-bit blocks right by bytes. */
    VPALIGNR(both(P66, M0F3A, W0, 0x0F, V, H, W, U8)),
    /** Shifts two joined vectors right by 32-bit lanes (AVX-512). */
    VALIGND(evex(P66, M0F3A, W0, 0x03, V, H, WB4, U8)),
    /** Picks 32-bit lanes by a constant (AVX2). */
    VPBLENDD(vex(P66, M0F3A, W0, 0x02, V, H, W, U8)),
    /** Picks bytes by the write mask (AVX-512). */
    VPBLENDMB(evex(P66, M0F38, W0, 0x66, V, H, W)),
    /** Picks 16-bit lanes by the write mask (AVX-512). */
    VPBLENDMW(evex(P66, M0F38, W1, 0x66, V, H, W)),
    /** Picks 32-bit lanes by the write mask (AVX-512). */
    VPBLENDMD(evex(P66, M0F38, W0, 0x64, V, H, WB4)),
    /** Permutes 32-bit lanes by a vector of indices. */
    VPERMD(both(P66, M0F38, W0, 0x36, VW, H, WB4)),
    /** Permutes binary32 lanes by a vector of indices. */
    VPERMPS(both(P66, M0F38, W0, 0x16, VW, H, WB4)),
    /** Permutes 64-bit lanes by a constant or a vector of indices. */
    VPERMQ(vex(P66, M0F3A, W1, 0x00, VW, W, U8), evex(P66, M0F3A, W1, 0x00, VW, WB8, U8),
        evex(P66, M0F38, W1, 0x36, VW, H, WB8)),
    /** Permutes bytes by a vector of indices (AVX512_VBMI). */
    VPERMB(evex(P66, M0F38, W0, 0x8D, V, H, W)),
    /** Permutes 16-bit lanes by a vector of indices (AVX-512). */
    VPERMW(evex(P66, M0F38, W1, 0x8D, V, H, W)),
    /** Permutes bytes of two vectors, written over the first source (AVX512_VBMI). */
    VPERMT2B(evex(P66, M0F38, W0, 0x7D, V, H, W)),
    /** Permutes 16-bit lanes of two vectors, written over the first source (AVX-512). */
    VPERMT2W(evex(P66, M0F38, W1, 0x7D, V, H, W)),
    /** Permutes 32-bit lanes of two vectors, written over the first source (AVX-512). */
    VPERMT2D(evex(P66, M0F38, W0, 0x7E, V, H, WB4)),
    /** Permutes 64-bit lanes of two vectors, written over the first source (AVX-512). */
    VPERMT2Q(evex(P66, M0F38, W1, 0x7E, V, H, WB8)),
    /** Permutes bytes of two vectors, written over the indices (AVX512_VBMI). */
    VPERMI2B(evex(P66, M0F38, W0, 0x75, V, H, W)),
    /** Permutes 16-bit lanes of two vectors, written over the indices (AVX-512). */
    VPERMI2W(evex(P66, M0F38, W1, 0x75, V, H, W)),
    /** Permutes 32-bit lanes of two vectors, written over the indices (AVX-512). */
    VPERMI2D(evex(P66, M0F38, W0, 0x76, V, H, WB4)),
    /** Permutes 64-bit lanes of two vectors, written over the indices (AVX-512). */
    VPERMI2Q(evex(P66, M0F38, W1, 0x76, V, H, WB8)),
    /** Picks 128-bit halves of two vectors by a constant (AVX2). */
    VPERM2I128(vex(P66, M0F3A, W0, 0x46, VY, H, WY32, U8)),
    /** Picks 128-bit blocks of two vectors by a constant (AVX-512). */
    VSHUFI32X4(evex(P66, M0F3A, W0, 0x43, VW, H, WB4, U8)),
    /** Picks 128-bit blocks of two vectors by a constant, masked by 64-bit lanes (AVX-512). */
    VSHUFI64X2(evex(P66, M0F3A, W1, 0x43, VW, H, WB8, U8)),
    /** Replaces a 128-bit half (AVX2). */
    VINSERTI128(vex(P66, M0F3A, W0, 0x38, VY, H, WX16, U8)),
    /** Copies a 128-bit half (AVX2). */
    VEXTRACTI128(vex(P66, M0F3A, W0, 0x39, WX16, VY, U8)),
    /** Replaces a 128-bit block (AVX-512). */
    VINSERTI32X4(evex(P66, M0F3A, W0, 0x38, VW, H, WX16, U8)),
    /** Copies a 128-bit block (AVX-512). */
    VEXTRACTI32X4(evex(P66, M0F3A, W0, 0x39, WX16, VW, U8)),
    /** Replaces a 128-bit block, masked by 64-bit lanes (AVX-512). */
    VINSERTI64X2(evex(P66, M0F3A, W1, 0x38, VW, H, WX16, U8)),
    /** Copies a 128-bit block, masked by 64-bit lanes (AVX-512). */
    VEXTRACTI64X2(evex(P66, M0F3A, W1, 0x39, WX16, VW, U8)),
    /** Replaces a 256-bit half (AVX-512). */
    VINSERTI32X8(evex(P66, M0F3A, W0, 0x3A, VZ, H, WY32, U8)),
    /** Copies a 256-bit half (AVX-512). */
    VEXTRACTI32X8(evex(P66, M0F3A, W0, 0x3B, WY32, VZ, U8)),
    /** Replaces a 256-bit half, masked by 64-bit lanes (AVX-512). */
    VINSERTI64X4(evex(P66, M0F3A, W1, 0x3A, VZ, H, WY32, U8)),
    /** Copies a 256-bit half, masked by 64-bit lanes (AVX-512). */
    VEXTRACTI64X4(evex(P66, M0F3A, W1, 0x3B, WY32, VZ, U8)),
    /** Replaces a 8-bit lane. */
    VPINSRB(vex(P66, M0F3A, W0, 0x20, VX, HX, E32M1, U8), evexUnmasked(P66, M0F3A, W0, 0x20, VX, HX, E32M1, U8)),
    /** Copies a 8-bit lane. */
    VPEXTRB(vex(P66, M0F3A, W0, 0x14, E32M1, VX, U8), evexUnmasked(P66, M0F3A, W0, 0x14, E32M1, VX, U8)),
    /** Replaces a 32-bit lane. */
    VPINSRD(vex(P66, M0F3A, W0, 0x22, VX, HX, E32, U8), evexUnmasked(P66, M0F3A, W0, 0x22, VX, HX, E32, U8)),
    /** Copies a 32-bit lane. */
    VPEXTRD(vex(P66, M0F3A, W0, 0x16, E32, VX, U8), evexUnmasked(P66, M0F3A, W0, 0x16, E32, VX, U8)),
    /** Replaces a 64-bit lane. */
    VPINSRQ(vex(P66, M0F3A, W1, 0x22, VX, HX, E64, U8), evexUnmasked(P66, M0F3A, W1, 0x22, VX, HX, E64, U8)),
    /** Copies a 64-bit lane. */
    VPEXTRQ(vex(P66, M0F3A, W1, 0x16, E64, VX, U8), evexUnmasked(P66, M0F3A, W1, 0x16, E64, VX, U8)),
    /** Replaces a 16-bit lane. */
    VPINSRW(vex(P66, M0F, W0, 0xC4, VX, HX, E32M2, U8), evexUnmasked(P66, M0F, W0, 0xC4, VX, HX, E32M2, U8));

    // unmodifiable, though not declared so to the checker
    @SuppressWarnings("ImmutableEnumChecker")
    private final Forms forms;

    ShuffleOp(Form... forms) {
        this.forms = Forms.of(forms);
    }

    ShuffleOp(List<Form> forms) {
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
