// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jquant.kernels.common.CodeStage;
import io.jquant.kernels.common.GemmBlock;
import io.jquant.kernels.common.GemmKernel;
import io.jquant.kernels.common.PackedMatrix;
import io.jquant.kernels.common.Tile;
import java.lang.foreign.MemorySegment;

/** A kernel on vectors of 128 bits. */
final class ArmGemm implements GemmKernel {
    private final Way way;
    private final CodeStage stage;
    private final Machine machine;
    // filled in as wanted; a race puts the same there
    private final MemorySegment[] code;

    ArmGemm(Way way, CodeStage stage, Machine machine) {
        this.way = way;
        this.stage = stage;
        this.machine = machine;
        code = new MemorySegment[way.tile().rows() + 1];
    }

    @Override
    public Tile tile() {
        return way.tile();
    }

    @Override
    public boolean finishes() {
        return stage.output() != CodeStage.Output.RAW;
    }

    @Override
    public long mostProducts() {
        return way.mostProducts();
    }

    @Override
    public int lacking(PackedMatrix weights, int column, int columnSum) {
        return way.lacking(weights, column, columnSum);
    }

    @Override
    public void run(GemmBlock block) {
        MemorySegment arguments = block.scratch.kernel().atLeast(ArmArguments.BYTES);
        ArmArguments.writeBlock(arguments, block, stage, block.firstPanel, block.panels);
        int rows = writeLoops(arguments, way, block.rows, block.b.depth());
        ArmArguments.writeLargest(arguments, stage, block.stage);
        if (code[rows] == null) {
            code[rows] = KernelCode.of(way, stage, rows);
        }
        MemorySegment output = finishes() ? block.output : block.sums;
        MemorySegment addend = stage.addend() == CodeStage.Addend.NONE ? MemorySegment.NULL : block.addend;
        machine.run(code[rows], block.a, output, addend, arguments, block.b.segment(), block);
    }

    /** Writes how rows are cut into tiles and the depth into steps; returns the rows of the larger tiles. */
    static int writeLoops(MemorySegment arguments, Way way, int rows, int depth) {
        int steps = depth / way.stepBytes();
        arguments.set(JAVA_LONG, ArmArguments.UNROLLED_STEPS, steps / way.unrolled());
        arguments.set(JAVA_LONG, ArmArguments.SINGLE_STEPS, steps % way.unrolled());
        arguments.set(JAVA_LONG, ArmArguments.TAIL_BYTES, depth % way.stepBytes());
        return ArmArguments.writeTiles(arguments, rows, way.tile().rows());
    }
}
