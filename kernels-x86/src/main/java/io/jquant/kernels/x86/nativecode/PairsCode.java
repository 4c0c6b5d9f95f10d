// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.GeneralOp.ADD;
import static io.jquant.codegen.x86.GeneralOp.BZHI;
import static io.jquant.codegen.x86.GeneralOp.CMP;
import static io.jquant.codegen.x86.GeneralOp.DEC;
import static io.jquant.codegen.x86.GeneralOp.INC;
import static io.jquant.codegen.x86.GeneralOp.JAE;
import static io.jquant.codegen.x86.GeneralOp.JB;
import static io.jquant.codegen.x86.GeneralOp.JMP;
import static io.jquant.codegen.x86.GeneralOp.JNZ;
import static io.jquant.codegen.x86.GeneralOp.LEA;
import static io.jquant.codegen.x86.GeneralOp.MOV;
import static io.jquant.codegen.x86.GeneralOp.MOVZX;
import static io.jquant.codegen.x86.GeneralOp.XOR;
import static io.jquant.codegen.x86.Imm.imm;
import static io.jquant.codegen.x86.IntegerOp.VPADDD;
import static io.jquant.codegen.x86.IntegerOp.VPADDSW;
import static io.jquant.codegen.x86.IntegerOp.VPDPWSSD;
import static io.jquant.codegen.x86.IntegerOp.VPDPWSSD_VEX;
import static io.jquant.codegen.x86.IntegerOp.VPMADDWD;
import static io.jquant.codegen.x86.IntegerOp.VPMAXSB;
import static io.jquant.codegen.x86.IntegerOp.VPMAXUB;
import static io.jquant.codegen.x86.IntegerOp.VPXOR;
import static io.jquant.codegen.x86.IntegerOp.VPXORD;
import static io.jquant.codegen.x86.Mask.k;
import static io.jquant.codegen.x86.MaskOp.KMOVD;
import static io.jquant.codegen.x86.Mem.at;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU32;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU8;
import static io.jquant.codegen.x86.MoveOp.VPMOVZXBW;
import static io.jquant.codegen.x86.ShuffleOp.VPACKSSDW;
import static io.jquant.codegen.x86.ShuffleOp.VPACKSSWB;
import static io.jquant.codegen.x86.ShuffleOp.VPACKUSWB;
import static io.jquant.codegen.x86.ShuffleOp.VPERM2I128;
import static io.jquant.codegen.x86.ShuffleOp.VPERMD;
import static io.jquant.codegen.x86.ShuffleOp.VPERMQ;
import static io.jquant.codegen.x86.ShuffleOp.VPUNPCKHWD;
import static io.jquant.codegen.x86.ShuffleOp.VPUNPCKLWD;
import static io.jquant.codegen.x86.ShuffleOp.VSHUFI32X4;

import io.jquant.codegen.x86.Gpr;
import io.jquant.codegen.x86.Instruction;
import io.jquant.codegen.x86.Label;
import io.jquant.codegen.x86.Mask;
import io.jquant.codegen.x86.Mem;
import io.jquant.codegen.x86.Vec;
import io.jquant.kernels.common.CodeStage;

/** Depthwise convolutions of any shape and any weights, widened to 16 bits: two taps to a product. */
final class PairsCode extends DepthwiseCode {
    private static final Gpr TAPS = Gpr.RDX;
    private static final Gpr PAIRS = Gpr.RSI;
    private static final Gpr OFFSET = Gpr.RAX;
    private static final Gpr PACKED = Gpr.RBX;
    /** Channels that are left, up to those computed at a time. */
    private static final Gpr WIDTH = Gpr.R15;
    private static final Gpr VALUE = Gpr.R9;
    private static final Mask STORED = k(1);
    /** Of four blocks of 64 bits the even ones first. */
    private static final int EVEN_FIRST = 0b11_01_10_00;
    private static final int[] EVEN_QWORDS = {0, 1, 4, 5, 8, 9, 12, 13};

    private final Dot dot;
    private final int channels;
    private final int bytes;
    private final Label order;

    /** How products of 16-bit lanes are summed. */
    enum Dot {
        /** {@code vpmaddwd}, 256 bits. */
        AVX2(256),
        /** {@code vpdpwssd} of AVX-VNNI, 256 bits. */
        AVX_VNNI(256),
        /** {@code vpdpwssd} of AVX-512 VNNI. */
        AVX512_VNNI(512);

        final int bits;

        Dot(int bits) {
            this.bits = bits;
        }

        int channels() {
            return bits / 16;
        }
    }

    PairsCode(CodeStage stage, Dot dot) {
        super(stage, dot.bits, dot.channels());
        this.dot = dot;
        channels = dot.channels();
        bytes = bits / Byte.SIZE;
        order = a.label();
    }

    private boolean isWide() {
        return bits == 512;
    }

    private Instruction move() {
        return isWide() ? VMOVDQU32 : VMOVDQU;
    }

    @Override
    void prepareChannels() {
        Label full = a.label();
        a.emit(MOV, WIDTH, argument(DepthwiseArguments.CHANNELS));
        a.emit(CMP, WIDTH, imm(channels));
        a.emit(JB, full.near());
        a.emit(MOV, WIDTH, imm(channels));
        a.bind(full);
        if (isWide()) {
            a.emit(MOV, Gpr.RAX, imm(-1));
            a.emit(BZHI, Gpr.RAX, Gpr.RAX, WIDTH);
            a.emit(KMOVD, STORED, Gpr.EAX);
        }
    }

    @Override
    void orderTerms(Gpr from, int to) {
        a.emit(move(), v(0), at(from));
        a.emit(move(), v(1), at(from, bytes));
        if (isWide()) {
            a.emit(VSHUFI32X4, v(2), v(0), v(1), imm(0b10_00_10_00));
            a.emit(VSHUFI32X4, v(3), v(0), v(1), imm(0b11_01_11_01));
        } else {
            halves();
        }
        a.emit(move(), vector(to), v(2));
        a.emit(move(), vector(to + bytes), v(3));
    }

    private void halves() {
        a.emit(VPERM2I128, v(2), v(0), v(1), imm(0x20));
        a.emit(VPERM2I128, v(3), v(0), v(1), imm(0x31));
    }

    @Override
    void row() {
        Label pixel = a.here();
        for (int half = 0; half < 2; half++) {
            if (!isRaw()) {
                a.emit(move(), v(half), vector(DepthwiseArguments.INITIALS + half * bytes));
            } else {
                a.emit(isWide() ? VPXORD : VPXOR, v(half), v(half), v(half));
            }
        }
        a.emit(LEA, TAPS, at(ARGUMENTS, DepthwiseArguments.TAPS));
        a.emit(MOV, PACKED, argument(DepthwiseArguments.WEIGHTS));
        a.emit(MOV, PAIRS, argument(DepthwiseArguments.PAIRS));
        Label pair = a.here();
        for (int tap = 0; tap < 2; tap++) {
            a.emit(MOV, OFFSET, at(TAPS, tap * Long.BYTES));
            a.emit(VPMOVZXBW, v(2 + tap), at(IN, OFFSET, 1, 0));
        }
        a.emit(VPUNPCKLWD, v(4), v(2), v(3));
        a.emit(VPUNPCKHWD, v(5), v(2), v(3));
        product(0);
        product(1);
        a.emit(ADD, TAPS, imm(2 * Long.BYTES));
        a.emit(ADD, PACKED, imm(2L * bytes));
        a.emit(DEC, PAIRS);
        a.emit(JNZ, pair);
        finish();
        a.emit(ADD, OUT, OUT_STRIDE);
        a.emit(ADD, IN, argument(DepthwiseArguments.PIXEL_STEP));
        a.emit(DEC, COUNT);
        a.emit(JNZ, pixel);
    }

    private void product(int half) {
        Vec values = v(4 + half);
        Mem weights = at(PACKED, half * bytes);
        switch (dot) {
            case AVX2 -> {
                a.emit(VPMADDWD, values, values, weights);
                a.emit(VPADDD, v(half), v(half), values);
            }
            case AVX_VNNI -> a.emit(VPDPWSSD_VEX, v(half), values, weights);
            case AVX512_VNNI -> a.emit(VPDPWSSD, v(half), values, weights);
        }
    }

    private void finish() {
        if (isRaw()) {
            storeSums();
            return;
        }
        scale(v(0), 0);
        scale(v(1), 1);
        boolean signed = stage.output() == CodeStage.Output.S8;
        a.emit(VPACKSSDW, v(0), v(0), v(1));
        a.emit(VPADDSW, v(0), v(0), vector(DepthwiseArguments.ZERO_POINT_WORDS));
        a.emit(signed ? VPACKSSWB : VPACKUSWB, v(0), v(0), v(0));
        a.emit(signed ? VPMAXSB : VPMAXUB, v(0), v(0), vector(DepthwiseArguments.SMALLEST_BYTES));
        if (isWide()) {
            a.emit(VMOVDQU32, v(2), at(order));
            a.emit(VPERMD, v(0), v(2), v(0));
            a.emit(VMOVDQU8, at(OUT).merge(STORED), v(0).as(256));
        } else {
            a.emit(VPERMQ, v(0), v(0), imm(EVEN_FIRST));
            storeBytes(v(0).as(128));
        }
    }

    /** Appends the storing of sums in the order of the channels. */
    private void storeSums() {
        if (isWide()) {
            for (int half = 0; half < 2; half++) {
                a.emit(VSHUFI32X4, v(2 + half), v(0), v(1), imm(half == 0 ? 0b01_00_01_00 : 0b11_10_11_10));
                a.emit(VSHUFI32X4, v(2 + half), v(2 + half), v(2 + half), imm(EVEN_FIRST));
            }
        } else {
            halves();
        }
        a.emit(move(), at(OUT), v(2));
        a.emit(move(), at(OUT, bytes), v(3));
    }

    /** Appends the storing of 16 bytes, or of what there are channels for. */
    private void storeBytes(Vec from) {
        Label whole = a.label();
        Label done = a.label();
        a.emit(CMP, WIDTH, imm(channels));
        a.emit(JAE, whole.near());
        a.emit(VMOVDQU, vector(DepthwiseArguments.PARTIAL), from);
        a.emit(XOR, OFFSET, OFFSET);
        Label next = a.here();
        a.emit(MOVZX, VALUE.as(32), at(ARGUMENTS, OFFSET, 1, DepthwiseArguments.PARTIAL).bytes(1));
        a.emit(MOV, at(OUT, OFFSET, 1, 0), VALUE.as(8));
        a.emit(INC, OFFSET);
        a.emit(CMP, OFFSET, WIDTH);
        a.emit(JB, next);
        a.emit(JMP, done.near());
        a.bind(whole);
        a.emit(VMOVDQU, at(OUT), from);
        a.bind(done);
    }

    @Override
    void constants() {
        a.align(64);
        a.bind(order);
        for (int index : EVEN_QWORDS) {
            a.dataInt(index);
        }
        for (int i = EVEN_QWORDS.length; i < 16; i++) {
            a.dataInt(0);
        }
    }
}
