// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.jquant.kernels.common.CodeStage;
import io.jquant.kernels.common.GemmBlock;
import io.jquant.kernels.common.GemmKernel;
import io.jquant.kernels.common.ImageRows;
import io.jquant.kernels.common.Tile;
import java.lang.foreign.MemorySegment;

/** A kernel on tiles; blocks of few rows go to a kernel on vectors, which reads the same weights. */
final class AmxGemm implements GemmKernel {
    static final Tile TILE = new Tile(AmxCode.ROWS, AmxCode.COLUMNS, 4, AmxCode.DEPTH);

    private static final int FEW_ROWS = 4;
    /** Rows that are not aligned to cache lines are copied if they are used for so many panels. */
    private static final int COPY_PANELS = 4;
    /** 60 microseconds or so. */
    private static final long MOST_PRODUCTS = 96L << 20;
    private static final int SUMS_BYTES = AmxCode.ROWS * AmxCode.COLUMNS * Integer.BYTES;
    private static final int LINE = 64;
    /** Where, behind arguments and sums, copied rows lie, or steps along the depth of an image. */
    private static final long OWN_AT = KernelArguments.BYTES + 2L * SUMS_BYTES;

    /** Of the cache that tiles are to be read from. */
    private static final int FIRST_LEVEL = 48 << 10;
    /** What an index of what was made is the sum of. */
    private static final int PASSING_ROWS = 1;
    private static final int PASSING_WEIGHTS = 2;
    private static final int EVEN_STEPS = 4;
    private static final int IMAGE = 8;

    private final CodeStage stage;
    private final Machine machine;
    private final GemmKernel vectors;
    // filled in as wanted, a race puts the same there
    private final Made[] made = new Made[IMAGE + 1];
    private MemorySegment copyCode;

    /** Code, and how many steps along the depth it is to take. */
    private record Made(AmxCode.Way way, int steps, MemorySegment code) {
    }

    AmxGemm(CodeStage stage, Machine machine) {
        this.stage = stage;
        this.machine = machine;
        this.vectors = new Vnni512Gemm(stage, machine);
    }

    @Override
    public Tile tile() {
        return TILE;
    }

    @Override
    public boolean finishes() {
        return stage.output() != CodeStage.Output.RAW;
    }

    @Override
    public long mostProducts() {
        return MOST_PRODUCTS;
    }

    @Override
    public int imageUnit(int bytes, int planes) {
        // pieces are cut into steps of one size: tiles of one shape serve all of them
        return Math.min(4 * Math.ceilDiv(bytes, AmxCode.DEPTH), AmxCode.DEPTH);
    }

    @Override
    public void run(GemmBlock block) {
        if (block.rows <= FEW_ROWS) {
            vectors.run(block);
        } else if (block.image == null) {
            runMatrix(block);
        } else {
            runImage(block);
        }
    }

    private void runMatrix(GemmBlock block) {
        int depth = block.b.depth();
        int steps = block.b.paddedDepth() / AmxCode.DEPTH;
        boolean aligned = isAligned(block);
        // rows that lie in padded memory may be read to its end
        boolean padded = depth % AmxCode.DEPTH == 0 || (aligned && block.aStride >= block.b.paddedDepth());
        boolean even = !padded && depth % (4 * steps) == 0;
        boolean copies = (!padded && !even) || (!aligned && block.panels >= COPY_PANELS && depth >= LINE);
        // an odd number of cache lines: rows then spread over the cache
        long copyStride = (steps | 1) * (long) AmxCode.DEPTH;
        MemorySegment arguments = block.scratch.kernel().atLeast(OWN_AT + (copies ? block.rows * copyStride : 0));
        MemorySegment rows = block.a;
        long offset = block.aOffset;
        long stride = block.aStride;
        if (copies) {
            if (!block.sameRows) {
                copy(block, arguments, arguments.address() + OWN_AT, copyStride);
            }
            block.a = arguments;
            block.aOffset = OWN_AT;
            block.aStride = copyStride;
        }
        // rows across two lines would be fetched twice
        boolean passingRows = (copies || aligned) && (long) block.rows * depth > FIRST_LEVEL / 2;
        boolean passingWeights = block.rows <= AmxCode.ROWS || block.b.panelBytes() > FIRST_LEVEL;
        int index = (even && !copies ? EVEN_STEPS : 0) + (passingRows ? PASSING_ROWS : 0)
                + (passingWeights ? PASSING_WEIGHTS : 0);
        runLines(block, arguments, 0, block.rows, made(index, steps, even && !copies ? depth / steps : AmxCode.DEPTH));
        block.a = rows;
        block.aOffset = offset;
        block.aStride = stride;
    }

    private static boolean isAligned(GemmBlock block) {
        return block.a.isNative() && ((block.a.address() + block.aOffset | block.aStride) & (LINE - 1)) == 0;
    }

    private void runImage(GemmBlock block) {
        ImageRows image = block.image;
        int pieceSteps = Math.ceilDiv(image.pieceBytes, AmxCode.DEPTH);
        int stepBytes = image.pieceBytes / pieceSteps;
        int steps = image.pieces * pieceSteps;
        Made kernel = made(IMAGE, steps, stepBytes);
        MemorySegment arguments = block.scratch.kernel().atLeast(OWN_AT + (long) steps * Long.BYTES);
        for (int step = 0; step < steps; step++) {
            long jump = step % pieceSteps == pieceSteps - 1 && step < steps - 1
                    ? image.pieceSteps.get(JAVA_LONG, step / pieceSteps * (long) Long.BYTES) : 0;
            arguments.set(JAVA_LONG, OWN_AT + (long) step * Long.BYTES, stepBytes + jump);
        }
        int lines = block.rows / image.lineRows;
        int pairs = 2 * image.lineRows <= AmxCode.ROWS ? lines / 2 : 0;
        if (pairs > 0) {
            KernelArguments.write(arguments, block, stage, block.firstPanel, block.panels);
            arguments.set(JAVA_LONG, KernelArguments.LINES, pairs);
            arguments.set(JAVA_LONG, KernelArguments.LINE_STRIDE, 2 * image.lineStride);
            writeSkips(arguments, block, 0);
            // the lower tiles have the line below
            writeBlocks(arguments, 2 * image.lineRows, image.lineRows, image.lineStride, 1, kernel);
            Vnni512Gemm.call(machine, kernel.code, block, block.a, arguments, stage);
        }
        if (2 * pairs < lines) {
            runLines(block, arguments, 2 * pairs, image.lineRows, kernel);
        }
    }

    /** Runs blocks of a height and then those of a row fewer, of all lines from one on. */
    private void runLines(GemmBlock block, MemorySegment arguments, int firstLine, int width, Made kernel) {
        int blocks = Math.ceilDiv(width, AmxCode.ROWS);
        int most = Math.ceilDiv(width, blocks);
        int low = blocks * most - width;
        int done = 0;
        for (int i = 0; i < 2; i++) {
            int count = i == 0 ? blocks - low : low;
            int rows = most - i;
            if (count == 0) {
                continue;
            }
            KernelArguments.write(arguments, block, stage, block.firstPanel, block.panels);
            long lineStride = arguments.get(JAVA_LONG, KernelArguments.LINE_STRIDE);
            KernelArguments.add(arguments, KernelArguments.LINES, -firstLine);
            KernelArguments.add(arguments, KernelArguments.A, firstLine * lineStride + done * block.aStride);
            long before = (long) firstLine * width + done;
            KernelArguments.add(arguments, KernelArguments.OUTPUT,
                    before * arguments.get(JAVA_LONG, KernelArguments.OUTPUT_STRIDE));
            KernelArguments.add(arguments, KernelArguments.ADDEND, before * block.addendStride);
            KernelArguments.add(arguments, KernelArguments.ROW_SUMS, before * stage.rowBytes());
            writeSkips(arguments, block, width - count * rows);
            int upper = Math.ceilDiv(rows, 2);
            writeBlocks(arguments, rows, upper, upper * block.aStride, count, kernel);
            Vnni512Gemm.call(machine, kernel.code, block, block.a, arguments, stage);
            done += count * rows;
        }
    }

    private void copy(GemmBlock block, MemorySegment arguments, long to, long stride) {
        arguments.set(JAVA_LONG, KernelArguments.A, block.aOffset);
        arguments.set(JAVA_LONG, KernelArguments.A_STRIDE, block.aStride);
        arguments.set(JAVA_LONG, KernelArguments.COPY, to);
        arguments.set(JAVA_LONG, KernelArguments.COPY_STRIDE, stride);
        arguments.set(JAVA_LONG, KernelArguments.COUNT, block.rows);
        arguments.set(JAVA_LONG, KernelArguments.DEPTH_STEPS, block.b.depth() / LINE);
        arguments.set(JAVA_LONG, KernelArguments.TAIL_BYTES, block.b.depth() % LINE);
        machine.run(copyCode(), block.a, MemorySegment.NULL, MemorySegment.NULL, arguments);
    }

    private static void writeSkips(MemorySegment to, GemmBlock block, long rows) {
        to.set(JAVA_LONG, KernelArguments.LINE_OUTPUT_SKIP,
                rows * to.get(JAVA_LONG, KernelArguments.OUTPUT_STRIDE));
        to.set(JAVA_LONG, KernelArguments.LINE_ADDEND_SKIP, rows * block.addendStride);
    }

    private static void writeBlocks(MemorySegment to, int rows, int upper, long upperBytes, int blocks,
            Made kernel) {
        to.set(JAVA_LONG, KernelArguments.BLOCK_ROWS, rows);
        to.set(JAVA_LONG, KernelArguments.ROW_PAIRS, rows / 2);
        to.set(JAVA_LONG, KernelArguments.UPPER_BYTES, upperBytes);
        to.set(JAVA_LONG, KernelArguments.UPPER_SUMS_BYTES, (long) upper * AmxCode.COLUMNS * Integer.BYTES);
        to.set(JAVA_LONG, KernelArguments.BLOCKS, blocks);
        to.set(JAVA_LONG, KernelArguments.DEPTH_STEPS, kernel.steps);
        to.set(JAVA_LONG, KernelArguments.PIECE_STEPS, to.address() + OWN_AT);
        to.set(JAVA_LONG, KernelArguments.MIXED_STEPS, rows / 2 / kernel.way.pairsPerStep());
        to.set(JAVA_LONG, KernelArguments.SUMS, to.address() + KernelArguments.BYTES);
        to.set(JAVA_LONG, KernelArguments.OTHER_SUMS, to.address() + KernelArguments.BYTES + SUMS_BYTES);
        writeTiles(to, upper, rows - upper, kernel.way.stepBytes());
    }

    private static void writeTiles(MemorySegment to, int upper, int lower, int stepBytes) {
        for (int at = 0; at < LINE; at += Long.BYTES) {
            to.set(JAVA_LONG, KernelArguments.TILE_CONFIGURATION + at, 0);
        }
        to.set(JAVA_BYTE, KernelArguments.TILE_CONFIGURATION, (byte) 1);
        for (int tile = 0; tile < 8; tile++) {
            int tileRows = switch (tile) {
                case 0, 1, 4 -> upper;
                case 2, 3, 5 -> lower;
                default -> stepBytes / 4;
            };
            int rowBytes = tile == 4 || tile == 5 ? stepBytes : LINE;
            to.set(JAVA_SHORT, KernelArguments.TILE_CONFIGURATION + 16 + 2 * tile, (short) rowBytes);
            to.set(JAVA_BYTE, KernelArguments.TILE_CONFIGURATION + 48 + tile, (byte) tileRows);
        }
    }

    private Made made(int index, int steps, int stepBytes) {
        Made last = made[index];
        if (last == null || last.steps != steps || last.way.stepBytes() != stepBytes) {
            AmxCode.Way way = new AmxCode.Way(AmxCode.pairsPerStep(steps), stepBytes, index == IMAGE,
                    (index & PASSING_ROWS) != 0, (index & PASSING_WEIGHTS) != 0);
            last = new Made(way, steps, KernelCode.amx(stage, way));
            made[index] = last;
        }
        return last;
    }

    private MemorySegment copyCode() {
        if (copyCode == null) {
            copyCode = KernelCode.copy();
        }
        return copyCode;
    }
}
