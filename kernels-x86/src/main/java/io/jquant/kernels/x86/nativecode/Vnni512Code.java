// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.GeneralOp.ADD;
import static io.jquant.codegen.x86.GeneralOp.JZ;
import static io.jquant.codegen.x86.GeneralOp.LEA;
import static io.jquant.codegen.x86.GeneralOp.MOV;
import static io.jquant.codegen.x86.GeneralOp.PREFETCHT0;
import static io.jquant.codegen.x86.GeneralOp.TEST;
import static io.jquant.codegen.x86.Imm.imm;
import static io.jquant.codegen.x86.IntegerOp.VPADDD;
import static io.jquant.codegen.x86.IntegerOp.VPDPBUSD;
import static io.jquant.codegen.x86.IntegerOp.VPXORD;
import static io.jquant.codegen.x86.Mem.at;
import static io.jquant.codegen.x86.MoveOp.VMOVDQA32;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU32;
import static io.jquant.codegen.x86.MoveOp.VMOVDQU8;
import static io.jquant.codegen.x86.MoveOp.VPBROADCASTD;
import static io.jquant.codegen.x86.Vec.xmm;
import static io.jquant.codegen.x86.Vec.zmm;

import io.jquant.codegen.x86.Gpr;
import io.jquant.codegen.x86.Label;
import io.jquant.codegen.x86.Mem;
import io.jquant.codegen.x86.Vec;
import io.jquant.kernels.common.CodeStage;

/** Tiles of up to 14 x 32 with {@code vpdpbusd} on 512 bits: 28 sums, two vectors of weights, two of rows. */
final class Vnni512Code extends TiledCode {
    static final int ROWS = 14;
    static final int COLUMNS = 32;

    private static final Gpr ROW0 = Gpr.RAX;
    private static final Gpr ROW5 = Gpr.RBX;
    private static final Gpr STRIDE3 = Gpr.R9;
    private static final Gpr STRIDE5 = Gpr.R10;
    private static final int GROUP = 4 * COLUMNS;
    /** How far ahead weights are fetched: few rows go through them as fast as memory gives them. */
    private static final int AHEAD = 1024;
    private static final int FAR_AHEAD = 8192;
    private static final int FEW_ROWS = 2;

    private final Epilogue512 epilogue;

    Vnni512Code(CodeStage stage, int rows, boolean alone) {
        super(stage, COLUMNS, rows, alone);
        epilogue = new Epilogue512(a, stage, new Terms512.InMemory());
    }

    @Override
    void prepare() {
        a.emit(LEA, STRIDE3, at(STRIDE, STRIDE, 2, 0));
        a.emit(LEA, STRIDE5, at(STRIDE, STRIDE, 4, 0));
        epilogue.prepare();
        epilogue.depthMask();
    }

    @Override
    void preparePanel() {
        epilogue.columnMasks();
    }

    @Override
    void constants() {
        epilogue.constants();
    }

    @Override
    void tile(int rows) {
        // few rows leave vpdpbusd waiting for its own sums: several sets of them
        int sets = rows <= 2 ? 4 : rows <= 5 ? 2 : 1;
        begin(rows, sets);
        depth(rows, sets);
        tail(rows);
        for (int set = 1; set < sets; set++) {
            for (int i = 0; i < 2 * rows; i++) {
                a.emit(VPADDD, zmm(i), zmm(i), zmm(set * 2 * rows + i));
            }
        }
        epilogue.load();
        epilogue.loadPanel();
        epilogue.rows(rows, null);
    }

    private void begin(int rows, int sets) {
        a.emit(MOV, ROW0, ROW);
        if (rows > 5) {
            a.emit(LEA, ROW5, at(ROW, STRIDE5, 1, 0));
        }
        if (stage.hasInitial()) {
            a.emit(MOV, COUNT, argument(KernelArguments.INITIAL));
        }
        for (int i = 0; i < 2 * rows * sets; i++) {
            if (!stage.hasInitial() || i >= 2 * rows) {
                a.emit(VPXORD, zmm(i), zmm(i), zmm(i));
            } else if (i < 2) {
                a.emit(VMOVDQU32, zmm(i), at(COUNT, 64 * i));
            } else {
                a.emit(VMOVDQA32, zmm(i), zmm(i % 2));
            }
        }
    }

    @Override
    void group(int rows, int index, int sums) {
        a.emit(VMOVDQU32, zmm(30), at(WEIGHTS, index * GROUP));
        a.emit(VMOVDQU32, zmm(31), at(WEIGHTS, index * GROUP + 64));
        int ahead = index * GROUP + (rows <= FEW_ROWS ? FAR_AHEAD : AHEAD);
        a.emit(PREFETCHT0, at(WEIGHTS, ahead));
        a.emit(PREFETCHT0, at(WEIGHTS, ahead + 64));
        for (int row = 0; row < rows; row++) {
            Vec values = zmm(28 + row % 2);
            a.emit(VPBROADCASTD, values, row(row, 4 * index));
            a.emit(VPDPBUSD, zmm(sums + 2 * row), values, zmm(30));
            a.emit(VPDPBUSD, zmm(sums + 2 * row + 1), values, zmm(31));
        }
    }

    @Override
    void step(int rows, int groups) {
        a.emit(ADD, WEIGHTS, imm((long) groups * GROUP));
        a.emit(ADD, ROW0, imm(4L * groups));
        if (rows > 5) {
            a.emit(ADD, ROW5, imm(4L * groups));
        }
    }

    @Override
    void moveRows(int rows, Gpr by) {
        a.emit(ADD, ROW0, by);
        if (rows > 5) {
            a.emit(ADD, ROW5, by);
        }
    }

    private void tail(int rows) {
        Label none = a.label();
        a.emit(MOV, COUNT, argument(KernelArguments.TAIL_BYTES));
        a.emit(TEST, COUNT, COUNT);
        a.emit(JZ, none);
        a.emit(VMOVDQU32, zmm(30), at(WEIGHTS));
        a.emit(VMOVDQU32, zmm(31), at(WEIGHTS, 64));
        for (int row = 0; row < rows; row++) {
            int values = 28 + row % 2;
            // what lies beyond the row is not touched
            a.emit(VMOVDQU8, xmm(values).zero(Epilogue512.DEPTH), row(row, 0));
            a.emit(VPBROADCASTD, zmm(values), xmm(values));
            a.emit(VPDPBUSD, zmm(2 * row), zmm(values), zmm(30));
            a.emit(VPDPBUSD, zmm(2 * row + 1), zmm(values), zmm(31));
        }
        a.bind(none);
    }

    private Mem row(int row, int disp) {
        return switch (row) {
            case 0 -> at(ROW0, disp);
            case 1, 2, 4, 8 -> at(ROW0, STRIDE, row, disp);
            case 3, 6, 12 -> at(ROW0, STRIDE3, row / 3, disp);
            case 5 -> at(ROW5, disp);
            case 10 -> at(ROW0, STRIDE5, 2, disp);
            case 7, 9, 13 -> at(ROW5, STRIDE, row - 5, disp);
            case 11 -> at(ROW5, STRIDE3, 2, disp);
            default -> throw new IllegalArgumentException("row = " + row + ": must be 0 to " + (ROWS - 1));
        };
    }
}
