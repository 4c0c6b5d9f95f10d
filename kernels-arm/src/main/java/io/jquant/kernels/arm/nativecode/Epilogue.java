// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static io.jquant.codegen.arm64.FloatOp.FADD;
import static io.jquant.codegen.arm64.FloatOp.FCVTNS;
import static io.jquant.codegen.arm64.FloatOp.FMAX;
import static io.jquant.codegen.arm64.FloatOp.FMIN;
import static io.jquant.codegen.arm64.FloatOp.FMOV;
import static io.jquant.codegen.arm64.FloatOp.FMUL;
import static io.jquant.codegen.arm64.FloatOp.SCVTF;
import static io.jquant.codegen.arm64.GeneralOp.CMP;
import static io.jquant.codegen.arm64.Imm.imm;
import static io.jquant.codegen.arm64.IntegerOp.MLS;
import static io.jquant.codegen.arm64.IntegerOp.SMAX;
import static io.jquant.codegen.arm64.IntegerOp.SMIN;
import static io.jquant.codegen.arm64.IntegerOp.SQADD;
import static io.jquant.codegen.arm64.IntegerOp.SQXTN;
import static io.jquant.codegen.arm64.IntegerOp.SQXTN2;
import static io.jquant.codegen.arm64.IntegerOp.SQXTUN;
import static io.jquant.codegen.arm64.IntegerOp.SQXTUN2;
import static io.jquant.codegen.arm64.IntegerOp.SUB;
import static io.jquant.codegen.arm64.IntegerOp.SXTL;
import static io.jquant.codegen.arm64.IntegerOp.SXTL2;
import static io.jquant.codegen.arm64.IntegerOp.UMAX;
import static io.jquant.codegen.arm64.IntegerOp.UMIN;
import static io.jquant.codegen.arm64.IntegerOp.UXTL;
import static io.jquant.codegen.arm64.IntegerOp.UXTL2;
import static io.jquant.codegen.arm64.Mem.at;
import static io.jquant.codegen.arm64.Mem.post;
import static io.jquant.codegen.arm64.MemoryOp.LD1R;
import static io.jquant.codegen.arm64.MemoryOp.LDR;
import static io.jquant.codegen.arm64.Reg.x;
import static io.jquant.codegen.arm64.ShuffleOp.DUP;
import static io.jquant.codegen.arm64.ShuffleOp.INS;
import static io.jquant.codegen.arm64.Vec.b16;
import static io.jquant.codegen.arm64.Vec.b8;
import static io.jquant.codegen.arm64.Vec.d;
import static io.jquant.codegen.arm64.Vec.d2;
import static io.jquant.codegen.arm64.Vec.h4;
import static io.jquant.codegen.arm64.Vec.h8;
import static io.jquant.codegen.arm64.Vec.q;
import static io.jquant.codegen.arm64.Vec.s4;
import static io.jquant.kernels.arm.nativecode.GemmCode.ADDEND;
import static io.jquant.kernels.arm.nativecode.GemmCode.ADDEND_STRIDE;
import static io.jquant.kernels.arm.nativecode.GemmCode.ARGUMENTS;
import static io.jquant.kernels.arm.nativecode.GemmCode.COLUMNS;
import static io.jquant.kernels.arm.nativecode.GemmCode.ROW_SUMS;

import io.jquant.codegen.arm64.Arm64Assembler;
import io.jquant.codegen.arm64.GeneralOp;
import io.jquant.codegen.arm64.Instruction;
import io.jquant.codegen.arm64.Label;
import io.jquant.codegen.arm64.Reg;
import io.jquant.codegen.arm64.Vec;
import io.jquant.codegen.arm64.VecList;
import io.jquant.kernels.common.CodeStage;
import java.util.function.BiConsumer;

/**
 * The output stage of a tile whose sums are in v8 to v31, in passes over its rows: each pass has v0 to v7 for its
 * numbers.
 */
final class Epilogue {
    private static final Reg TEMPORARY = x(0);

    private final Arm64Assembler a;
    private final CodeStage stage;
    private final int columns;
    /** Vectors of sums a row. */
    private final int vectors;
    private final RowStore store;

    Epilogue(Arm64Assembler a, CodeStage stage, int columns) {
        this.a = a;
        this.stage = stage;
        this.columns = columns;
        vectors = columns / 4;
        store = new RowStore(a, columns, stage.output().bytes());
    }

    /** Appends the output of a tile; moves the pointers to output, addend and sums of rows behind it. */
    void append(int[][] sums) {
        if (stage.weightZeroPoints()) {
            weightZeroPoints(sums);
        }
        if (stage.output().isScaled()) {
            scale(sums);
        }
        if (stage.addend() != CodeStage.Addend.NONE) {
            addend(sums);
        }
        if (stage.output().isQuantized()) {
            narrow(sums);
        } else if (stage.output() == CodeStage.Output.F32) {
            bound(sums);
        }
        int[][] stored = stage.output().isQuantized() ? firsts(sums) : sums;
        // raw sums are stored for whole panels
        if (stage.output() == CodeStage.Output.RAW) {
            for (int[] row : stored) {
                store.whole(row);
            }
        } else {
            wholeOrCut(stored.length, (row, isWhole) -> {
                if (isWhole) {
                    store.whole(stored[row]);
                } else {
                    store.cut(stored[row]);
                }
            });
        }
    }

    /** Appends the code for every row twice: for panels that the matrix fills, and for the one that it cuts off. */
    private void wholeOrCut(int rows, BiConsumer<Integer, Boolean> body) {
        Label cut = a.label();
        Label done = a.label();
        a.emit(CMP, COLUMNS, imm(columns));
        a.emit(GeneralOp.B_LT, cut);
        for (int row = 0; row < rows; row++) {
            body.accept(row, true);
        }
        a.emit(GeneralOp.B, done);
        a.bind(cut);
        for (int row = 0; row < rows; row++) {
            body.accept(row, false);
        }
        a.bind(done);
    }

    private static int[][] firsts(int[][] sums) {
        int[][] firsts = new int[sums.length][1];
        for (int row = 0; row < sums.length; row++) {
            firsts[row][0] = sums[row][0];
        }
        return firsts;
    }

    /** Appends sum -= zero point of the column * sum of the row. */
    private void weightZeroPoints(int[][] sums) {
        GemmCode.loadTerms(a, ArmArguments.WEIGHT_ZERO_POINT, 0, vectors);
        for (int[] row : sums) {
            a.emit(LD1R, VecList.list(s4(4), 1), post(ROW_SUMS, Integer.BYTES));
            for (int i = 0; i < vectors; i++) {
                a.emit(MLS, s4(row[i]), s4(i), s4(4));
            }
        }
    }

    private void scale(int[][] sums) {
        GemmCode.loadTerms(a, ArmArguments.MULTIPLIER, 0, vectors);
        if (stage.realBias()) {
            GemmCode.loadTerms(a, ArmArguments.BIAS, 4, vectors);
        }
        each(sums, (sum, _) -> a.emit(SCVTF, s4(sum), s4(sum)));
        boolean biasFirst = stage.output().isQuantized();
        if (stage.realBias() && biasFirst) {
            each(sums, (sum, i) -> a.emit(FADD, s4(sum), s4(sum), s4(4 + i)));
        }
        each(sums, (sum, i) -> a.emit(FMUL, s4(sum), s4(sum), s4(i)));
        if (stage.realBias() && !biasFirst) {
            each(sums, (sum, i) -> a.emit(FADD, s4(sum), s4(sum), s4(4 + i)));
        }
    }

    private void each(int[][] sums, BiConsumer<Integer, Integer> body) {
        for (int[] row : sums) {
            for (int i = 0; i < vectors; i++) {
                body.accept(row[i], i);
            }
        }
    }

    private void bound(int[][] sums) {
        load32(s4(0), ArmArguments.LOW);
        load32(s4(1), ArmArguments.HIGH);
        each(sums, (sum, _) -> a.emit(FMAX, s4(sum), s4(sum), s4(0)));
        each(sums, (sum, _) -> a.emit(FMIN, s4(sum), s4(sum), s4(1)));
    }

    /** Appends the setting of every lane, of any width, to the low bits of an argument. */
    private void load32(Vec vector, int argument) {
        a.emit(LDR, TEMPORARY.w(), at(ARGUMENTS, argument));
        a.emit(DUP, vector, TEMPORARY.w());
    }

    private void addend(int[][] sums) {
        load32(h8(0), ArmArguments.ADDEND_ZERO_POINT);
        load32(s4(1), ArmArguments.ADDEND_RATIO);
        wholeOrCut(sums.length, (row, isWhole) -> {
            loadAddend(isWhole);
            addRow(sums[row]);
            a.emit(GeneralOp.ADD, ADDEND, ADDEND, ADDEND_STRIDE);
        });
    }

    /** Appends the loading of a row's elements to v2. */
    private void loadAddend(boolean isWhole) {
        if (isWhole) {
            a.emit(LDR, columns == 16 ? q(2) : d(2), at(ADDEND));
            return;
        }
        new PartialLoad(a, COLUMNS, columns - 1).append(1, _ -> ADDEND, (_, isSecond, value) -> {
            if (isSecond) {
                a.emit(INS, d2(2).lane(1), value);
            } else {
                a.emit(FMOV, d(2), value);
            }
        });
    }

    private void addRow(int[] row) {
        boolean signed = stage.addend() == CodeStage.Addend.S8;
        for (int half = 0; half < vectors / 2; half++) {
            Instruction widen = half == 0 ? signed ? SXTL : UXTL : signed ? SXTL2 : UXTL2;
            a.emit(widen, h8(3), half == 0 ? b8(2) : b16(2));
            // -128 to 255 less -128 to 255 fits
            a.emit(SUB, h8(3), h8(3), h8(0));
            a.emit(SXTL, s4(4), h4(3));
            a.emit(SXTL2, s4(5), h8(3));
            for (int i = 0; i < 2; i++) {
                int sum = row[2 * half + i];
                a.emit(SCVTF, s4(4 + i), s4(4 + i));
                a.emit(FMUL, s4(4 + i), s4(4 + i), s4(1));
                a.emit(FADD, s4(sum), s4(sum), s4(4 + i));
            }
        }
    }

    /**
     * Appends the rounding to bytes, of a row into its first register. Bounds are integers, so they may come after
     * rounding, and conversion and narrowing saturate: what is out of 16 bits is out of bounds, too.
     */
    private void narrow(int[][] sums) {
        boolean signed = stage.output() == CodeStage.Output.S8;
        load32(h8(0), ArmArguments.ZERO_POINT);
        load32(b16(1), ArmArguments.SMALLEST);
        load32(b16(2), ArmArguments.LARGEST);
        each(sums, (sum, _) -> a.emit(FCVTNS, s4(sum), s4(sum)));
        for (int[] row : sums) {
            for (int i = 0; i < vectors; i += 2) {
                a.emit(SQXTN, h4(row[i]), s4(row[i]));
                a.emit(SQXTN2, h8(row[i]), s4(row[i + 1]));
                a.emit(SQADD, h8(row[i]), h8(row[i]), h8(0));
            }
            a.emit(signed ? SQXTN : SQXTUN, b8(row[0]), h8(row[0]));
            if (vectors > 2) {
                a.emit(signed ? SQXTN2 : SQXTUN2, b16(row[0]), h8(row[2]));
            }
            a.emit(signed ? SMAX : UMAX, b16(row[0]), b16(row[0]), b16(1));
            a.emit(signed ? SMIN : UMIN, b16(row[0]), b16(row[0]), b16(2));
        }
    }
}
