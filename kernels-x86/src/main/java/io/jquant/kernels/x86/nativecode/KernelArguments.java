// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jquant.kernels.common.BlockArguments;
import io.jquant.kernels.common.CodeStage;
import io.jquant.kernels.common.GemmBlock;
import io.jquant.kernels.common.ImageRows;
import java.lang.foreign.MemorySegment;

/** What x86's kernels are told besides {@link BlockArguments}: integers of 64 bits, and vectors. */
final class KernelArguments extends BlockArguments {
    /** Vectors that the kernel makes of the output stage's numbers, of up to 64 bytes. */
    static final int ZERO_POINT_WORDS = END;
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
    /** Of a block: pairs of rows mixed with the next block's products, times {@link AmxCode}'s pairs a step. */
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
    /** Address of how far, from the end of each piece (with tiles: from each step), the next begins. */
    static final int PIECE_STEPS = 536;
    /** The kernel's own. */
    static final int LINE = 544;
    static final int LINES_LEFT = 552;
    static final int PIECES_LEFT = 560;

    /** Of kernels that widen weights: address of a panel's, and groups of four terms that it has. */
    static final int WIDE_WEIGHTS = 568;
    static final int PANEL_GROUPS = 576;
    /** Of kernels that take 128 off the rows: address of 128 times the sums of a panel's columns. */
    static final int SHIFTS = 584;

    /** Of kernels with tiles: how far, behind the last block of a line, the output and addend of the next line are. */
    static final int LINE_OUTPUT_SKIP = 592;
    static final int LINE_ADDEND_SKIP = 600;

    static final int BYTES = 640;

    private KernelArguments() {
    }

    /** Writes what a block says, for some of its panels. */
    static void write(MemorySegment to, GemmBlock block, CodeStage stage, int firstPanel, int panels) {
        writeBlock(to, block, stage, firstPanel, panels);
        writeLines(to, block.image, block.rows);
    }

    /** Adds to an argument. */
    static void add(MemorySegment to, int argument, long value) {
        to.set(JAVA_LONG, argument, to.get(JAVA_LONG, argument) + value);
    }

    private static void writeLines(MemorySegment to, ImageRows image, int rows) {
        to.set(JAVA_LONG, LINES, image == null ? 1 : rows / image.lineRows);
        to.set(JAVA_LONG, LINE_STRIDE, image == null ? 0 : image.lineStride);
        to.set(JAVA_LONG, PIECES, image == null ? 1 : image.pieces);
        to.set(JAVA_LONG, PIECE_STEPS, image == null ? 0 : image.pieceSteps.address());
    }
}
