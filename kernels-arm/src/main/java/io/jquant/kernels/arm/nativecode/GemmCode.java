// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static io.jquant.codegen.arm64.GeneralOp.ADD;
import static io.jquant.codegen.arm64.GeneralOp.CBZ;
import static io.jquant.codegen.arm64.GeneralOp.MOV;
import static io.jquant.codegen.arm64.GeneralOp.SUB;
import static io.jquant.codegen.arm64.GeneralOp.SUBS;
import static io.jquant.codegen.arm64.Imm.imm;
import static io.jquant.codegen.arm64.Mem.at;
import static io.jquant.codegen.arm64.MemoryOp.LDP;
import static io.jquant.codegen.arm64.MemoryOp.LDR;
import static io.jquant.codegen.arm64.MemoryOp.STR;
import static io.jquant.codegen.arm64.Reg.x;
import static io.jquant.codegen.arm64.Vec.q;

import io.jquant.codegen.arm64.Arm64Assembler;
import io.jquant.codegen.arm64.Frame;
import io.jquant.codegen.arm64.GeneralOp;
import io.jquant.codegen.arm64.Label;
import io.jquant.codegen.arm64.Reg;
import io.jquant.codegen.arm64.Vec;
import io.jquant.kernels.common.CodeStage;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The frame of every kernel: over the panels, and within a panel, whose weights stay in the cache, over tiles of some
 * rows, then tiles of one row fewer. How a tile is computed is the subclass's affair; its sums are in v8 to v31, and
 * everything else is free when the output stage comes.
 */
abstract class GemmCode implements Code {
    static final Reg ARGUMENTS = x(4);
    static final Reg ROW = x(5);
    static final Reg STRIDE = x(6);
    static final Reg OUTPUT = x(7);
    static final Reg OUTPUT_STRIDE = x(8);
    static final Reg ADDEND = x(9);
    static final Reg ADDEND_STRIDE = x(10);
    static final Reg ROW_SUMS = x(11);
    static final Reg WEIGHTS = x(12);
    static final Reg COUNT = x(13);
    static final Reg COLUMNS = x(14);
    /** Bytes of a row that no step covers. */
    static final Reg TAIL = x(27);

    /** The register of the first sum. */
    static final int FIRST_SUM = 8;

    private static final Reg FIRST = x(0);
    private static final Reg TILES = x(25);
    private static final Reg PANELS = x(26);
    private static final int FIRST_ROW = 19;
    private static final List<Reg> GENERAL = IntStream.rangeClosed(0, 28).filter(n -> n != 18).mapToObj(Reg::x)
            .toList();
    private static final List<Vec> VECTORS = IntStream.rangeClosed(0, 31).mapToObj(Vec::q).toList();

    final Arm64Assembler a = new Arm64Assembler();
    final CodeStage stage;
    final int columns;
    private final int rows;
    private final Epilogue epilogue;

    GemmCode(CodeStage stage, int columns, int rows) {
        this.stage = stage;
        this.columns = columns;
        this.rows = rows;
        epilogue = new Epilogue(a, stage, columns);
    }

    /** Appends the products of a tile; returns the registers of the sums of every row, in fours of columns. */
    abstract int[][] products(int tileRows);

    /** The address of a row of the tile, which moves along the depth. */
    static Reg row(int number) {
        return x(FIRST_ROW + number);
    }

    @Override
    public final byte[] assemble() {
        Frame frame = new Frame(GENERAL, VECTORS);
        frame.enter(a);
        // offsets become addresses
        int[] offsets = {ArmArguments.A, ArmArguments.OUTPUT, ArmArguments.ADDEND};
        for (int i = 0; i < offsets.length; i++) {
            a.emit(LDR, FIRST, at(ARGUMENTS, offsets[i]));
            a.emit(ADD, FIRST, FIRST, x(1 + i));
            a.emit(STR, FIRST, at(ARGUMENTS, offsets[i]));
        }
        a.emit(LDR, STRIDE, at(ARGUMENTS, ArmArguments.A_STRIDE));
        a.emit(LDR, OUTPUT_STRIDE, at(ARGUMENTS, ArmArguments.OUTPUT_STRIDE));
        a.emit(LDR, ADDEND_STRIDE, at(ARGUMENTS, ArmArguments.ADDEND_STRIDE));
        a.emit(LDR, COLUMNS, at(ARGUMENTS, ArmArguments.COLUMNS));
        a.emit(LDR, PANELS, at(ARGUMENTS, ArmArguments.PANELS));
        a.emit(LDR, TAIL, at(ARGUMENTS, ArmArguments.TAIL_BYTES));
        Label panel = a.here();
        panel();
        nextPanel();
        a.emit(SUBS, PANELS, PANELS, imm(1));
        a.emit(GeneralOp.B_NE, panel);
        frame.leave(a);
        return a.assemble();
    }

    private void panel() {
        a.emit(LDR, ROW, at(ARGUMENTS, ArmArguments.A));
        a.emit(LDR, OUTPUT, at(ARGUMENTS, ArmArguments.OUTPUT));
        if (stage.addend() != CodeStage.Addend.NONE) {
            a.emit(LDR, ADDEND, at(ARGUMENTS, ArmArguments.ADDEND));
        }
        if (stage.weightZeroPoints()) {
            a.emit(LDR, ROW_SUMS, at(ARGUMENTS, ArmArguments.ROW_SUMS));
        }
        tiles();
    }

    /** Appends the tiles of a panel. */
    void tiles() {
        tiles(rows, ArmArguments.HIGH_TILES);
        if (rows > 1) {
            tiles(rows - 1, ArmArguments.LOW_TILES);
        }
    }

    private void tiles(int tileRows, int count) {
        Label none = a.label();
        a.emit(LDR, TILES, at(ARGUMENTS, count));
        a.emit(CBZ, TILES, none);
        Label next = a.here();
        a.emit(MOV, row(0), ROW);
        for (int i = 1; i < tileRows; i++) {
            a.emit(ADD, row(i), row(i - 1), STRIDE);
        }
        a.emit(ADD, ROW, row(tileRows - 1), STRIDE);
        a.emit(LDR, WEIGHTS, at(ARGUMENTS, ArmArguments.B));
        epilogue.append(products(tileRows));
        a.emit(SUBS, TILES, TILES, imm(1));
        a.emit(GeneralOp.B_NE, next);
        a.bind(none);
    }

    /** Appends the step to what belongs to the next panel. */
    void nextPanel() {
        a.emit(LDR, FIRST, at(ARGUMENTS, ArmArguments.PANEL_BYTES));
        a.emit(LDR, x(1), at(ARGUMENTS, ArmArguments.B));
        a.emit(ADD, x(1), x(1), FIRST);
        a.emit(STR, x(1), at(ARGUMENTS, ArmArguments.B));
        forward(ArmArguments.OUTPUT, columns * stage.output().bytes());
        forward(ArmArguments.ADDEND, columns);
        for (int terms : new int[] {ArmArguments.INITIAL, ArmArguments.MULTIPLIER, ArmArguments.BIAS,
                ArmArguments.WEIGHT_ZERO_POINT}) {
            forward(terms, Integer.BYTES * columns);
        }
        a.emit(SUB, COLUMNS, COLUMNS, imm(columns));
    }

    /** Appends the increase of an argument. */
    final void forward(int argument, int bytes) {
        a.emit(LDR, FIRST, at(ARGUMENTS, argument));
        a.emit(ADD, FIRST, FIRST, imm(bytes));
        a.emit(STR, FIRST, at(ARGUMENTS, argument));
    }

    /** Appends the loading of numbers that the panel's columns have, to registers from v0 on. */
    static void loadTerms(Arm64Assembler a, int argument, int first, int vectors) {
        a.emit(LDR, FIRST, at(ARGUMENTS, argument));
        for (int i = 0; i < vectors; i += 2) {
            a.emit(LDP, q(first + i), q(first + i + 1), at(FIRST, 16 * i));
        }
    }

    /** Appends a loop that runs as often as an argument says. */
    final void repeat(int argument, Runnable body) {
        Label none = a.label();
        a.emit(LDR, COUNT, at(ARGUMENTS, argument));
        a.emit(CBZ, COUNT, none);
        a.align(32);
        Label loop = a.here();
        body.run();
        a.emit(SUBS, COUNT, COUNT, imm(1));
        a.emit(GeneralOp.B_NE, loop);
        a.bind(none);
    }
}
