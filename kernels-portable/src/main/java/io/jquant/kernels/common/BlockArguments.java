// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * What machine code for a {@link GemmBlock} is told besides its operands: where each number lies in a piece of memory
 * of the calling thread's own, which the code may change as it counts. Integers of 64 bits but for those of the output
 * stage, which are of 32. Each instruction set has more of its own behind these.
 */
public abstract class BlockArguments {
    /** The u8 rows: an offset, made an address by the code. */
    public static final int A = 0;
    /** From one row to the next. */
    public static final int A_STRIDE = 8;
    /** The output: an offset, made an address by the code. */
    public static final int OUTPUT = 16;
    /** From one row of the output to the next. */
    public static final int OUTPUT_STRIDE = 24;
    /** The addend: an offset, made an address by the code. */
    public static final int ADDEND = 32;
    /** From one row of the addend to the next. */
    public static final int ADDEND_STRIDE = 40;
    /** Address of the first panel of weights. */
    public static final int B = 48;
    /** From one panel to the next. */
    public static final int PANEL_BYTES = 56;
    /** How many panels. */
    public static final int PANELS = 64;
    /** Columns to store. */
    public static final int COLUMNS = 72;
    /** Address of what the sums of the first panel's columns begin with. */
    public static final int INITIAL = 80;
    /** Address of their multipliers. */
    public static final int MULTIPLIER = 88;
    /** Address of their biases. */
    public static final int BIAS = 96;
    /** Address of their zero points. */
    public static final int WEIGHT_ZERO_POINT = 104;
    /** Address of the rows' sums. */
    public static final int ROW_SUMS = 112;
    /** Steps along the depth that are unrolled, and those that are left. */
    public static final int UNROLLED_STEPS = 120;
    /** Steps along the depth that are left by those unrolled. */
    public static final int SINGLE_STEPS = 128;
    /** Bytes of a row that no step covers. */
    public static final int TAIL_BYTES = 136;
    /** Tiles of as many rows as the code was made for. */
    public static final int HIGH_TILES = 144;
    /** Tiles of one row fewer. */
    public static final int LOW_TILES = 152;
    /** The code's own counter. */
    public static final int COUNT = 160;

    /** The output's zero point. */
    public static final int ZERO_POINT = 168;
    /** The lower bound, f32. */
    public static final int LOW = 172;
    /** The upper bound, f32. */
    public static final int HIGH = 176;
    /** The addend's zero point. */
    public static final int ADDEND_ZERO_POINT = 180;
    /** The addend's ratio, f32. */
    public static final int ADDEND_RATIO = 184;
    /** The smallest quantized output. */
    public static final int SMALLEST = 188;

    /** Where an instruction set's own begin. */
    public static final int END = 192;

    /** For constants only. */
    protected BlockArguments() {
    }

    /**
     * Writes what a block says, for some of its panels.
     *
     * @param to where to
     * @param block the block
     * @param stage what the code does
     * @param firstPanel the first of the panels
     * @param panels how many
     */
    public static void writeBlock(MemorySegment to, GemmBlock block, CodeStage stage, int firstPanel, int panels) {
        PackedMatrix b = block.b;
        int columns = b.tile().columns();
        to.set(JAVA_LONG, A, block.aOffset);
        to.set(JAVA_LONG, A_STRIDE, block.aStride);
        to.set(JAVA_LONG, B, b.segment().address() + b.panelOffset(firstPanel));
        to.set(JAVA_LONG, PANEL_BYTES, b.panelBytes());
        to.set(JAVA_LONG, PANELS, panels);
        writeOutput(to, block, stage, (firstPanel - block.firstPanel) * columns);
        if (stage.output() == CodeStage.Output.RAW) {
            to.set(JAVA_LONG, COLUMNS, (long) panels * columns);
        }
    }

    /**
     * Writes what becomes of a block's sums, from one of its columns on.
     *
     * @param to where to
     * @param block the block
     * @param stage what the code does
     * @param before the block's columns before that one
     */
    public static void writeOutput(MemorySegment to, OutputBlock block, CodeStage stage, int before) {
        if (stage.output() == CodeStage.Output.RAW) {
            to.set(JAVA_LONG, OUTPUT, block.sumsOffset + (long) before * Integer.BYTES);
            to.set(JAVA_LONG, OUTPUT_STRIDE, (long) block.paddedColumns() * Integer.BYTES);
            to.set(JAVA_LONG, COLUMNS, block.paddedColumns() - before);
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

    private static void writeTerms(MemorySegment to, ColumnTerms terms, int column) {
        long base = terms.segment().address() + (long) column * Integer.BYTES;
        to.set(JAVA_LONG, INITIAL, base + terms.initialOffset());
        to.set(JAVA_LONG, MULTIPLIER, base + terms.multiplierOffset());
        to.set(JAVA_LONG, BIAS, base + terms.biasOffset());
        to.set(JAVA_LONG, WEIGHT_ZERO_POINT, base + terms.weightZeroPointOffset());
    }

    private static void writeNumbers(MemorySegment to, OutputStage numbers) {
        to.set(JAVA_INT, ZERO_POINT, numbers.zeroPoint());
        // the first access of every type costs a start some milliseconds: so there is one less
        to.set(JAVA_INT, LOW, Float.floatToRawIntBits(numbers.low()));
        to.set(JAVA_INT, HIGH, Float.floatToRawIntBits(numbers.high()));
        to.set(JAVA_INT, SMALLEST, numbers.isQuantized() ? (int) numbers.low() + numbers.zeroPoint() : 0);
        if (numbers.addend() != null) {
            to.set(JAVA_INT, ADDEND_ZERO_POINT, numbers.addend().zeroPoint());
            to.set(JAVA_INT, ADDEND_RATIO, Float.floatToRawIntBits(numbers.addend().ratio()));
        }
    }

    /**
     * Writes what a block of a grouped layer says: groups are the unrolled steps, and bounds are those of the floats.
     *
     * @param to where to
     * @param block the block
     * @param maxRows most rows of a tile
     * @return rows of the larger tiles
     */
    public static int writeGrouped(MemorySegment to, GroupedBlock block, int maxRows) {
        GroupedLayout layout = block.weights.layout();
        long weights = block.weights.segment().address();
        to.set(JAVA_LONG, A, block.rowsOffset);
        to.set(JAVA_LONG, A_STRIDE, layout.rowBytes());
        to.set(JAVA_LONG, OUTPUT, block.outputOffset);
        to.set(JAVA_LONG, OUTPUT_STRIDE, block.outputStride);
        to.set(JAVA_LONG, B, weights + block.weights.panelOffset(block.firstPanel));
        to.set(JAVA_LONG, PANEL_BYTES, layout.panelBytes());
        to.set(JAVA_LONG, PANELS, block.panels);
        to.set(JAVA_LONG, BIAS, weights + block.weights.biasOffset(block.firstPanel));
        to.set(JAVA_LONG, UNROLLED_STEPS, layout.groups());
        to.set(JAVA_INT, LOW, Float.floatToRawIntBits(block.min));
        to.set(JAVA_INT, HIGH, Float.floatToRawIntBits(block.max));
        return writeTiles(to, block.rowCount, maxRows);
    }

    /**
     * Writes how a number of rows is cut into tiles of nearly the same size: one with few rows would leave the
     * multipliers idle.
     *
     * @param to where to
     * @param rows rows
     * @param maxRows most rows of a tile
     * @return rows of the larger tiles
     */
    public static int writeTiles(MemorySegment to, int rows, int maxRows) {
        int tiles = Math.ceilDiv(rows, maxRows);
        int tileRows = Math.ceilDiv(rows, tiles);
        int low = tiles * tileRows - rows;
        to.set(JAVA_LONG, HIGH_TILES, tiles - low);
        to.set(JAVA_LONG, LOW_TILES, low);
        return tileRows;
    }
}
