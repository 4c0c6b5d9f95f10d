// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.MatrixBatch;
import java.lang.foreign.MemorySegment;

/** One run of a batch of products: many small ones spread over threads, or one after another if they are large. */
final class MatmulCall implements Workers.Job {
    private static final double SMALL_PRODUCTS = 32 << 20;

    private GemmMatmul matmul;
    private GemmKernel kernel;
    private MatrixBatch shape;
    private MemorySegment left;
    private MemorySegment right;
    private MemorySegment output;

    void set(GemmMatmul operator, GemmKernel chosen, MatrixBatch sizes, MemorySegment a, MemorySegment b,
            MemorySegment c) {
        matmul = operator;
        kernel = chosen;
        shape = sizes;
        left = a;
        right = b;
        output = c;
    }

    void run(Workers workers, Scratch scratch) {
        double products = (double) shape.m() * shape.n() * shape.k();
        boolean together = shape.batch() >= 2 && shape.batch() <= Integer.MAX_VALUE && products < SMALL_PRODUCTS
                && products * shape.batch() >= GemmCall.SMALL_PRODUCTS && Workers.isShareable(left)
                && Workers.isShareable(right) && Workers.isShareable(output);
        try {
            if (together) {
                workers.run(this, (int) shape.batch(), scratch);
            } else {
                for (long matrix = 0; matrix < shape.batch(); matrix++) {
                    multiply(matrix, workers, scratch);
                }
            }
        } finally {
            set(null, null, null, null, null, null);
        }
    }

    @Override
    public void run(int task, Scratch scratch) {
        multiply(task, null, scratch);
    }

    private void multiply(long matrix, Workers workers, Scratch scratch) {
        matmul.pack(kernel, shape, right, matrix * shape.rightBatch(), scratch);
        MatrixRows rows = scratch.matrixRows();
        rows.set(left, matrix * shape.leftBatch(), shape.left(), shape.k(), matmul.signedLeft());
        OutputStage stage = matmul.stage();
        GemmCall call = scratch.gemm();
        call.multiply(shape.m(), rows, scratch.operand(), stage, null, stage.weightZeroPoints());
        call.store(output, matrix * shape.outputBatch() * stage.outputBytes(), shape.output() * stage.outputBytes(),
                null, 0);
        call.run(workers, scratch);
    }
}
