// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.GeneralOp.ADD;
import static io.jquant.codegen.x86.GeneralOp.DEC;
import static io.jquant.codegen.x86.GeneralOp.IMUL;
import static io.jquant.codegen.x86.GeneralOp.JMP;
import static io.jquant.codegen.x86.GeneralOp.JNZ;
import static io.jquant.codegen.x86.GeneralOp.JZ;
import static io.jquant.codegen.x86.GeneralOp.MOV;
import static io.jquant.codegen.x86.GeneralOp.TEST;
import static io.jquant.codegen.x86.Imm.imm;
import static io.jquant.codegen.x86.Mem.at;

import io.jquant.codegen.x86.Gpr;
import io.jquant.codegen.x86.Label;
import io.jquant.kernels.common.CodeStage;

/**
 * Kernels whose sums stay in vector registers: tiles of some rows, then tiles of one row fewer, then the same of the
 * next line. The rows of a matrix are one line; those of a convolution, read from its image, are a line for every
 * row of pixels, and their depth is in pieces that do not follow each other.
 */
abstract class TiledCode extends GemmCode {
    /** Groups of four terms that a turn of the loop along the depth takes. */
    static final int UNROLL = 4;

    /** Weights of a piece, at the current group. */
    static final Gpr WEIGHTS = Gpr.RCX;
    static final Gpr COUNT = Gpr.RDX;
    private static final Gpr PIECE_STEP = Gpr.RSI;

    private final int rows;
    private final boolean alone;

    /**
     * @param stage what becomes of the sums
     * @param columns columns of a panel
     * @param rows rows of a tile
     * @param alone whether there is one row and no other, in one piece: what counts the rest is left out
     */
    TiledCode(CodeStage stage, int columns, int rows, boolean alone) {
        super(stage, columns);
        this.rows = rows;
        this.alone = alone;
    }

    /** Appends the setting up of what holds for the tiles of a panel. */
    abstract void preparePanel();

    /** Appends a tile of some rows at {@link #ROW}. */
    abstract void tile(int tileRows);

    /** Where the address of a panel's weights is among the arguments. */
    int weightsArgument() {
        return KernelArguments.B;
    }

    /** Appends products of a number of rows with a group of four terms, counted from the current one. */
    abstract void group(int tileRows, int index, int sums);

    /** Appends the moving on by groups of four terms. */
    abstract void step(int tileRows, int groups);

    /** Appends the moving of the rows by bytes. */
    abstract void moveRows(int tileRows, Gpr by);

    /**
     * Appends products along the depth, but for the tail.
     *
     * @param tileRows rows of the tile
     * @param sets sets of sums that take turns
     */
    final void depth(int tileRows, int sets) {
        a.emit(MOV, WEIGHTS, argument(weightsArgument()));
        if (alone) {
            piece(tileRows, sets);
            return;
        }
        a.emit(MOV, PIECE_STEP, argument(KernelArguments.PIECE_STEPS));
        a.emit(MOV, COUNT, argument(KernelArguments.PIECES));
        a.emit(MOV, argument(KernelArguments.PIECES_LEFT), COUNT);
        Label done = a.label();
        Label piece = a.here();
        piece(tileRows, sets);
        a.emit(DEC, argument(KernelArguments.PIECES_LEFT));
        a.emit(JZ, done.near());
        a.emit(MOV, COUNT, at(PIECE_STEP));
        a.emit(ADD, PIECE_STEP, imm(Long.BYTES));
        moveRows(tileRows, COUNT);
        a.emit(JMP, piece);
        a.bind(done);
    }

    private void piece(int tileRows, int sets) {
        a.emit(MOV, COUNT, argument(KernelArguments.UNROLLED_STEPS));
        groups(tileRows, sets, UNROLL);
        a.emit(MOV, COUNT, argument(KernelArguments.SINGLE_STEPS));
        groups(tileRows, 1, 1);
    }

    private void groups(int tileRows, int sets, int unrolled) {
        Label none = a.label();
        a.emit(TEST, COUNT, COUNT);
        a.emit(JZ, none);
        if (unrolled > 1) {
            a.align(32);
        }
        Label next = a.here();
        for (int i = 0; i < unrolled; i++) {
            group(tileRows, i, i % sets * 2 * tileRows);
        }
        step(tileRows, unrolled);
        a.emit(DEC, COUNT);
        a.emit(JNZ, next);
        a.bind(none);
    }

    @Override
    final void panel() {
        a.emit(MOV, OUTPUT, argument(KernelArguments.OUTPUT));
        if (stage.addend() != CodeStage.Addend.NONE) {
            a.emit(MOV, ADDEND, argument(KernelArguments.ADDEND));
        }
        if (stage.weightZeroPoints()) {
            a.emit(MOV, ROW_SUMS, argument(KernelArguments.ROW_SUMS));
        }
        preparePanel();
        if (alone) {
            a.emit(MOV, ROW, argument(KernelArguments.A));
            tile(1);
            return;
        }
        a.emit(MOV, Gpr.RAX, argument(KernelArguments.A));
        a.emit(MOV, argument(KernelArguments.LINE), Gpr.RAX);
        a.emit(MOV, Gpr.RAX, argument(KernelArguments.LINES));
        a.emit(MOV, argument(KernelArguments.LINES_LEFT), Gpr.RAX);
        Label line = a.here();
        a.emit(MOV, ROW, argument(KernelArguments.LINE));
        tiles(rows, KernelArguments.HIGH_TILES);
        if (rows > 1) {
            tiles(rows - 1, KernelArguments.LOW_TILES);
        }
        a.emit(MOV, Gpr.RAX, argument(KernelArguments.LINE_STRIDE));
        a.emit(ADD, argument(KernelArguments.LINE), Gpr.RAX);
        a.emit(DEC, argument(KernelArguments.LINES_LEFT));
        a.emit(JNZ, line);
    }

    @Override
    final void finish() {
        // nothing is left to do: every tile's output was stored with it
    }

    private void tiles(int tileRows, int count) {
        Label none = a.label();
        a.emit(MOV, Gpr.RAX, argument(count));
        a.emit(TEST, Gpr.RAX, Gpr.RAX);
        a.emit(JZ, none);
        a.emit(MOV, argument(KernelArguments.COUNT), Gpr.RAX);
        a.align(16);
        Label next = a.here();
        tile(tileRows);
        a.emit(IMUL, Gpr.RAX, STRIDE, imm(tileRows));
        a.emit(ADD, ROW, Gpr.RAX);
        if (stage.weightZeroPoints()) {
            a.emit(ADD, ROW_SUMS, imm((long) stage.rowBytes() * tileRows));
        }
        a.emit(DEC, argument(KernelArguments.COUNT));
        a.emit(JNZ, next);
        a.bind(none);
    }
}
