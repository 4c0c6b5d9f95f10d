// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.GeneralOp.ADD;
import static io.jquant.codegen.x86.GeneralOp.CMP;
import static io.jquant.codegen.x86.GeneralOp.DEC;
import static io.jquant.codegen.x86.GeneralOp.JNZ;
import static io.jquant.codegen.x86.GeneralOp.JZ;
import static io.jquant.codegen.x86.GeneralOp.LEA;
import static io.jquant.codegen.x86.GeneralOp.MOV;
import static io.jquant.codegen.x86.GeneralOp.MOVZX;
import static io.jquant.codegen.x86.GeneralOp.OR;
import static io.jquant.codegen.x86.GeneralOp.SHL;
import static io.jquant.codegen.x86.GeneralOp.TEST;
import static io.jquant.codegen.x86.Imm.imm;
import static io.jquant.codegen.x86.IntegerOp.VPABSB;
import static io.jquant.codegen.x86.IntegerOp.VPADDD;
import static io.jquant.codegen.x86.IntegerOp.VPDPBUSD_VEX;
import static io.jquant.codegen.x86.IntegerOp.VPMADDUBSW;
import static io.jquant.codegen.x86.IntegerOp.VPMADDWD;
import static io.jquant.codegen.x86.IntegerOp.VPSIGNB;
import static io.jquant.codegen.x86.IntegerOp.VPSLLW;
import static io.jquant.codegen.x86.IntegerOp.VPSRAW;
import static io.jquant.codegen.x86.IntegerOp.VPXOR;
import static io.jquant.codegen.x86.Mem.at;
import static io.jquant.codegen.x86.MoveOp.VMOVD;
import static io.jquant.codegen.x86.MoveOp.VMOVDQA;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU;
import static io.jquant.codegen.x86.MoveOp.VPBROADCASTD;
import static io.jquant.codegen.x86.ShuffleOp.VPSHUFB;
import static io.jquant.codegen.x86.Vec.xmm;
import static io.jquant.codegen.x86.Vec.ymm;

import io.jquant.codegen.x86.Gpr;
import io.jquant.codegen.x86.Label;
import io.jquant.codegen.x86.Mem;
import io.jquant.codegen.x86.Vec;
import io.jquant.kernels.common.CodeStage;

/** Tiles of 16 columns on 256 bits, sixteen registers. */
final class Avx2Code extends TiledCode {
    static final int COLUMNS = 16;

    private static final Gpr STRIDE3 = Gpr.R9;
    private static final Gpr STRIDE5 = Gpr.R10;
    private static final Gpr ROW0 = Gpr.RAX;
    private static final Gpr TAIL = Gpr.RBX;
    private static final Gpr TAIL_END = Gpr.RSI;
    private static final int GROUP = 4 * COLUMNS;
    private static final Vec FACTOR = ymm(14);
    private static final Vec PRODUCT = ymm(15);
    private static final Vec MAGNITUDE = ymm(11);

    private final Dot dot;
    private final Epilogue256 epilogue;
    private final Label ones;
    private final Label shuffles;
    private final Label flips;

    /** How products are summed, all exactly. */
    enum Dot {
        /** {@code vpdpbusd} (AVX-VNNI). */
        VNNI(0, 6, 4, 4),
        /** {@code vpmaddubsw}, for weights of which no pair can saturate int16. */
        PAIRS(1, 6, 4, 4),
        /** {@code vpmaddwd} on words, rows widened beforehand by {@link WordsCode}, weights as they come. */
        WORDS(2, 5, 4, 8),
        /** The same with a panel's weights widened before its first row; a group is of two terms. */
        WIDE(3, 6, 2, 4),
        /**
         * {@code vpmaddubsw} on the magnitudes of rows less 128, and weights with the signs of these: two products of
         * weights from -127 on fit int16. For few rows, on which widening weights takes longer.
         */
        SIGNS(4, 2, 4, 4);

        final int index;
        final int rows;
        /** Terms of a group. */
        final int terms;
        /** Bytes of a row for a group. */
        final int groupBytes;

        Dot(int index, int rows, int terms, int groupBytes) {
            this.index = index;
            this.rows = rows;
            this.terms = terms;
            this.groupBytes = groupBytes;
        }

        private Vec weights(int half) {
            return ymm(this == WORDS ? 10 + 2 * half : 12 + half);
        }
    }

    Avx2Code(CodeStage stage, Dot dot, int rows, boolean alone) {
        super(stage, COLUMNS, rows, alone);
        this.dot = dot;
        epilogue = new Epilogue256(a, stage);
        ones = a.label();
        shuffles = a.label();
        flips = a.label();
    }

    @Override
    void prepare() {
        epilogue.prepare();
    }

    @Override
    void preparePanel() {
        epilogue.preparePanel();
        if (dot == Dot.WIDE) {
            widenPanel();
        }
    }

    @Override
    int weightsArgument() {
        return dot == Dot.WIDE ? KernelArguments.WIDE_WEIGHTS : KernelArguments.B;
    }

    /** Appends the widening of weights: of each four terms the first two of all columns, then the last two. */
    private void widenPanel() {
        a.emit(MOV, WEIGHTS, argument(KernelArguments.B));
        a.emit(MOV, ROW0, argument(KernelArguments.WIDE_WEIGHTS));
        a.emit(MOV, COUNT, argument(KernelArguments.PANEL_GROUPS));
        for (int pair = 0; pair < 2; pair++) {
            a.emit(VMOVDQU, ymm(4 + pair), at(shuffles).plus(32 * pair));
        }
        Label next = a.here();
        for (int half = 0; half < 2; half++) {
            a.emit(VMOVDQU, ymm(half), at(WEIGHTS, 32 * half));
            for (int pair = 0; pair < 2; pair++) {
                Vec words = ymm(2 + pair);
                a.emit(VPSHUFB, words, ymm(half), ymm(4 + pair));
                a.emit(VPSRAW, words, words, imm(8));
                a.emit(VMOVDQU, at(ROW0, GROUP * pair + 32 * half), words);
            }
        }
        a.emit(ADD, WEIGHTS, imm(GROUP));
        a.emit(ADD, ROW0, imm(2L * GROUP));
        a.emit(DEC, COUNT);
        a.emit(JNZ, next);
    }

    @Override
    void constants() {
        epilogue.constants();
        a.align(32);
        a.bind(ones);
        for (int i = 0; i < 8; i++) {
            a.dataInt(0x00010001);
        }
        a.bind(flips);
        for (int i = 0; i < 8; i++) {
            a.dataInt(0x80808080);
        }
        a.bind(shuffles);
        for (int pair = 0; pair < 2; pair++) {
            for (int i = 0; i < 8; i++) {
                // bytes 4n and 4n + 1, or the two after, become the upper halves of words
                int first = i % 4 * 4 + 2 * pair;
                a.dataInt(0x00800080 | first << 8 | (first + 1) << 24);
            }
        }
    }

    @Override
    void tile(int rows) {
        // few rows leave vpdpbusd waiting for its own sums: several sets of them
        int sets = dot != Dot.VNNI || rows > 3 ? 1 : rows == 1 ? 4 : 2;
        begin(rows, sets);
        depth(rows, sets);
        if (dot != Dot.WORDS && dot != Dot.WIDE) {
            tail(rows);
        }
        for (int i = 2 * rows; i < sets * 2 * rows; i++) {
            a.emit(VPADDD, ymm(i % (2 * rows)), ymm(i % (2 * rows)), ymm(i));
        }
        epilogue.rows(rows);
    }

    private void begin(int rows, int sets) {
        a.emit(MOV, ROW0, ROW);
        a.emit(LEA, STRIDE3, at(STRIDE, STRIDE, 2, 0));
        a.emit(LEA, STRIDE5, at(STRIDE, STRIDE, 4, 0));
        if (stage.hasInitial()) {
            a.emit(MOV, COUNT, argument(KernelArguments.INITIAL));
        }
        for (int i = 0; i < 2 * rows * sets; i++) {
            if (!stage.hasInitial() || i >= 2 * rows) {
                a.emit(VPXOR, ymm(i), ymm(i), ymm(i));
            } else if (i < 2) {
                a.emit(VMOVDQU, ymm(i), at(COUNT, 32 * i));
            } else {
                a.emit(VMOVDQA, ymm(i), ymm(i % 2));
            }
        }
        if (dot == Dot.SIGNS) {
            a.emit(MOV, COUNT, argument(KernelArguments.SHIFTS));
            for (int i = 0; i < 2 * rows; i++) {
                a.emit(VPADDD, ymm(i), ymm(i), at(COUNT, 32 * (i % 2)));
            }
            // a panel is one tile
            a.emit(ADD, argument(KernelArguments.SHIFTS), imm(4L * COLUMNS));
        }
    }

    @Override
    void group(int rows, int index, int sums) {
        loadWeights(index * GROUP);
        for (int row = 0; row < rows; row++) {
            Mem from = row(row, index * dot.groupBytes);
            a.emit(VPBROADCASTD, FACTOR, from);
            products(sums + 2 * row, 0);
            if (dot == Dot.WORDS) {
                a.emit(VPBROADCASTD, FACTOR, from.plus(4));
                products(sums + 2 * row, 1);
            }
        }
    }

    private void loadWeights(int offset) {
        for (int half = 0; half < 2; half++) {
            Mem from = at(WEIGHTS, offset + 32 * half);
            Vec weights = dot.weights(half);
            if (dot == Dot.WORDS) {
                // terms 0 and 2 of each four, then 1 and 3: as WordsCode has them
                Vec odd = ymm(weights.number() + 1);
                a.emit(VMOVDQU, PRODUCT, from);
                a.emit(VPSRAW, odd, PRODUCT, imm(8));
                a.emit(VPSLLW, weights, PRODUCT, imm(8));
                a.emit(VPSRAW, weights, weights, imm(8));
            } else {
                a.emit(VMOVDQU, weights, from);
            }
        }
    }

    private void products(int sum, int parity) {
        if (dot == Dot.SIGNS) {
            a.emit(VPXOR, FACTOR, FACTOR, at(flips));
            a.emit(VPABSB, MAGNITUDE, FACTOR);
        }
        for (int half = 0; half < 2; half++) {
            Vec weights = ymm(dot.weights(half).number() + parity);
            Vec to = ymm(sum + half);
            switch (dot) {
                case VNNI -> a.emit(VPDPBUSD_VEX, to, FACTOR, weights);
                case PAIRS -> {
                    a.emit(VPMADDUBSW, PRODUCT, FACTOR, weights);
                    a.emit(VPMADDWD, PRODUCT, PRODUCT, at(ones));
                    a.emit(VPADDD, to, to, PRODUCT);
                }
                case WORDS -> {
                    a.emit(VPMADDWD, PRODUCT, FACTOR, weights);
                    a.emit(VPADDD, to, to, PRODUCT);
                }
                case SIGNS -> {
                    a.emit(VPSIGNB, PRODUCT, weights, FACTOR);
                    a.emit(VPMADDUBSW, PRODUCT, MAGNITUDE, PRODUCT);
                    a.emit(VPMADDWD, PRODUCT, PRODUCT, at(ones));
                    a.emit(VPADDD, to, to, PRODUCT);
                }
                case WIDE -> a.emit(VPMADDWD, half == 0 ? PRODUCT : FACTOR, FACTOR, weights);
            }
        }
        if (dot == Dot.WIDE) {
            // both multiplications ahead of the additions: more of them find their ports free
            a.emit(VPADDD, ymm(sum), ymm(sum), PRODUCT);
            a.emit(VPADDD, ymm(sum + 1), ymm(sum + 1), FACTOR);
        }
    }

    @Override
    void step(int rows, int groups) {
        a.emit(ADD, WEIGHTS, imm((long) groups * GROUP));
        a.emit(ADD, ROW0, imm((long) groups * dot.groupBytes));
    }

    @Override
    void moveRows(int rows, Gpr by) {
        a.emit(ADD, ROW0, by);
    }

    /** Appends the last one to three terms, byte by byte: what lies beyond the row is not touched. */
    private void tail(int rows) {
        Label none = a.label();
        a.emit(MOV, COUNT, argument(KernelArguments.TAIL_BYTES));
        a.emit(TEST, COUNT, COUNT);
        a.emit(JZ, none);
        loadWeights(0);
        for (int row = 0; row < rows; row++) {
            Label complete = a.label();
            a.emit(MOVZX, TAIL.as(32), row(row, 0).bytes(1));
            a.emit(CMP, COUNT, imm(1));
            a.emit(JZ, complete.near());
            a.emit(MOVZX, TAIL_END.as(32), row(row, 1).bytes(1));
            a.emit(SHL, TAIL_END.as(32), imm(8));
            a.emit(OR, TAIL.as(32), TAIL_END.as(32));
            a.emit(CMP, COUNT, imm(2));
            a.emit(JZ, complete.near());
            a.emit(MOVZX, TAIL_END.as(32), row(row, 2).bytes(1));
            a.emit(SHL, TAIL_END.as(32), imm(16));
            a.emit(OR, TAIL.as(32), TAIL_END.as(32));
            a.bind(complete);
            a.emit(VMOVD, xmm(FACTOR.number()), TAIL.as(32));
            a.emit(VPBROADCASTD, FACTOR, xmm(FACTOR.number()));
            products(2 * row, 0);
        }
        a.bind(none);
    }

    private static Mem row(int row, int disp) {
        return switch (row) {
            case 0 -> at(ROW0, disp);
            case 1, 2, 4 -> at(ROW0, STRIDE, row, disp);
            case 3 -> at(ROW0, STRIDE3, 1, disp);
            case 5 -> at(ROW0, STRIDE5, 1, disp);
            default -> throw new IllegalArgumentException("row = " + row + ": must be 0 to 5");
        };
    }
}
