// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jquant.kernels.common.CodeStage;
import io.jquant.kernels.common.GemmBlock;
import io.jquant.kernels.common.GemmKernel;
import io.jquant.kernels.common.ImageRows;
import io.jquant.kernels.common.Tile;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/** A kernel on vectors of 512 bits. */
final class Vnni512Gemm implements GemmKernel {
    private static final Tile TILE = new Tile(Vnni512Code.ROWS, Vnni512Code.COLUMNS, 4, 4);
    /** 70 microseconds or so. */
    private static final long MOST_PRODUCTS = 32L << 20;

    private final CodeStage stage;
    private final Machine machine;
    // filled in as wanted; a race puts the same there
    private final MemorySegment[] code = new MemorySegment[Vnni512Code.ROWS + 1];

    Vnni512Gemm(CodeStage stage, Machine machine) {
        this.stage = stage;
        this.machine = machine;
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
        MemorySegment arguments = block.scratch.kernel().atLeast(KernelArguments.BYTES);
        KernelArguments.write(arguments, block, stage, block.firstPanel, block.panels);
        int rows = codeRows(block, writeShape(arguments, block, Vnni512Code.ROWS));
        if (code[rows] == null) {
            code[rows] = KernelCode.vnni512(stage, rows);
        }
        call(machine, code[rows], block, block.a, arguments, stage);
    }

    @Override
    public int imageUnit(int bytes, int planes) {
        return 4;
    }

    /** Writes how rows and depth are cut; returns the rows of the larger tiles. */
    static int writeShape(MemorySegment arguments, GemmBlock block, int maxRows) {
        ImageRows image = block.image;
        int depth = image == null ? block.b.depth() : image.pieceBytes;
        writeDepth(arguments, depth / 4, depth % 4);
        return KernelArguments.writeTiles(arguments, image == null ? block.rows : image.lineRows, maxRows);
    }

    /** Which code a block takes, of tiles of some rows or, for one row alone, 0. */
    static int codeRows(GemmBlock block, int tileRows) {
        return block.rows == 1 && block.image == null ? 0 : tileRows;
    }

    static void writeDepth(MemorySegment arguments, int groups, int tailBytes) {
        arguments.set(JAVA_LONG, KernelArguments.UNROLLED_STEPS, groups / TiledCode.UNROLL);
        arguments.set(JAVA_LONG, KernelArguments.SINGLE_STEPS, groups % TiledCode.UNROLL);
        arguments.set(JAVA_LONG, KernelArguments.TAIL_BYTES, tailBytes);
    }

    /** Runs code on rows, which may be copies of the block's. */
    static void call(Machine machine, MemorySegment code, GemmBlock block, MemorySegment rows,
            MemorySegment arguments, CodeStage stage) {
        MemorySegment output = stage.output() == CodeStage.Output.RAW ? block.sums : block.output;
        MemorySegment addend = stage.addend() == CodeStage.Addend.NONE ? MemorySegment.NULL : block.addend;
        try {
            machine.run(code, rows, output, addend, arguments);
        } finally {
            // weights, terms and sums of rows were passed as addresses
            Reference.reachabilityFence(block);
        }
    }
}
