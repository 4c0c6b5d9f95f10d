// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.GeneralOp.ADD;
import static io.jquant.codegen.x86.GeneralOp.DEC;
import static io.jquant.codegen.x86.GeneralOp.IMUL;
import static io.jquant.codegen.x86.GeneralOp.JNZ;
import static io.jquant.codegen.x86.GeneralOp.JZ;
import static io.jquant.codegen.x86.GeneralOp.MOV;
import static io.jquant.codegen.x86.GeneralOp.TEST;
import static io.jquant.codegen.x86.Imm.imm;

import io.jquant.codegen.x86.Gpr;
import io.jquant.codegen.x86.Label;

/** Kernels whose sums stay in vector registers: tiles of some rows, then tiles of one row fewer. */
abstract class TiledCode extends GemmCode {
    /** Groups of four terms that a turn of the loop along the depth takes. */
    static final int UNROLL = 4;

    private final int rows;

    TiledCode(Stage stage, int columns, int rows) {
        super(stage, columns);
        this.rows = rows;
    }

    /** Appends the setting up of what holds for the tiles of a panel. */
    abstract void preparePanel();

    /** Appends a tile of some rows at {@link #ROW}. */
    abstract void tile(int tileRows);

    @Override
    final void panel() {
        a.emit(MOV, ROW, argument(KernelArguments.A));
        a.emit(MOV, OUTPUT, argument(KernelArguments.OUTPUT));
        if (stage.addend() != Stage.Addend.NONE) {
            a.emit(MOV, ADDEND, argument(KernelArguments.ADDEND));
        }
        if (stage.weightZeroPoints()) {
            a.emit(MOV, ROW_SUMS, argument(KernelArguments.ROW_SUMS));
        }
        preparePanel();
        tiles(rows, KernelArguments.HIGH_TILES);
        if (rows > 1) {
            tiles(rows - 1, KernelArguments.LOW_TILES);
        }
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
            a.emit(ADD, ROW_SUMS, imm(4L * tileRows));
        }
        a.emit(DEC, argument(KernelArguments.COUNT));
        a.emit(JNZ, next);
        a.bind(none);
    }
}
