// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

import static io.jquant.codegen.x86.Arg.H;
import static io.jquant.codegen.x86.Arg.K;
import static io.jquant.codegen.x86.Arg.U8;
import static io.jquant.codegen.x86.Arg.V;
import static io.jquant.codegen.x86.Arg.W;
import static io.jquant.codegen.x86.Arg.WB4;
import static io.jquant.codegen.x86.Arg.WB8;
import static io.jquant.codegen.x86.Arg.WR;
import static io.jquant.codegen.x86.Form.OpcodeMap.M0F;
import static io.jquant.codegen.x86.Form.OpcodeMap.M0F38;
import static io.jquant.codegen.x86.Form.OpcodeMap.M0F3A;
import static io.jquant.codegen.x86.Form.Prefix.NP;
import static io.jquant.codegen.x86.Form.Prefix.P66;
import static io.jquant.codegen.x86.Form.Prefix.PF2;
import static io.jquant.codegen.x86.Form.Prefix.PF3;
import static io.jquant.codegen.x86.Form.W.W0;
import static io.jquant.codegen.x86.Form.W.W1;
import static io.jquant.codegen.x86.Form.W.WV;
import static io.jquant.codegen.x86.Form.both;
import static io.jquant.codegen.x86.Form.evex;
import static io.jquant.codegen.x86.Form.evexUnmasked;
import static io.jquant.codegen.x86.Form.vex;

import java.util.List;

/** Vector instructions on integers. */
public enum IntegerOp implements Instruction {
    /** Adds 8-bit lanes. */
    VPADDB(both(P66, M0F, W0, 0xFC, V, H, W)),
    /** Adds 16-bit lanes. */
    VPADDW(both(P66, M0F, W0, 0xFD, V, H, W)),
    /** Adds 32-bit lanes. */
    VPADDD(both(P66, M0F, W0, 0xFE, V, H, WB4)),
    /** Adds 64-bit lanes. */
    VPADDQ(both(P66, M0F, WV, 0xD4, V, H, WB8)),
    /** Adds int8, saturating. */
    VPADDSB(both(P66, M0F, W0, 0xEC, V, H, W)),
    /** Adds int16, saturating. */
    VPADDSW(both(P66, M0F, W0, 0xED, V, H, W)),
    /** Adds uint8, saturating. */
    VPADDUSB(both(P66, M0F, W0, 0xDC, V, H, W)),
    /** Adds uint16, saturating. */
    VPADDUSW(both(P66, M0F, W0, 0xDD, V, H, W)),
    /** Subtracts 8-bit lanes. */
    VPSUBB(both(P66, M0F, W0, 0xF8, V, H, W)),
    /** Subtracts 16-bit lanes. */
    VPSUBW(both(P66, M0F, W0, 0xF9, V, H, W)),
    /** Subtracts 32-bit lanes. */
    VPSUBD(both(P66, M0F, W0, 0xFA, V, H, WB4)),
    /** Subtracts 64-bit lanes. */
    VPSUBQ(both(P66, M0F, WV, 0xFB, V, H, WB8)),
    /** Subtracts int8, saturating. */
    VPSUBSB(both(P66, M0F, W0, 0xE8, V, H, W)),
    /** Subtracts int16, saturating. */
    VPSUBSW(both(P66, M0F, W0, 0xE9, V, H, W)),
    /** Subtracts uint8, saturating. */
    VPSUBUSB(both(P66, M0F, W0, 0xD8, V, H, W)),
    /** Subtracts uint16, saturating. */
    VPSUBUSW(both(P66, M0F, W0, 0xD9, V, H, W)),
    /** Gives int8 the signs of others, 0 where these are 0 (AVX2). */
    VPSIGNB(vex(P66, M0F38, W0, 0x08, V, H, W)),
    /** Adds neighbours of 32 bits in 128-bit blocks (AVX2). */
    VPHADDD(vex(P66, M0F38, W0, 0x02, V, H, W)),
    /** Sums absolute differences of eight bytes. */
    VPSADBW(vex(P66, M0F, W0, 0xF6, V, H, W), evexUnmasked(P66, M0F, W0, 0xF6, V, H, W)),
    /** Multiplies 16-bit lanes, keeping the low half. */
    VPMULLW(both(P66, M0F, W0, 0xD5, V, H, W)),
    /** Multiplies int16, keeping the high half. */
    VPMULHW(both(P66, M0F, W0, 0xE5, V, H, W)),
    /** Multiplies uint16, keeping the high half. */
    VPMULHUW(both(P66, M0F, W0, 0xE4, V, H, W)),
    /** Multiplies int16 as fractions of 15 bits, rounding. */
    VPMULHRSW(both(P66, M0F38, W0, 0x0B, V, H, W)),
    /** Multiplies 32-bit lanes, keeping the low half. */
    VPMULLD(both(P66, M0F38, W0, 0x40, V, H, WB4)),
    /** Multiplies the even int32 to int64. */
    VPMULDQ(both(P66, M0F38, WV, 0x28, V, H, WB8)),
    /** Multiplies the even uint32 to uint64. */
    VPMULUDQ(both(P66, M0F, WV, 0xF4, V, H, WB8)),
    /** Multiplies uint8 by int8 and adds pairs to int16, saturating. */
    VPMADDUBSW(both(P66, M0F38, W0, 0x04, V, H, W)),
    /** Multiplies int16 and adds pairs to int32. */
    VPMADDWD(both(P66, M0F, W0, 0xF5, V, H, W)),
    /** Adds four products of uint8 and int8 to int32 (AVX512_VNNI). */
    VPDPBUSD(evex(P66, M0F38, W0, 0x50, V, H, WB4)),
    /** Adds four products of uint8 and int8 to int32 (AVX_VNNI). */
    VPDPBUSD_VEX(vex(P66, M0F38, W0, 0x50, V, H, W)),
    /** Adds four products of uint8 and int8 to int32, saturating (AVX512_VNNI). */
    VPDPBUSDS(evex(P66, M0F38, W0, 0x51, V, H, WB4)),
    /** Adds four products of uint8 and int8 to int32, saturating (AVX_VNNI). */
    VPDPBUSDS_VEX(vex(P66, M0F38, W0, 0x51, V, H, W)),
    /** Adds two products of int16 to int32 (AVX512_VNNI). */
    VPDPWSSD(evex(P66, M0F38, W0, 0x52, V, H, WB4)),
    /** Adds two products of int16 to int32 (AVX_VNNI). */
    VPDPWSSD_VEX(vex(P66, M0F38, W0, 0x52, V, H, W)),
    /** Adds two products of int16 to int32, saturating (AVX512_VNNI). */
    VPDPWSSDS(evex(P66, M0F38, W0, 0x53, V, H, WB4)),
    /** Adds two products of int16 to int32, saturating (AVX_VNNI). */
    VPDPWSSDS_VEX(vex(P66, M0F38, W0, 0x53, V, H, W)),
    /** Adds four products of int8 and int8 to int32 (AVX_VNNI_INT8). */
    VPDPBSSD(vex(PF2, M0F38, W0, 0x50, V, H, W)),
    /** Adds four products of int8 and uint8 to int32 (AVX_VNNI_INT8). */
    VPDPBSUD(vex(PF3, M0F38, W0, 0x50, V, H, W)),
    /** Adds four products of uint8 and uint8 to int32 (AVX_VNNI_INT8). */
    VPDPBUUD(vex(NP, M0F38, W0, 0x50, V, H, W)),
    /** Bitwise and (AVX). */
    VPAND(vex(P66, M0F, W0, 0xDB, V, H, W)),
    /** Bitwise and (AVX-512), masked by 32-bit lanes. */
    VPANDD(evex(P66, M0F, W0, 0xDB, V, H, WB4)),
    /** Bitwise and, the first source inverted (AVX). */
    VPANDN(vex(P66, M0F, W0, 0xDF, V, H, W)),
    /** Bitwise and, the first source inverted (AVX-512), masked by 32-bit lanes. */
    VPANDND(evex(P66, M0F, W0, 0xDF, V, H, WB4)),
    /** Bitwise or (AVX). */
    VPOR(vex(P66, M0F, W0, 0xEB, V, H, W)),
    /** Bitwise or (AVX-512), masked by 32-bit lanes. */
    VPORD(evex(P66, M0F, W0, 0xEB, V, H, WB4)),
    /** Bitwise exclusive or (AVX). */
    VPXOR(vex(P66, M0F, W0, 0xEF, V, H, W)),
    /** Bitwise exclusive or (AVX-512), masked by 32-bit lanes. */
    VPXORD(evex(P66, M0F, W0, 0xEF, V, H, WB4)),
    /** Any function of three bits, by its table of eight (AVX-512). */
    VPTERNLOGD(evex(P66, M0F3A, W0, 0x25, V, H, WB4, U8)),
    /** The larger of two int8. */
    VPMAXSB(both(P66, M0F38, W0, 0x3C, V, H, W)),
    /** The larger of two int16. */
    VPMAXSW(both(P66, M0F, W0, 0xEE, V, H, W)),
    /** The larger of two int32. */
    VPMAXSD(both(P66, M0F38, W0, 0x3D, V, H, WB4)),
    /** The larger of two uint8. */
    VPMAXUB(both(P66, M0F, W0, 0xDE, V, H, W)),
    /** The larger of two uint16. */
    VPMAXUW(both(P66, M0F38, W0, 0x3E, V, H, W)),
    /** The larger of two uint32. */
    VPMAXUD(both(P66, M0F38, W0, 0x3F, V, H, WB4)),
    /** The smaller of two int8. */
    VPMINSB(both(P66, M0F38, W0, 0x38, V, H, W)),
    /** The smaller of two int16. */
    VPMINSW(both(P66, M0F, W0, 0xEA, V, H, W)),
    /** The smaller of two int32. */
    VPMINSD(both(P66, M0F38, W0, 0x39, V, H, WB4)),
    /** The smaller of two uint8. */
    VPMINUB(both(P66, M0F, W0, 0xDA, V, H, W)),
    /** The smaller of two uint16. */
    VPMINUW(both(P66, M0F38, W0, 0x3A, V, H, W)),
    /** The smaller of two uint32. */
    VPMINUD(both(P66, M0F38, W0, 0x3B, V, H, WB4)),
    /** The absolute value of int8. */
    VPABSB(both(P66, M0F38, W0, 0x1C, V, W)),
    /** The absolute value of int16. */
    VPABSW(both(P66, M0F38, W0, 0x1D, V, W)),
    /** The absolute value of int32. */
    VPABSD(both(P66, M0F38, W0, 0x1E, V, WB4)),
    /** Shifts 16-bit lanes left, by a constant. */
    VPSLLW(vex(P66, M0F, W0, 0x71, H, WR, U8).digit(6), evex(P66, M0F, W0, 0x71, H, W, U8).digit(6)),
    /** Shifts 16-bit lanes right, zeros above, by a constant. */
    VPSRLW(vex(P66, M0F, W0, 0x71, H, WR, U8).digit(2), evex(P66, M0F, W0, 0x71, H, W, U8).digit(2)),
    /** Shifts 16-bit lanes right, the sign above, by a constant. */
    VPSRAW(vex(P66, M0F, W0, 0x71, H, WR, U8).digit(4), evex(P66, M0F, W0, 0x71, H, W, U8).digit(4)),
    /** Shifts 32-bit lanes left, by a constant. */
    VPSLLD(vex(P66, M0F, W0, 0x72, H, WR, U8).digit(6), evex(P66, M0F, W0, 0x72, H, WB4, U8).digit(6)),
    /** Shifts 32-bit lanes right, zeros above, by a constant. */
    VPSRLD(vex(P66, M0F, W0, 0x72, H, WR, U8).digit(2), evex(P66, M0F, W0, 0x72, H, WB4, U8).digit(2)),
    /** Shifts 32-bit lanes right, the sign above, by a constant. */
    VPSRAD(vex(P66, M0F, W0, 0x72, H, WR, U8).digit(4), evex(P66, M0F, W0, 0x72, H, WB4, U8).digit(4)),
    /** Shifts 64-bit lanes left, by a constant. */
    VPSLLQ(vex(P66, M0F, W0, 0x73, H, WR, U8).digit(6), evex(P66, M0F, W1, 0x73, H, WB8, U8).digit(6)),
    /** Shifts 64-bit lanes right, zeros above, by a constant. */
    VPSRLQ(vex(P66, M0F, W0, 0x73, H, WR, U8).digit(2), evex(P66, M0F, W1, 0x73, H, WB8, U8).digit(2)),
    /** Shifts 128-bit blocks left, by bytes, by a constant. */
    VPSLLDQ(vex(P66, M0F, W0, 0x73, H, WR, U8).digit(7), evexUnmasked(P66, M0F, W0, 0x73, H, W, U8).digit(7)),
    /** Shifts 128-bit blocks right, by bytes, by a constant. */
    VPSRLDQ(vex(P66, M0F, W0, 0x73, H, WR, U8).digit(3), evexUnmasked(P66, M0F, W0, 0x73, H, W, U8).digit(3)),
    /** Shifts 32-bit lanes left, each by its own count. */
    VPSLLVD(both(P66, M0F38, W0, 0x47, V, H, WB4)),
    /** Shifts 32-bit lanes right, zeros above, each by its own count. */
    VPSRLVD(both(P66, M0F38, W0, 0x45, V, H, WB4)),
    /** Shifts 32-bit lanes right, the sign above, each by its own count. */
    VPSRAVD(both(P66, M0F38, W0, 0x46, V, H, WB4)),
    /** Picks eight unaligned bytes of 64-bit lanes (AVX512_VBMI). */
    VPMULTISHIFTQB(evex(P66, M0F38, W1, 0x83, V, H, WB8)),
    /** Whether 8-bit lanes are equal, as lanes (AVX2) or a mask (AVX-512). */
    VPCMPEQB(vex(P66, M0F, W0, 0x74, V, H, W), evex(P66, M0F, W0, 0x74, K, H, W)),
    /** Whether 16-bit lanes are equal, as lanes (AVX2) or a mask (AVX-512). */
    VPCMPEQW(vex(P66, M0F, W0, 0x75, V, H, W), evex(P66, M0F, W0, 0x75, K, H, W)),
    /** Whether 32-bit lanes are equal, as lanes (AVX2) or a mask (AVX-512). */
    VPCMPEQD(vex(P66, M0F, W0, 0x76, V, H, WB4), evex(P66, M0F, W0, 0x76, K, H, WB4)),
    /** Whether int8 are greater, as lanes (AVX2) or a mask (AVX-512). */
    VPCMPGTB(vex(P66, M0F, W0, 0x64, V, H, W), evex(P66, M0F, W0, 0x64, K, H, W)),
    /** Whether int16 are greater, as lanes (AVX2) or a mask (AVX-512). */
    VPCMPGTW(vex(P66, M0F, W0, 0x65, V, H, W), evex(P66, M0F, W0, 0x65, K, H, W)),
    /** Whether int32 are greater, as lanes (AVX2) or a mask (AVX-512). */
    VPCMPGTD(vex(P66, M0F, W0, 0x66, V, H, WB4), evex(P66, M0F, W0, 0x66, K, H, WB4)),
    /** Compares int8 to a mask: 0 eq, 1 lt, 2 le, 4 ne, 5 ge, 6 gt (AVX-512). */
    VPCMPB(evex(P66, M0F3A, W0, 0x3F, K, H, W, U8)),
    /** Compares uint8 to a mask: 0 eq, 1 lt, 2 le, 4 ne, 5 ge, 6 gt (AVX-512). */
    VPCMPUB(evex(P66, M0F3A, W0, 0x3E, K, H, W, U8)),
    /** Compares int32 to a mask: 0 eq, 1 lt, 2 le, 4 ne, 5 ge, 6 gt (AVX-512). */
    VPCMPD(evex(P66, M0F3A, W0, 0x1F, K, H, WB4, U8)),
    /** Compares uint32 to a mask: 0 eq, 1 lt, 2 le, 4 ne, 5 ge, 6 gt (AVX-512). */
    VPCMPUD(evex(P66, M0F3A, W0, 0x1E, K, H, WB4, U8));

    // unmodifiable, though not declared so to the checker
    @SuppressWarnings("ImmutableEnumChecker")
    private final Forms forms;

    IntegerOp(Form... forms) {
        this.forms = Forms.of(forms);
    }

    IntegerOp(List<Form> forms) {
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
