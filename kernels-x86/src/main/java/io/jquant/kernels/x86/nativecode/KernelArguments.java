// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jquant.kernels.common.ColumnTerms;
import io.jquant.kernels.common.GemmBlock;
import io.jquant.kernels.common.ImageRows;
import io.jquant.kernels.common.OutputStage;
import io.jquant.kernels.common.PackedMatrix;
import java.lang.foreign.MemorySegment;

/**
 * What a kernel is told besides its operands: where each number lies in a piece of memory of the calling thread's own,
 * which the kernel also changes as it counts. Integers of 64 bits but for the last, which are of 32.
 */
final class KernelArguments {
    /** The u8 rows: an offset, made an address by the kernel. */
    static final int A = 0;
    static final int A_STRIDE = 8;
    /** The output: an offset, made an address by the kernel. */
    static final int OUTPUT = 16;
    static final int OUTPUT_STRIDE = 24;
    /** The addend: an offset, made an address by the kernel. */
    static final int ADDEND = 32;
    static final int ADDEND_STRIDE = 40;
    /** Address of the first panel of weights. */
    static final int B = 48;
    static final int PANEL_BYTES = 56;
    static final int PANELS = 64;
    /** Columns to store. */
    static final int COLUMNS = 72;
    /** Addresses of the terms of the first panel's columns. */
    static final int INITIAL = 80;
    static final int MULTIPLIER = 88;
    static final int BIAS = 96;
    static final int WEIGHT_ZERO_POINT = 104;
    static final int ROW_SUMS = 112;
    /** Groups of four along the depth: times {@link TiledCode#UNROLL}, and what is left. */
    static final int UNROLLED_GROUPS = 120;
    static final int SINGLE_GROUPS = 128;
    /** Bytes of the last group if it has fewer than four. */
    static final int TAIL_BYTES = 136;
    /** Tiles of as many rows as the kernel was made for, and of one row fewer. */
    static final int HIGH_TILES = 144;
    static final int LOW_TILES = 152;
    /** The kernel's own counter. */
    static final int COUNT = 160;

    /** Numbers of the output stage. */
    static final int ZERO_POINT = 168;
    static final int LOW = 172;
    static final int HIGH = 176;
    static final int ADDEND_ZERO_POINT = 180;
    static final int ADDEND_RATIO = 184;
    static final int SMALLEST = 188;
    /** Vectors that the kernel makes of them, of up to 64 bytes. */
    static final int ZERO_POINT_WORDS = 192;
    static final int SMALLEST_BYTES = 256;

    /** Of kernels with tiles: the configuration of the tiles. */
    static final int TILE_CONFIGURATION = 320;
    /** Rows of a block, of its upper tiles times the stride of the rows, and those of its lower tiles. */
    static final int BLOCK_ROWS = 384;
    static final int UPPER_BYTES = 392;
    static final int UPPER_SUMS_BYTES = 400;
    static final int BLOCKS = 408;
    /** Products of tiles along the depth. */
    static final int DEPTH_STEPS = 416;
    /** Of a block: pairs of rows that the next block's products are mixed with, times {@link AmxCode}'s pairs a step. */
    static final int MIXED_STEPS = 424;
    /** The same of the block that waits for its output, 0 if there is none. */
    static final int WAITING_STEPS = 432;
    static final int WAITING_ODD = 440;
    static final int BLOCK_OUTPUT = 448;
    static final int BLOCK_ADDEND = 456;
    static final int BLOCK_ROW_SUMS = 464;
    /** Where sums of a block go: two pieces of memory in turn. */
    static final int SUMS = 472;
    static final int OTHER_SUMS = 480;
    static final int ROW_PAIRS = 488;

    /** Where copied rows go. */
    static final int COPY = 496;
    static final int COPY_STRIDE = 504;

    /** Of kernels on 256 bits: vectors of the numbers above, and a place for what is cut off. */
    static final int LOW_VECTOR = 320;
    static final int HIGH_VECTOR = 352;
    static final int ADDEND_ZERO_POINT_VECTOR = 384;
    static final int ADDEND_RATIO_VECTOR = 416;
    static final int PARTIAL = 448;

    /** Of kernels whose sums stay in registers: lines of rows, and pieces of the depth; see {@link ImageRows}. */
    static final int LINES = 512;
    static final int LINE_STRIDE = 520;
    static final int PIECES = 528;
    /** Address of how far, from the end of each piece, the next begins. */
    static final int PIECE_STEPS = 536;
    /** The kernel's own. */
    static final int LINE = 544;
    static final int LINES_LEFT = 552;
    static final int PIECES_LEFT = 560;

    static final int BYTES = 576;

    private KernelArguments() {
    }

    /** Writes what a block says, for some of its panels. */
    static void write(MemorySegment to, GemmBlock block, Stage stage, int firstPanel, int panels) {
        PackedMatrix b = block.b;
        int before = (firstPanel - block.firstPanel) * b.tile().columns();
        to.set(JAVA_LONG, A, block.aOffset);
        to.set(JAVA_LONG, A_STRIDE, block.aStride);
        to.set(JAVA_LONG, B, b.segment().address() + b.panelOffset(firstPanel));
        to.set(JAVA_LONG, PANEL_BYTES, b.panelBytes());
        to.set(JAVA_LONG, PANELS, panels);
        writeLines(to, block.image, block.rows);
        if (stage.output() == Stage.Output.RAW) {
            to.set(JAVA_LONG, OUTPUT, block.sumsOffset + (long) before * Integer.BYTES);
            to.set(JAVA_LONG, OUTPUT_STRIDE, (long) block.panels * b.tile().columns() * Integer.BYTES);
            to.set(JAVA_LONG, COLUMNS, (long) panels * b.tile().columns());
            return;
        }
        to.set(JAVA_LONG, OUTPUT, block.outputOffset + (long) before * stage.output().bytes());
        to.set(JAVA_LONG, OUTPUT_STRIDE, block.outputStride);
        to.set(JAVA_LONG, ADDEND, block.addendOffset + before);
        to.set(JAVA_LONG, ADDEND_STRIDE, block.addendStride);
        to.set(JAVA_LONG, COLUMNS, block.columns() - before);
        writeTerms(to, block.terms, block.firstColumn() + before);
        if (stage.weightZeroPoints()) {
            to.set(JAVA_LONG, ROW_SUMS, block.rowSums.address() + block.rowSumsOffset);
        }
        writeNumbers(to, block.stage);
    }

    private static void writeLines(MemorySegment to, ImageRows image, int rows) {
        to.set(JAVA_LONG, LINES, image == null ? 1 : rows / image.lineRows);
        to.set(JAVA_LONG, LINE_STRIDE, image == null ? 0 : image.lineStride);
        to.set(JAVA_LONG, PIECES, image == null ? 1 : image.pieces);
        to.set(JAVA_LONG, PIECE_STEPS, image == null ? 0 : image.pieceSteps.address());
    }

    private static void writeTerms(MemorySegment to, ColumnTerms terms, int column) {
        long base = terms.segment().address() + (long) column * Integer.BYTES;
        to.set(JAVA_LONG, INITIAL, base + terms.initialOffset());
        to.set(JAVA_LONG, MULTIPLIER, base + terms.multiplierOffset());
        to.set(JAVA_LONG, BIAS, base + terms.biasOffset());
        to.set(JAVA_LONG, WEIGHT_ZERO_POINT, base + terms.weightZeroPointOffset());
    }

    private static void writeNumbers(MemorySegment to, OutputStage numbers) {
        to.set(JAVA_INT, ZERO_POINT, numbers.zeroPoint());
        to.set(JAVA_FLOAT, LOW, numbers.low());
        to.set(JAVA_FLOAT, HIGH, numbers.high());
        to.set(JAVA_INT, SMALLEST, numbers.isQuantized() ? (int) numbers.low() + numbers.zeroPoint() : 0);
        if (numbers.addend() != null) {
            to.set(JAVA_INT, ADDEND_ZERO_POINT, numbers.addend().zeroPoint());
            to.set(JAVA_FLOAT, ADDEND_RATIO, numbers.addend().ratio());
        }
    }
}
