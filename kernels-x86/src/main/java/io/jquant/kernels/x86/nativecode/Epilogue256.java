// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.FloatOp.VADDPS;
import static io.jquant.codegen.x86.FloatOp.VCVTDQ2PS;
import static io.jquant.codegen.x86.FloatOp.VCVTPS2DQ;
import static io.jquant.codegen.x86.FloatOp.VMAXPS;
import static io.jquant.codegen.x86.FloatOp.VMINPS;
import static io.jquant.codegen.x86.FloatOp.VMULPS;
import static io.jquant.codegen.x86.GeneralOp.ADD;
import static io.jquant.codegen.x86.GeneralOp.CMP;
import static io.jquant.codegen.x86.GeneralOp.INC;
import static io.jquant.codegen.x86.GeneralOp.JAE;
import static io.jquant.codegen.x86.GeneralOp.JB;
import static io.jquant.codegen.x86.GeneralOp.JMP;
import static io.jquant.codegen.x86.GeneralOp.LEA;
import static io.jquant.codegen.x86.GeneralOp.MOV;
import static io.jquant.codegen.x86.GeneralOp.MOVZX;
import static io.jquant.codegen.x86.GeneralOp.XOR;
import static io.jquant.codegen.x86.Imm.imm;
import static io.jquant.codegen.x86.IntegerOp.VPADDSW;
import static io.jquant.codegen.x86.IntegerOp.VPCMPGTD;
import static io.jquant.codegen.x86.IntegerOp.VPMAXSB;
import static io.jquant.codegen.x86.IntegerOp.VPMAXUB;
import static io.jquant.codegen.x86.IntegerOp.VPMULLD;
import static io.jquant.codegen.x86.IntegerOp.VPSUBD;
import static io.jquant.codegen.x86.Mem.at;
import static io.jquant.codegen.x86.MoveOp.VBROADCASTSS;
import static io.jquant.codegen.x86.MoveOp.VMOVD;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU;
import static io.jquant.codegen.x86.MoveOp.VMOVUPS;
import static io.jquant.codegen.x86.MoveOp.VPBROADCASTB;
import static io.jquant.codegen.x86.MoveOp.VPBROADCASTD;
import static io.jquant.codegen.x86.MoveOp.VPBROADCASTW;
import static io.jquant.codegen.x86.MoveOp.VPMASKMOVD;
import static io.jquant.codegen.x86.MoveOp.VPMOVSXBD;
import static io.jquant.codegen.x86.MoveOp.VPMOVZXBD;
import static io.jquant.codegen.x86.ShuffleOp.VEXTRACTI128;
import static io.jquant.codegen.x86.ShuffleOp.VPACKSSDW;
import static io.jquant.codegen.x86.ShuffleOp.VPACKSSWB;
import static io.jquant.codegen.x86.ShuffleOp.VPACKUSWB;
import static io.jquant.codegen.x86.ShuffleOp.VPERMQ;
import static io.jquant.codegen.x86.Vec.xmm;
import static io.jquant.codegen.x86.Vec.ymm;

import io.jquant.codegen.x86.Gpr;
import io.jquant.codegen.x86.Instruction;
import io.jquant.codegen.x86.Label;
import io.jquant.codegen.x86.Mem;
import io.jquant.codegen.x86.Vec;
import io.jquant.codegen.x86.X86Assembler;
import io.jquant.kernels.common.CodeStage;

/** The output stage on 256 bits, of rows of 16 sums in two registers each: ymm(2 * row), ymm(2 * row + 1). */
final class Epilogue256 {
    private static final Gpr INDEX = Gpr.RAX;
    private static final Gpr MULTIPLIER = Gpr.RBX;
    private static final Gpr BIAS = Gpr.RCX;
    private static final Gpr ZERO_POINTS = Gpr.RDX;
    private static final Gpr VALUE = Gpr.RSI;
    private static final Gpr ADDED = Gpr.R9;
    private static final Gpr WIDTH = Gpr.R15;
    private static final int SCRATCH = 12;
    /** Masks of the first and the second 8 columns. */
    private static final int MASKS = 14;
    // of four blocks of words: the even ones first
    private static final int EVEN_FIRST = 0b11_01_10_00;

    private final X86Assembler a;
    private final CodeStage stage;
    private final Label columnNumbers;

    Epilogue256(X86Assembler a, CodeStage stage) {
        this.a = a;
        this.stage = stage;
        columnNumbers = a.label();
    }

    /** Appends constants; to be placed where no execution comes along. */
    void constants() {
        a.align(32);
        a.bind(columnNumbers);
        for (int i = 0; i < Avx2Code.COLUMNS; i++) {
            a.dataInt(i);
        }
    }

    /** Appends the making of vectors of the output stage's numbers. */
    void prepare() {
        vector(VBROADCASTSS, KernelArguments.LOW, KernelArguments.LOW_VECTOR);
        vector(VBROADCASTSS, KernelArguments.HIGH, KernelArguments.HIGH_VECTOR);
        vector(VPBROADCASTD, KernelArguments.ADDEND_ZERO_POINT, KernelArguments.ADDEND_ZERO_POINT_VECTOR);
        vector(VBROADCASTSS, KernelArguments.ADDEND_RATIO, KernelArguments.ADDEND_RATIO_VECTOR);
        vector(VPBROADCASTW, KernelArguments.ZERO_POINT, KernelArguments.ZERO_POINT_WORDS);
        vector(VPBROADCASTB, KernelArguments.SMALLEST, KernelArguments.SMALLEST_BYTES);
    }

    private void vector(Instruction broadcast, int from, int to) {
        a.emit(broadcast, ymm(0), at(GemmCode.ARGUMENTS, from));
        a.emit(VMOVDQU, at(GemmCode.ARGUMENTS, to), ymm(0));
    }

    /** Appends the number of columns that the panel has. */
    void preparePanel() {
        a.emit(MOV, WIDTH, GemmCode.argument(KernelArguments.COLUMNS));
    }

    /** Appends the output of rows; moves the pointers to output and addend behind them. */
    void rows(int rows) {
        if (stage.weightZeroPoints()) {
            a.emit(MOV, ZERO_POINTS, GemmCode.argument(KernelArguments.WEIGHT_ZERO_POINT));
        }
        a.emit(MOV, MULTIPLIER, GemmCode.argument(KernelArguments.MULTIPLIER));
        a.emit(MOV, BIAS, GemmCode.argument(KernelArguments.BIAS));
        for (int row = 0; row < rows; row++) {
            Mem added = at(GemmCode.ADDEND);
            if (stage.addend() != CodeStage.Addend.NONE) {
                a.emit(MOV, ADDED, GemmCode.ADDEND);
                partialAddend();
                added = at(ADDED);
            }
            for (int half = 0; half < 2; half++) {
                sums(row, half, added.plus(8 * half));
            }
            if (stage.output().isQuantized()) {
                narrow(row);
            } else {
                storeWide(row);
            }
            a.emit(ADD, GemmCode.OUTPUT, GemmCode.OUTPUT_STRIDE);
            if (stage.addend() != CodeStage.Addend.NONE) {
                a.emit(MOV, VALUE, GemmCode.argument(KernelArguments.ADDEND_STRIDE));
                a.emit(ADD, GemmCode.ADDEND, VALUE);
            }
        }
    }

    /** Appends the copying of an addend's row that is cut off, to where it can be read to its full width. */
    private void partialAddend() {
        Label whole = a.label();
        a.emit(CMP, WIDTH, imm(Avx2Code.COLUMNS));
        a.emit(JAE, whole.near());
        copyBytes(ADDED, 0, GemmCode.ARGUMENTS, KernelArguments.PARTIAL);
        a.emit(LEA, ADDED, at(GemmCode.ARGUMENTS, KernelArguments.PARTIAL));
        a.bind(whole);
    }

    private void copyBytes(Gpr from, int fromOffset, Gpr to, int toOffset) {
        a.emit(XOR, INDEX, INDEX);
        Label next = a.here();
        a.emit(MOVZX, VALUE.as(32), at(from, INDEX, 1, fromOffset).bytes(1));
        a.emit(MOV, at(to, INDEX, 1, toOffset), VALUE.as(8));
        a.emit(INC, INDEX);
        a.emit(CMP, INDEX, WIDTH);
        a.emit(JB, next);
    }

    private static Mem vector(int argument) {
        return at(GemmCode.ARGUMENTS, argument);
    }

    private void sums(int row, int half, Mem added) {
        Vec sum = ymm(2 * row + half);
        Vec scratch = ymm(SCRATCH);
        if (stage.weightZeroPoints()) {
            int own = stage.rowBytes() * row + (stage.rowScales() ? Float.BYTES : 0);
            a.emit(VPBROADCASTD, scratch, at(GemmCode.ROW_SUMS, own));
            a.emit(VPMULLD, scratch, scratch, at(ZERO_POINTS, 32 * half));
            a.emit(VPSUBD, sum, sum, scratch);
        }
        if (!stage.output().isScaled()) {
            return;
        }
        a.emit(VCVTDQ2PS, sum, sum);
        if (stage.output() == CodeStage.Output.F32) {
            if (stage.rowScales()) {
                a.emit(VBROADCASTSS, scratch, at(GemmCode.ROW_SUMS, stage.rowBytes() * row));
                a.emit(VMULPS, scratch, scratch, at(MULTIPLIER, 32 * half));
                a.emit(VMULPS, sum, sum, scratch);
            } else {
                a.emit(VMULPS, sum, sum, at(MULTIPLIER, 32 * half));
            }
            addBias(sum, half);
            // of two zeros the second source is taken: see OutputStage
            a.emit(VMOVUPS, scratch, vector(KernelArguments.LOW_VECTOR));
            a.emit(VMAXPS, sum, scratch, sum);
            a.emit(VMINPS, sum, sum, vector(KernelArguments.HIGH_VECTOR));
            return;
        }
        addBias(sum, half);
        a.emit(VMULPS, sum, sum, at(MULTIPLIER, 32 * half));
        if (stage.addend() != CodeStage.Addend.NONE) {
            a.emit(stage.addend() == CodeStage.Addend.S8 ? VPMOVSXBD : VPMOVZXBD, scratch, added);
            a.emit(VPSUBD, scratch, scratch, vector(KernelArguments.ADDEND_ZERO_POINT_VECTOR));
            a.emit(VCVTDQ2PS, scratch, scratch);
            a.emit(VMULPS, scratch, scratch, vector(KernelArguments.ADDEND_RATIO_VECTOR));
            a.emit(VADDPS, sum, sum, scratch);
        }
        // from below, narrowing saturates
        a.emit(VMINPS, sum, sum, vector(KernelArguments.HIGH_VECTOR));
        a.emit(VCVTPS2DQ, sum, sum);
    }

    private void addBias(Vec sum, int half) {
        if (stage.realBias()) {
            a.emit(VADDPS, sum, sum, at(BIAS, 32 * half));
        }
    }

    private void narrow(int row) {
        Vec words = ymm(2 * row);
        boolean signed = stage.output() == CodeStage.Output.S8;
        a.emit(VPACKSSDW, words, words, ymm(2 * row + 1));
        a.emit(VPADDSW, words, words, vector(KernelArguments.ZERO_POINT_WORDS));
        a.emit(VPERMQ, words, words, imm(EVEN_FIRST));
        a.emit(VEXTRACTI128, xmm(SCRATCH), words, imm(1));
        Vec bytes = xmm(2 * row);
        a.emit(signed ? VPACKSSWB : VPACKUSWB, bytes, bytes, xmm(SCRATCH));
        a.emit(signed ? VPMAXSB : VPMAXUB, bytes, bytes, vector(KernelArguments.SMALLEST_BYTES));
        Label partial = a.label();
        Label done = a.label();
        a.emit(CMP, WIDTH, imm(Avx2Code.COLUMNS));
        a.emit(JB, partial.near());
        a.emit(VMOVDQU, at(GemmCode.OUTPUT), bytes);
        a.emit(JMP, done.near());
        a.bind(partial);
        a.emit(VMOVDQU, at(GemmCode.ARGUMENTS, KernelArguments.PARTIAL), bytes);
        copyBytes(GemmCode.ARGUMENTS, KernelArguments.PARTIAL, GemmCode.OUTPUT, 0);
        a.bind(done);
    }

    private void storeWide(int row) {
        if (row == 0) {
            a.emit(VMOVD, xmm(SCRATCH), WIDTH.as(32));
            a.emit(VPBROADCASTD, ymm(SCRATCH), xmm(SCRATCH));
            for (int half = 0; half < 2; half++) {
                a.emit(VPCMPGTD, ymm(MASKS + half), ymm(SCRATCH), at(columnNumbers).plus(32 * half));
            }
        }
        for (int half = 0; half < 2; half++) {
            a.emit(VPMASKMOVD, at(GemmCode.OUTPUT, 32 * half), ymm(MASKS + half), ymm(2 * row + half));
        }
    }
}
