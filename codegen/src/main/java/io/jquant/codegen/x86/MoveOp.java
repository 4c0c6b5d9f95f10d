// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

import static io.jquant.codegen.x86.Arg.E32;
import static io.jquant.codegen.x86.Arg.E64;
import static io.jquant.codegen.x86.Arg.G32;
import static io.jquant.codegen.x86.Arg.H;
import static io.jquant.codegen.x86.Arg.M16;
import static io.jquant.codegen.x86.Arg.M32;
import static io.jquant.codegen.x86.Arg.M4;
import static io.jquant.codegen.x86.Arg.MV;
import static io.jquant.codegen.x86.Arg.R32;
import static io.jquant.codegen.x86.Arg.R64;
import static io.jquant.codegen.x86.Arg.V;
import static io.jquant.codegen.x86.Arg.VW;
import static io.jquant.codegen.x86.Arg.VX;
import static io.jquant.codegen.x86.Arg.VY;
import static io.jquant.codegen.x86.Arg.VZ;
import static io.jquant.codegen.x86.Arg.W;
import static io.jquant.codegen.x86.Arg.W2;
import static io.jquant.codegen.x86.Arg.W4;
import static io.jquant.codegen.x86.Arg.W8;
import static io.jquant.codegen.x86.Arg.WR;
import static io.jquant.codegen.x86.Arg.WX1;
import static io.jquant.codegen.x86.Arg.WX2;
import static io.jquant.codegen.x86.Arg.WX4;
import static io.jquant.codegen.x86.Arg.WX8;
import static io.jquant.codegen.x86.Form.OpcodeMap.M0F;
import static io.jquant.codegen.x86.Form.OpcodeMap.M0F38;
import static io.jquant.codegen.x86.Form.Prefix.NP;
import static io.jquant.codegen.x86.Form.Prefix.P66;
import static io.jquant.codegen.x86.Form.Prefix.PF2;
import static io.jquant.codegen.x86.Form.Prefix.PF3;
import static io.jquant.codegen.x86.Form.W.W0;
import static io.jquant.codegen.x86.Form.W.W1;
import static io.jquant.codegen.x86.Form.both;
import static io.jquant.codegen.x86.Form.evex;
import static io.jquant.codegen.x86.Form.evexUnmasked;
import static io.jquant.codegen.x86.Form.vex;

import java.util.List;

/** Vector instructions that load, store, broadcast, widen and narrow. */
public enum MoveOp implements Instruction {
    /** Copies binary32 lanes, any alignment. */
    VMOVUPS(vex(NP, M0F, W0, 0x10, V, W), vex(NP, M0F, W0, 0x11, W, V), evex(NP, M0F, W0, 0x10, V, W),
        evex(NP, M0F, W0, 0x11, W, V)),
    /** Copies binary32 lanes, aligned. */
    VMOVAPS(vex(NP, M0F, W0, 0x28, V, W), vex(NP, M0F, W0, 0x29, W, V), evex(NP, M0F, W0, 0x28, V, W),
        evex(NP, M0F, W0, 0x29, W, V)),
    /** Copies, any alignment (AVX). */
    VMOVDQU(vex(PF3, M0F, W0, 0x6F, V, W), vex(PF3, M0F, W0, 0x7F, W, V)),
    /** Copies, aligned (AVX). */
    VMOVDQA(vex(P66, M0F, W0, 0x6F, V, W), vex(P66, M0F, W0, 0x7F, W, V)),
    /** Copies bytes (AVX-512). */
    VMOVDQU8(evex(PF2, M0F, W0, 0x6F, V, W), evex(PF2, M0F, W0, 0x7F, W, V)),
    /** Copies 16-bit lanes (AVX-512). */
    VMOVDQU16(evex(PF2, M0F, W1, 0x6F, V, W), evex(PF2, M0F, W1, 0x7F, W, V)),
    /** Copies 32-bit lanes (AVX-512). */
    VMOVDQU32(evex(PF3, M0F, W0, 0x6F, V, W), evex(PF3, M0F, W0, 0x7F, W, V)),
    /** Copies 64-bit lanes (AVX-512). */
    VMOVDQU64(evex(PF3, M0F, W1, 0x6F, V, W), evex(PF3, M0F, W1, 0x7F, W, V)),
    /** Copies 32-bit lanes, aligned (AVX-512). */
    VMOVDQA32(evex(P66, M0F, W0, 0x6F, V, W), evex(P66, M0F, W0, 0x7F, W, V)),
    /** Copies 64-bit lanes, aligned (AVX-512). */
    VMOVDQA64(evex(P66, M0F, W1, 0x6F, V, W), evex(P66, M0F, W1, 0x7F, W, V)),
    /** Stores past the caches. */
    VMOVNTDQ(vex(P66, M0F, W0, 0xE7, MV, V), evexUnmasked(P66, M0F, W0, 0xE7, MV, V)),
    /** Stores binary32 lanes past the caches. */
    VMOVNTPS(vex(NP, M0F, W0, 0x2B, MV, V), evexUnmasked(NP, M0F, W0, 0x2B, MV, V)),
    /** Loads or stores one binary32. */
    VMOVSS(vex(PF3, M0F, W0, 0x10, VX, M4), vex(PF3, M0F, W0, 0x11, M4, VX), evex(PF3, M0F, W0, 0x10, VX, M4),
        evex(PF3, M0F, W0, 0x11, M4, VX)),
    /** Copies 32 bits between a vector and a general register or memory. */
    VMOVD(vex(P66, M0F, W0, 0x6E, VX, E32), vex(P66, M0F, W0, 0x7E, E32, VX), evexUnmasked(P66, M0F, W0, 0x6E, VX, E32),
        evexUnmasked(P66, M0F, W0, 0x7E, E32, VX)),
    /** Copies 64 bits between a vector and a vector, a general register or memory. */
    VMOVQ(vex(PF3, M0F, W0, 0x7E, VX, WX8), vex(P66, M0F, W0, 0xD6, WX8, VX), vex(P66, M0F, W1, 0x6E, VX, R64),
        vex(P66, M0F, W1, 0x7E, R64, VX), evexUnmasked(P66, M0F, W1, 0x6E, VX, E64),
        evexUnmasked(P66, M0F, W1, 0x7E, E64, VX), evexUnmasked(PF3, M0F, W1, 0x7E, VX, WX8)),
    /** Repeats a byte in every lane. */
    VPBROADCASTB(vex(P66, M0F38, W0, 0x78, V, WX1), evex(P66, M0F38, W0, 0x78, V, WX1),
        evex(P66, M0F38, W0, 0x7A, V, R32)),
    /** Repeats 16 bits in every lane. */
    VPBROADCASTW(vex(P66, M0F38, W0, 0x79, V, WX2), evex(P66, M0F38, W0, 0x79, V, WX2),
        evex(P66, M0F38, W0, 0x7B, V, R32)),
    /** Repeats 32 bits in every lane. */
    VPBROADCASTD(vex(P66, M0F38, W0, 0x58, V, WX4), evex(P66, M0F38, W0, 0x58, V, WX4),
        evex(P66, M0F38, W0, 0x7C, V, R32)),
    /** Repeats 64 bits in every lane. */
    VPBROADCASTQ(vex(P66, M0F38, W0, 0x59, V, WX8), evex(P66, M0F38, W1, 0x59, V, WX8),
        evex(P66, M0F38, W1, 0x7C, V, R64)),
    /** Repeats a binary32 in every lane. */
    VBROADCASTSS(both(P66, M0F38, W0, 0x18, V, WX4)),
    /** Repeats 128 bits of memory (AVX2). */
    VBROADCASTI128(vex(P66, M0F38, W0, 0x5A, VY, M16)),
    /** Repeats 128 bits of memory (AVX-512). */
    VBROADCASTI32X4(evex(P66, M0F38, W0, 0x5A, VW, M16)),
    /** Repeats 256 bits of memory (AVX-512). */
    VBROADCASTI32X8(evex(P66, M0F38, W0, 0x5B, VZ, M32)),
    /** Repeats 256 bits of memory (AVX-512), masked by 64-bit lanes. */
    VBROADCASTI64X4(evex(P66, M0F38, W1, 0x5B, VZ, M32)),
    /** Widens 8 to 16 bits, zeros above. */
    VPMOVZXBW(both(P66, M0F38, W0, 0x30, V, W2)),
    /** Widens 8 to 32 bits, zeros above. */
    VPMOVZXBD(both(P66, M0F38, W0, 0x31, V, W4)),
    /** Widens 8 to 64 bits, zeros above. */
    VPMOVZXBQ(both(P66, M0F38, W0, 0x32, V, W8)),
    /** Widens 16 to 32 bits, zeros above. */
    VPMOVZXWD(both(P66, M0F38, W0, 0x33, V, W2)),
    /** Widens 16 to 64 bits, zeros above. */
    VPMOVZXWQ(both(P66, M0F38, W0, 0x34, V, W4)),
    /** Widens 32 to 64 bits, zeros above. */
    VPMOVZXDQ(both(P66, M0F38, W0, 0x35, V, W2)),
    /** Widens 8 to 16 bits, the sign above. */
    VPMOVSXBW(both(P66, M0F38, W0, 0x20, V, W2)),
    /** Widens 8 to 32 bits, the sign above. */
    VPMOVSXBD(both(P66, M0F38, W0, 0x21, V, W4)),
    /** Widens 8 to 64 bits, the sign above. */
    VPMOVSXBQ(both(P66, M0F38, W0, 0x22, V, W8)),
    /** Widens 16 to 32 bits, the sign above. */
    VPMOVSXWD(both(P66, M0F38, W0, 0x23, V, W2)),
    /** Widens 16 to 64 bits, the sign above. */
    VPMOVSXWQ(both(P66, M0F38, W0, 0x24, V, W4)),
    /** Widens 32 to 64 bits, the sign above. */
    VPMOVSXDQ(both(P66, M0F38, W0, 0x25, V, W2)),
    /** Narrows 16 to 8 bits, dropping the high bits (AVX-512). */
    VPMOVWB(evex(PF3, M0F38, W0, 0x30, W2, V)),
    /** Narrows 32 to 8 bits, dropping the high bits (AVX-512). */
    VPMOVDB(evex(PF3, M0F38, W0, 0x31, W4, V)),
    /** Narrows 32 to 16 bits, dropping the high bits (AVX-512). */
    VPMOVDW(evex(PF3, M0F38, W0, 0x33, W2, V)),
    /** Narrows 16 to 8 bits, saturating as signed (AVX-512). */
    VPMOVSWB(evex(PF3, M0F38, W0, 0x20, W2, V)),
    /** Narrows 32 to 8 bits, saturating as signed (AVX-512). */
    VPMOVSDB(evex(PF3, M0F38, W0, 0x21, W4, V)),
    /** Narrows 32 to 16 bits, saturating as signed (AVX-512). */
    VPMOVSDW(evex(PF3, M0F38, W0, 0x23, W2, V)),
    /** Narrows 16 to 8 bits, saturating as unsigned (AVX-512). */
    VPMOVUSWB(evex(PF3, M0F38, W0, 0x10, W2, V)),
    /** Narrows 32 to 8 bits, saturating as unsigned (AVX-512). */
    VPMOVUSDB(evex(PF3, M0F38, W0, 0x11, W4, V)),
    /** Narrows 32 to 16 bits, saturating as unsigned (AVX-512). */
    VPMOVUSDW(evex(PF3, M0F38, W0, 0x13, W2, V)),
    /** Loads or stores 32-bit lanes where a vector's lanes are negative (AVX2). */
    VPMASKMOVD(vex(P66, M0F38, W0, 0x8C, V, H, MV), vex(P66, M0F38, W0, 0x8E, MV, H, V)),
    /** Gathers the top bits of bytes in a general register (AVX2). */
    VPMOVMSKB(vex(P66, M0F, W0, 0xD7, G32, WR)),
    /** Clears the upper parts of vector registers 0 to 15; at the end of every kernel that used them. */
    VZEROUPPER(vex(NP, M0F, W0, 0x77));

    // unmodifiable, though not declared so to the checker
    @SuppressWarnings("ImmutableEnumChecker")
    private final Forms forms;

    MoveOp(Form... forms) {
        this.forms = Forms.of(forms);
    }

    MoveOp(List<Form> forms) {
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
