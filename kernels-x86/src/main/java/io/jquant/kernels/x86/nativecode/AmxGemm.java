// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.jquant.kernels.common.CodeStage;
import io.jquant.kernels.common.GemmBlock;
import io.jquant.kernels.common.GemmKernel;
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

    private final CodeStage stage;
    private final Machine machine;
    private final GemmKernel vectors;
    // filled in as wanted, a race puts the same there
    private final MemorySegment[] code = new MemorySegment[AmxCode.PAIRS + 1];
    private MemorySegment copyCode;

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
    public void run(GemmBlock block) {
        if (block.rows <= FEW_ROWS) {
            vectors.run(block);
            return;
        }
        int blocks = Math.ceilDiv(block.rows, AmxCode.ROWS);
        int rows = Math.ceilDiv(block.rows, blocks);
        int low = blocks * rows - block.rows;
        int depthSteps = block.b.paddedDepth() / AmxCode.DEPTH;
        long rowsAt = KernelArguments.BYTES + 2L * SUMS_BYTES;
        // an odd number of cache lines: rows then spread over the cache
        long copyStride = (depthSteps | 1) * (long) AmxCode.DEPTH;
        boolean copies = needsCopy(block);
        MemorySegment arguments = block.scratch.kernel().atLeast(rowsAt + (copies ? block.rows * copyStride : 0));
        long address = arguments.address();
        if (copies) {
            copy(block, arguments, address + rowsAt, copyStride);
        }
        int done = 0;
        for (int i = 0; i < 2; i++) {
            int count = i == 0 ? blocks - low : low;
            int height = rows - i;
            if (count > 0) {
                KernelArguments.write(arguments, block, stage, block.firstPanel, block.panels);
                if (copies) {
                    arguments.set(JAVA_LONG, KernelArguments.A, address + rowsAt + done * copyStride);
                    arguments.set(JAVA_LONG, KernelArguments.A_STRIDE, copyStride);
                }
                writeBlocks(arguments, copies ? copyStride : block.aStride, height, count, depthSteps);
                if (done > 0) {
                    skip(arguments, block, copies ? 0 : done, done);
                }
                Vnni512Gemm.call(machine, code(depthSteps), block, copies ? MemorySegment.NULL : block.a, arguments,
                        stage);
                done += count * height;
            }
        }
    }

    private static boolean needsCopy(GemmBlock block) {
        boolean aligned = block.a.isNative() && ((block.a.address() + block.aOffset | block.aStride) & (LINE - 1)) == 0;
        // rows that lie in padded memory may be read to its end
        boolean whole = block.b.depth() % AmxCode.DEPTH == 0 || (aligned && block.aStride >= block.b.paddedDepth());
        return !whole || (!aligned && block.panels >= COPY_PANELS);
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

    private void skip(MemorySegment arguments, GemmBlock block, int inputRows, int outputRows) {
        add(arguments, KernelArguments.A, inputRows * block.aStride);
        add(arguments, KernelArguments.OUTPUT,
                outputRows * arguments.get(JAVA_LONG, KernelArguments.OUTPUT_STRIDE));
        add(arguments, KernelArguments.ADDEND, outputRows * block.addendStride);
        add(arguments, KernelArguments.ROW_SUMS, (long) outputRows * stage.rowBytes());
    }

    private static void add(MemorySegment arguments, int argument, long value) {
        arguments.set(JAVA_LONG, argument, arguments.get(JAVA_LONG, argument) + value);
    }

    private static void writeBlocks(MemorySegment to, long stride, int rows, int blocks, int depthSteps) {
        int upper = Math.ceilDiv(rows, 2);
        to.set(JAVA_LONG, KernelArguments.BLOCK_ROWS, rows);
        to.set(JAVA_LONG, KernelArguments.ROW_PAIRS, rows / 2);
        to.set(JAVA_LONG, KernelArguments.UPPER_BYTES, upper * stride);
        to.set(JAVA_LONG, KernelArguments.UPPER_SUMS_BYTES, (long) upper * AmxCode.COLUMNS * Integer.BYTES);
        to.set(JAVA_LONG, KernelArguments.BLOCKS, blocks);
        to.set(JAVA_LONG, KernelArguments.DEPTH_STEPS, depthSteps);
        to.set(JAVA_LONG, KernelArguments.MIXED_STEPS, rows / 2 / AmxCode.pairsPerStep(depthSteps));
        to.set(JAVA_LONG, KernelArguments.SUMS, to.address() + KernelArguments.BYTES);
        to.set(JAVA_LONG, KernelArguments.OTHER_SUMS, to.address() + KernelArguments.BYTES + SUMS_BYTES);
        for (int at = 0; at < LINE; at += Long.BYTES) {
            to.set(JAVA_LONG, KernelArguments.TILE_CONFIGURATION + at, 0);
        }
        to.set(JAVA_BYTE, KernelArguments.TILE_CONFIGURATION, (byte) 1);
        for (int tile = 0; tile < 8; tile++) {
            int tileRows = switch (tile) {
                case 0, 1, 4 -> upper;
                case 2, 3, 5 -> rows - upper;
                default -> AmxCode.DEPTH / 4;
            };
            to.set(JAVA_SHORT, KernelArguments.TILE_CONFIGURATION + 16 + 2 * tile, (short) LINE);
            to.set(JAVA_BYTE, KernelArguments.TILE_CONFIGURATION + 48 + tile, (byte) tileRows);
        }
    }

    private MemorySegment code(int depthSteps) {
        int pairs = AmxCode.pairsPerStep(depthSteps);
        if (code[pairs] == null) {
            code[pairs] = KernelCode.amx(stage, pairs);
        }
        return code[pairs];
    }

    private MemorySegment copyCode() {
        if (copyCode == null) {
            copyCode = KernelCode.copy();
        }
        return copyCode;
    }
}
