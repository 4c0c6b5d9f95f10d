// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.Bias;
import io.jquant.DataType;
import io.jquant.MatmulSpec;
import io.jquant.MatrixBatch;
import io.jquant.kernels.portable.Requantization;
import io.jquant.spi.MatmulKernel;
import io.jquant.spi.Numerics;
import java.lang.foreign.MemorySegment;

/** Products of two matrices, the right one packed when they run. */
final class GemmMatmul implements MatmulKernel {
    private final KernelContext context;
    private final OutputStage stage;
    private final float multiplier;
    private final byte flip;
    private final boolean signedLeft;
    private final int leftZero;
    private final int rightZero;
    private volatile Chosen chosen;

    /** The kernel for the last shape. */
    private record Chosen(int depth, int columns, GemmKernel kernel) {
    }

    GemmMatmul(KernelContext context, Numerics numerics, MatmulSpec spec) {
        // per tensor and without bias: one channel stands for all columns
        Requantization numbers = new Requantization(numerics, spec.left(), spec.right(), 1, spec.epilogue(),
                Bias.none());
        stage = GemmPlan.stage(spec.epilogue(), numbers, spec.right(), 1);
        multiplier = numbers.scale(0);
        flip = GemmPlan.flip(spec.right());
        signedLeft = spec.left().type() == DataType.S8;
        leftZero = GemmPlan.rowZeroPoint(spec.left());
        rightZero = GemmPlan.columnZeroPoint(spec.right(), 0);
        this.context = context.retain();
    }

    private GemmKernel kernel(int depth, int columns) {
        Chosen last = chosen;
        if (last == null || last.depth != depth || last.columns != columns) {
            last = new Chosen(depth, columns, context.kernels().gemm(new GemmShape(depth, columns, false), stage));
            chosen = last;
        }
        return last.kernel;
    }

    @Override
    public void run(MatrixBatch shape, MemorySegment left, MemorySegment right, MemorySegment output) {
        if (shape.batch() == 0 || shape.m() == 0) {
            return;
        }
        GemmKernel kernel = kernel(shape.k(), shape.n());
        Scratch scratch = context.pool().borrow();
        try {
            MatmulCall call = scratch.matmul();
            call.set(this, kernel, shape, left, right, output);
            call.run(context.workers(), scratch);
        } finally {
            context.pool().giveBack(scratch);
        }
    }

    OutputStage stage() {
        return stage;
    }

    boolean signedLeft() {
        return signedLeft;
    }

    /** Packs the right matrix and works out its columns' terms, into memory of the thread. */
    void pack(GemmKernel kernel, MatrixBatch shape, MemorySegment right, long rightAt, Scratch scratch) {
        GemmOperand operand = scratch.operand()[0];
        Tile tile = kernel.tile();
        long matrixBytes = Math.ceilDiv(PackedMatrix.bytes(tile, shape.k(), shape.n()), 64) * 64;
        int padded = tile.panels(shape.n()) * tile.columns();
        MemorySegment memory = scratch.call().atLeast(matrixBytes + ColumnTerms.bytes(stage, padded));
        operand.kernel = kernel;
        operand.weights.place(tile, shape.k(), shape.n(), memory, 0);
        operand.terms.place(memory, matrixBytes, stage, padded);
        int[] sums = scratch.ints(shape.n());
        Packing.packRows(right, rightAt, shape.right(), flip, operand.weights, sums);
        for (int column = 0; column < shape.n(); column++) {
            int initial = shape.k() * leftZero * rightZero - leftZero * sums[column]
                    + kernel.lacking(operand.weights, column, sums[column]);
            operand.terms.set(column, initial, multiplier, 0, rightZero);
        }
    }

    @Override
    public void close() {
        context.release();
    }
}
