// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.codegen.x86.GeneralOp.ADD;
import static io.jquant.codegen.x86.GeneralOp.AND;
import static io.jquant.codegen.x86.GeneralOp.DEC;
import static io.jquant.codegen.x86.GeneralOp.IMUL;
import static io.jquant.codegen.x86.GeneralOp.JNZ;
import static io.jquant.codegen.x86.GeneralOp.JZ;
import static io.jquant.codegen.x86.GeneralOp.LEA;
import static io.jquant.codegen.x86.GeneralOp.MOV;
import static io.jquant.codegen.x86.GeneralOp.SUB;
import static io.jquant.codegen.x86.GeneralOp.TEST;
import static io.jquant.codegen.x86.GeneralOp.XOR;
import static io.jquant.codegen.x86.Imm.imm;
import static io.jquant.codegen.x86.Mem.at;
import static io.jquant.codegen.x86.Tile.tmm;
import static io.jquant.codegen.x86.TileOp.LDTILECFG;
import static io.jquant.codegen.x86.TileOp.TDPBUSD;
import static io.jquant.codegen.x86.TileOp.TILELOADD;
import static io.jquant.codegen.x86.TileOp.TILELOADDT1;
import static io.jquant.codegen.x86.TileOp.TILERELEASE;
import static io.jquant.codegen.x86.TileOp.TILESTORED;
import static io.jquant.codegen.x86.TileOp.TILEZERO;

import io.jquant.codegen.x86.Gpr;
import io.jquant.codegen.x86.Label;
import io.jquant.codegen.x86.TileOp;
import io.jquant.kernels.common.CodeStage;

/**
 * Blocks of 2 x 2 tiles of up to 16 x 16 with {@code tdpbusd}. Sums leave the tiles through memory in the first-level
 * cache; the output stage of a block is mixed into the products of the next, which leave the vector units idle. The
 * blocks of a convolution, read from its image, do not reach from one line of pixels into the next but for those that
 * have a line above another, and their depth is in steps that do not follow each other.
 */
final class AmxCode extends GemmCode {
    static final int ROWS = 32;
    static final int COLUMNS = 32;
    static final int DEPTH = 64;
    /** Row pairs of a block. */
    static final int PAIRS = ROWS / 2;

    private static final Gpr UPPER = Gpr.R9;
    private static final Gpr LOWER = Gpr.RBX;
    private static final Gpr WEIGHTS = Gpr.RCX;
    private static final Gpr COUNT = Gpr.RDX;
    /** Bytes of a row of 32 groups of weights, and of 32 sums. */
    private static final Gpr ROW_BYTES = Gpr.RSI;
    private static final Gpr WAITING = Gpr.R10;
    private static final Gpr WAITING_PAIRS = Gpr.R15;
    /** Of images, which have no sums of rows. */
    private static final Gpr STEPS = ROW_SUMS;

    private final Way way;
    private final Epilogue512 epilogue;

    /**
     * How a kernel goes through rows and weights.
     *
     * @param pairsPerStep see {@link #pairsPerStep(int)}
     * @param stepBytes bytes of a step along the depth, a multiple of 4 up to 64
     * @param image whether rows are read from an image, and steps do not follow each other
     * @param passingRows whether rows are gone from the first-level cache before they are read again: then they had
     *     better not enter it, and leave it to the weights
     * @param passingWeights the same of weights
     */
    record Way(int pairsPerStep, int stepBytes, boolean image, boolean passingRows, boolean passingWeights) {
        /** A number that no other way has. */
        int number() {
            return ((pairsPerStep << 8 | stepBytes) << 1 | (image ? 1 : 0)) << 2 | (passingRows ? 2 : 0)
                    | (passingWeights ? 1 : 0);
        }
    }

    AmxCode(CodeStage stage, Way way) {
        super(stage, COLUMNS);
        this.way = way;
        epilogue = new Epilogue512(a, stage, new Terms512.InRegisters());
    }

    /** How many row pairs of the block that waits are mixed into one step, so that all are done by the last step. */
    static int pairsPerStep(int depthSteps) {
        int pairs = 1;
        while (pairs * depthSteps < PAIRS) {
            pairs *= 2;
        }
        return pairs;
    }

    @Override
    void prepare() {
        epilogue.prepare();
        epilogue.load();
        a.emit(LDTILECFG, at(ARGUMENTS, KernelArguments.TILE_CONFIGURATION));
        a.emit(MOV, ROW_BYTES, imm(4L * COLUMNS));
        a.emit(XOR, WAITING_PAIRS, WAITING_PAIRS);
        a.emit(MOV, argument(KernelArguments.WAITING_STEPS), WAITING_PAIRS);
        a.emit(MOV, argument(KernelArguments.WAITING_ODD), WAITING_PAIRS);
    }

    @Override
    void panel() {
        copy(KernelArguments.BLOCK_OUTPUT, KernelArguments.OUTPUT);
        copy(KernelArguments.BLOCK_ADDEND, KernelArguments.ADDEND);
        copy(KernelArguments.BLOCK_ROW_SUMS, KernelArguments.ROW_SUMS);
        a.emit(MOV, ROW, argument(KernelArguments.A));
        if (!way.image) {
            blocks();
            return;
        }
        a.emit(MOV, argument(KernelArguments.LINE), ROW);
        copy(KernelArguments.LINES_LEFT, KernelArguments.LINES);
        Label line = a.here();
        blocks();
        skip(KernelArguments.BLOCK_OUTPUT, KernelArguments.LINE_OUTPUT_SKIP);
        if (stage.addend() != CodeStage.Addend.NONE) {
            skip(KernelArguments.BLOCK_ADDEND, KernelArguments.LINE_ADDEND_SKIP);
        }
        a.emit(MOV, ROW, argument(KernelArguments.LINE));
        a.emit(ADD, ROW, argument(KernelArguments.LINE_STRIDE));
        a.emit(MOV, argument(KernelArguments.LINE), ROW);
        a.emit(DEC, argument(KernelArguments.LINES_LEFT));
        a.emit(JNZ, line);
    }

    private void blocks() {
        copy(KernelArguments.COUNT, KernelArguments.BLOCKS);
        a.align(16);
        Label block = a.here();
        begin();
        products();
        drain();
        handOver();
        a.emit(DEC, argument(KernelArguments.COUNT));
        a.emit(JNZ, block);
    }

    private void skip(int pointer, int by) {
        a.emit(MOV, Gpr.RAX, argument(by));
        a.emit(ADD, argument(pointer), Gpr.RAX);
    }

    @Override
    void finish() {
        drain();
        a.emit(TILERELEASE);
    }

    @Override
    void constants() {
        epilogue.constants();
    }

    private void copy(int to, int from) {
        a.emit(MOV, Gpr.RAX, argument(from));
        a.emit(MOV, argument(to), Gpr.RAX);
    }

    private void begin() {
        a.emit(MOV, UPPER, ROW);
        a.emit(MOV, LOWER, ROW);
        a.emit(ADD, LOWER, argument(KernelArguments.UPPER_BYTES));
        a.emit(MOV, WEIGHTS, argument(KernelArguments.B));
        if (way.image) {
            a.emit(MOV, STEPS, argument(KernelArguments.PIECE_STEPS));
        }
        if (stage.hasInitial()) {
            a.emit(MOV, Gpr.RAX, argument(KernelArguments.INITIAL));
        }
        for (int i = 0; i < 4; i++) {
            if (stage.hasInitial()) {
                // without an index all rows of the tile come from one place
                a.emit(TILELOADD, tmm(i), at(Gpr.RAX, 64 * (i % 2)));
            } else {
                a.emit(TILEZERO, tmm(i));
            }
        }
    }

    private void products() {
        Label none = a.label();
        a.emit(MOV, COUNT, argument(KernelArguments.WAITING_STEPS));
        a.emit(TEST, COUNT, COUNT);
        a.emit(JZ, none);
        a.align(32);
        Label mixed = a.here();
        // a block of one step: rows on both sides of it, so that its tiles are computed while either are
        int before = way.pairsPerStep == PAIRS ? PAIRS / 4 : 0;
        for (int i = 0; i < before; i++) {
            waitingRows(2);
        }
        step();
        for (int i = before; i < way.pairsPerStep; i++) {
            waitingRows(2);
        }
        a.emit(SUB, WAITING_PAIRS, imm(way.pairsPerStep));
        a.emit(DEC, COUNT);
        a.emit(JNZ, mixed);
        a.bind(none);
        Label done = a.label();
        a.emit(MOV, COUNT, argument(KernelArguments.DEPTH_STEPS));
        a.emit(SUB, COUNT, argument(KernelArguments.WAITING_STEPS));
        a.emit(JZ, done);
        a.align(32);
        Label plain = a.here();
        step();
        a.emit(DEC, COUNT);
        a.emit(JNZ, plain);
        a.bind(done);
    }

    private void step() {
        TileOp loadRows = way.passingRows ? TILELOADDT1 : TILELOADD;
        TileOp loadWeights = way.passingWeights ? TILELOADDT1 : TILELOADD;
        a.emit(loadWeights, tmm(6), at(WEIGHTS, ROW_BYTES, 1, 0));
        a.emit(loadRows, tmm(4), at(UPPER, STRIDE, 1, 0));
        a.emit(loadWeights, tmm(7), at(WEIGHTS, ROW_BYTES, 1, 64));
        a.emit(TDPBUSD, tmm(0), tmm(4), tmm(6));
        a.emit(loadRows, tmm(5), at(LOWER, STRIDE, 1, 0));
        a.emit(TDPBUSD, tmm(1), tmm(4), tmm(7));
        a.emit(TDPBUSD, tmm(2), tmm(5), tmm(6));
        a.emit(TDPBUSD, tmm(3), tmm(5), tmm(7));
        if (way.image) {
            a.emit(MOV, Gpr.RAX, at(STEPS));
            a.emit(ADD, UPPER, Gpr.RAX);
            a.emit(ADD, LOWER, Gpr.RAX);
            a.emit(ADD, STEPS, imm(Long.BYTES));
        } else {
            a.emit(ADD, UPPER, imm(way.stepBytes));
            a.emit(ADD, LOWER, imm(way.stepBytes));
        }
        a.emit(ADD, WEIGHTS, imm((long) way.stepBytes * COLUMNS));
    }

    private void waitingRows(int rows) {
        epilogue.rows(rows, WAITING);
        a.emit(ADD, WAITING, imm(4L * COLUMNS * rows));
        if (stage.weightZeroPoints()) {
            a.emit(ADD, ROW_SUMS, imm((long) stage.rowBytes() * rows));
        }
    }

    /** Appends the output of all rows that still wait for it. */
    private void drain() {
        Label noPairs = a.label();
        a.emit(TEST, WAITING_PAIRS, WAITING_PAIRS);
        a.emit(JZ, noPairs);
        Label pair = a.here();
        waitingRows(2);
        a.emit(DEC, WAITING_PAIRS);
        a.emit(JNZ, pair);
        a.bind(noPairs);
        Label even = a.label();
        a.emit(MOV, Gpr.RAX, argument(KernelArguments.WAITING_ODD));
        a.emit(TEST, Gpr.RAX, Gpr.RAX);
        a.emit(JZ, even);
        waitingRows(1);
        a.bind(even);
    }

    /** Appends the storing of a block's sums, which wait for their output from now on. */
    private void handOver() {
        a.emit(MOV, WAITING, argument(KernelArguments.SUMS));
        a.emit(MOV, LOWER, WAITING);
        a.emit(ADD, LOWER, argument(KernelArguments.UPPER_SUMS_BYTES));
        for (int i = 0; i < 4; i++) {
            a.emit(TILESTORED, at(i < 2 ? WAITING : LOWER, ROW_BYTES, 1, 64 * (i % 2)), tmm(i));
        }
        copy(KernelArguments.SUMS, KernelArguments.OTHER_SUMS);
        a.emit(MOV, argument(KernelArguments.OTHER_SUMS), WAITING);
        a.emit(MOV, COUNT, argument(KernelArguments.BLOCK_ROWS));
        a.emit(MOV, WAITING_PAIRS, argument(KernelArguments.ROW_PAIRS));
        a.emit(MOV, Gpr.RAX, COUNT);
        a.emit(AND, Gpr.RAX, imm(1));
        a.emit(MOV, argument(KernelArguments.WAITING_ODD), Gpr.RAX);
        copy(KernelArguments.WAITING_STEPS, KernelArguments.MIXED_STEPS);
        a.emit(MOV, OUTPUT, argument(KernelArguments.BLOCK_OUTPUT));
        forward(KernelArguments.BLOCK_OUTPUT, OUTPUT_STRIDE);
        if (stage.addend() != CodeStage.Addend.NONE) {
            a.emit(MOV, ADDEND, argument(KernelArguments.BLOCK_ADDEND));
            a.emit(MOV, LOWER, argument(KernelArguments.ADDEND_STRIDE));
            forward(KernelArguments.BLOCK_ADDEND, LOWER);
        }
        if (stage.weightZeroPoints()) {
            a.emit(MOV, ROW_SUMS, argument(KernelArguments.BLOCK_ROW_SUMS));
            a.emit(LEA, Gpr.RAX, at(ROW_SUMS, COUNT, stage.rowBytes(), 0));
            a.emit(MOV, argument(KernelArguments.BLOCK_ROW_SUMS), Gpr.RAX);
        }
        a.emit(IMUL, COUNT, STRIDE);
        a.emit(ADD, ROW, COUNT);
        epilogue.columnMasks();
        epilogue.loadPanel();
    }

    /** Appends pointer += rows of a block * stride. */
    private void forward(int pointer, Gpr stride) {
        a.emit(MOV, Gpr.RAX, stride);
        a.emit(IMUL, Gpr.RAX, COUNT);
        a.emit(ADD, argument(pointer), Gpr.RAX);
    }
}
