// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.FloatOp.VADDPS;
import static io.jquant.codegen.x86.FloatOp.VCVTDQ2PS;
import static io.jquant.codegen.x86.FloatOp.VCVTPS2DQ;
import static io.jquant.codegen.x86.FloatOp.VMAXPS;
import static io.jquant.codegen.x86.FloatOp.VMINPS;
import static io.jquant.codegen.x86.FloatOp.VMULPS;
import static io.jquant.codegen.x86.GeneralOp.ADD;
import static io.jquant.codegen.x86.GeneralOp.BZHI;
import static io.jquant.codegen.x86.GeneralOp.CMP;
import static io.jquant.codegen.x86.GeneralOp.JAE;
import static io.jquant.codegen.x86.GeneralOp.LEA;
import static io.jquant.codegen.x86.GeneralOp.MOV;
import static io.jquant.codegen.x86.Imm.imm;
import static io.jquant.codegen.x86.IntegerOp.VPADDSW;
import static io.jquant.codegen.x86.IntegerOp.VPMAXSB;
import static io.jquant.codegen.x86.IntegerOp.VPMAXUB;
import static io.jquant.codegen.x86.IntegerOp.VPMULLD;
import static io.jquant.codegen.x86.IntegerOp.VPSUBD;
import static io.jquant.codegen.x86.Mask.k;
import static io.jquant.codegen.x86.MaskOp.KMOVD;
import static io.jquant.codegen.x86.MaskOp.KSHIFTRD;
import static io.jquant.codegen.x86.Mem.at;
import static io.jquant.codegen.x86.MoveOp.VBROADCASTSS;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU32;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU8;
import static io.jquant.codegen.x86.MoveOp.VPBROADCASTB;
import static io.jquant.codegen.x86.MoveOp.VPBROADCASTW;
import static io.jquant.codegen.x86.MoveOp.VPMOVSXBD;
import static io.jquant.codegen.x86.MoveOp.VPMOVZXBD;
import static io.jquant.codegen.x86.ShuffleOp.VEXTRACTI32X8;
import static io.jquant.codegen.x86.ShuffleOp.VPACKSSDW;
import static io.jquant.codegen.x86.ShuffleOp.VPACKSSWB;
import static io.jquant.codegen.x86.ShuffleOp.VPACKUSWB;
import static io.jquant.codegen.x86.ShuffleOp.VPERMD;
import static io.jquant.codegen.x86.Vec.zmm;

import io.jquant.codegen.x86.Gpr;
import io.jquant.codegen.x86.Label;
import io.jquant.codegen.x86.Mask;
import io.jquant.codegen.x86.Mem;
import io.jquant.codegen.x86.Operand;
import io.jquant.codegen.x86.Vec;
import io.jquant.codegen.x86.X86Assembler;
import io.jquant.kernels.common.CodeStage;

/** The output stage on 512 bits, of rows of 32 sums in two registers each: zmm(2 * row), zmm(2 * row + 1). */
final class Epilogue512 {
    /** The bytes of the last group along the depth. */
    static final Mask DEPTH = k(1);
    /** The first 16 columns, the second 16, and all 32. */
    static final Mask FIRST = k(2);
    static final Mask SECOND = k(3);
    static final Mask BOTH = k(4);

    // of four rows' dwords in each of four blocks: first the even row's first and second 16 columns
    private static final int[] ROW_ORDER = {0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15};

    private final X86Assembler a;
    private final CodeStage stage;
    private final Terms512 terms;
    private final Label order;

    Epilogue512(X86Assembler a, CodeStage stage, Terms512 terms) {
        this.a = a;
        this.stage = stage;
        this.terms = terms;
        order = a.label();
    }

    /** Appends constants; to be placed where no execution comes along. */
    void constants() {
        a.align(64);
        a.bind(order);
        for (int index : ROW_ORDER) {
            a.dataInt(index);
        }
    }

    /** Appends the making of vectors that the arguments have no room for. */
    void prepare() {
        if (!stage.output().isQuantized()) {
            return;
        }
        a.emit(MOV, Gpr.EAX, at(GemmCode.ARGUMENTS, KernelArguments.ZERO_POINT));
        a.emit(VPBROADCASTW, zmm(0), Gpr.EAX);
        a.emit(VMOVDQU32, at(GemmCode.ARGUMENTS, KernelArguments.ZERO_POINT_WORDS), zmm(0));
        a.emit(MOV, Gpr.EAX, at(GemmCode.ARGUMENTS, KernelArguments.SMALLEST));
        a.emit(VPBROADCASTB, zmm(0), Gpr.EAX);
        a.emit(VMOVDQU32, at(GemmCode.ARGUMENTS, KernelArguments.SMALLEST_BYTES), zmm(0));
    }

    /** Appends the mask of the last group along the depth. */
    void depthMask() {
        a.emit(MOV, Gpr.RAX, imm(-1));
        a.emit(MOV, Gpr.RCX, GemmCode.argument(KernelArguments.TAIL_BYTES));
        a.emit(BZHI, Gpr.EAX, Gpr.EAX, Gpr.ECX);
        a.emit(KMOVD, DEPTH, Gpr.EAX);
    }

    /** Appends the masks of the columns that the panel has. */
    void columnMasks() {
        a.emit(MOV, Gpr.RAX, imm(-1));
        a.emit(MOV, Gpr.RCX, GemmCode.argument(KernelArguments.COLUMNS));
        Label full = a.label();
        a.emit(CMP, Gpr.RCX, imm(32));
        a.emit(JAE, full.near());
        a.emit(BZHI, Gpr.EAX, Gpr.EAX, Gpr.ECX);
        a.bind(full);
        a.emit(KMOVD, BOTH, Gpr.EAX);
        a.emit(KMOVD, FIRST, Gpr.EAX);
        a.emit(KSHIFTRD, SECOND, BOTH, imm(16));
    }

    /** Appends the loading of what all tiles need; after {@link #prepare}. */
    void load() {
        terms.load(a, stage, order);
    }

    /** Appends the loading of what the tiles of a panel need. */
    void loadPanel() {
        terms.loadPanel(a, stage);
    }

    /**
     * Appends the output of rows; moves the pointers to output and addend behind them.
     *
     * @param rows how many
     * @param source where the sums lie, 128 bytes a row; null if they are in registers
     */
    void rows(int rows, Gpr source) {
        for (int row = 0; row < rows; row++) {
            for (int half = 0; half < 2; half++) {
                sums(row, half, source == null ? null : at(source, 128 * row + 64 * half));
            }
            if (stage.output().isQuantized()) {
                narrow(row, rows);
            } else {
                Mem to = at(GemmCode.OUTPUT);
                a.emit(VMOVDQU32, to.merge(FIRST), zmm(2 * row));
                a.emit(VMOVDQU32, to.plus(64).merge(SECOND), zmm(2 * row + 1));
                a.emit(ADD, GemmCode.OUTPUT, GemmCode.OUTPUT_STRIDE);
            }
            if (stage.addend() != CodeStage.Addend.NONE) {
                a.emit(ADD, GemmCode.ADDEND, GemmCode.argument(KernelArguments.ADDEND_STRIDE));
            }
        }
    }

    private void sums(int row, int half, Mem source) {
        Vec sum = zmm(2 * row + half);
        Operand raw = source;
        if (stage.weightZeroPoints()) {
            a.emit(VMOVDQU32, terms.scratch(), terms.weightZeroPoint(half));
            a.emit(VPMULLD, terms.scratch(), terms.scratch(), rowNumber(row, stage.rowScales() ? Float.BYTES : 0));
            if (source != null) {
                a.emit(VMOVDQU32, sum, source);
            }
            a.emit(VPSUBD, sum, sum, terms.scratch());
            raw = null;
        }
        switch (stage.output()) {
            case S32, RAW -> {
                if (raw != null) {
                    a.emit(VMOVDQU32, sum, raw);
                }
            }
            case F32 -> {
                a.emit(VCVTDQ2PS, sum, raw == null ? sum : raw);
                realOutput(row, half);
            }
            case U8, S8 -> {
                a.emit(VCVTDQ2PS, sum, raw == null ? sum : raw);
                quantizedOutput(sum, half);
            }
        }
    }

    private Mem rowNumber(int row, int offset) {
        return at(GemmCode.ROW_SUMS, stage.rowBytes() * row + offset).broadcast();
    }

    private void realOutput(int row, int half) {
        Vec sum = zmm(2 * row + half);
        if (stage.rowScales()) {
            Vec both = terms.scratch();
            a.emit(VBROADCASTSS, both, at(GemmCode.ROW_SUMS, stage.rowBytes() * row));
            a.emit(VMULPS, both, both, terms.multiplier(half));
            a.emit(VMULPS, sum, sum, both);
        } else {
            a.emit(VMULPS, sum, sum, terms.multiplier(half));
        }
        if (stage.realBias()) {
            a.emit(VADDPS, sum, sum, terms.bias(half));
        }
        // of two zeros the second source is taken: see OutputStage
        a.emit(VMAXPS, sum, terms.low(a), sum);
        a.emit(VMINPS, sum, sum, terms.high());
    }

    private void quantizedOutput(Vec sum, int half) {
        if (stage.realBias()) {
            a.emit(VADDPS, sum, sum, terms.bias(half));
        }
        a.emit(VMULPS, sum, sum, terms.multiplier(half));
        if (stage.addend() != CodeStage.Addend.NONE) {
            Vec added = terms.scratch();
            a.emit(stage.addend() == CodeStage.Addend.S8 ? VPMOVSXBD : VPMOVZXBD,
                    added.zero(half == 0 ? FIRST : SECOND), at(GemmCode.ADDEND, 16 * half));
            a.emit(VPSUBD, added, added, terms.addendZeroPoint());
            a.emit(VCVTDQ2PS, added, added);
            a.emit(VMULPS, added, added, terms.addendRatio());
            a.emit(VADDPS, sum, sum, added);
        }
        // from below, narrowing saturates
        a.emit(VMINPS, sum, sum, terms.high());
        a.emit(VCVTPS2DQ, sum, sum);
    }

    private void narrow(int row, int rows) {
        boolean second = row % 2 == 1;
        Vec words = zmm(2 * row);
        a.emit(VPACKSSDW, words, words, zmm(2 * row + 1));
        a.emit(VPADDSW, words, words, terms.zeroPointWords());
        if (!second && row + 1 < rows) {
            return;
        }
        boolean signed = stage.output() == CodeStage.Output.S8;
        Vec bytes = zmm(second ? 2 * row - 2 : 2 * row);
        a.emit(signed ? VPACKSSWB : VPACKUSWB, bytes, bytes, words);
        a.emit(signed ? VPMAXSB : VPMAXUB, bytes, bytes, terms.smallestBytes());
        a.emit(VPERMD, bytes, terms.order(), bytes);
        a.emit(VMOVDQU8, at(GemmCode.OUTPUT).merge(BOTH), bytes.as(256));
        if (second) {
            a.emit(VEXTRACTI32X8, terms.scratch().as(256), bytes, imm(1));
            a.emit(VMOVDQU8, at(GemmCode.OUTPUT, GemmCode.OUTPUT_STRIDE, 1, 0).merge(BOTH), terms.scratch().as(256));
            a.emit(LEA, GemmCode.OUTPUT, at(GemmCode.OUTPUT, GemmCode.OUTPUT_STRIDE, 2, 0));
        } else {
            a.emit(ADD, GemmCode.OUTPUT, GemmCode.OUTPUT_STRIDE);
        }
    }
}
