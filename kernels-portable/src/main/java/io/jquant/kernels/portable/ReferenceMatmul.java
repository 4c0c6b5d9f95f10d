// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.Bias;
import io.jquant.MatmulSpec;
import io.jquant.MatrixBatch;
import io.jquant.spi.MatmulKernel;
import io.jquant.spi.Numerics;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Products of two matrices, by definition. */
final class ReferenceMatmul implements MatmulKernel {
    private final Centered left;
    private final Centered right;
    private final Requantization requantization;

    ReferenceMatmul(Numerics numerics, MatmulSpec spec) {
        this.left = Centered.of(spec.left(), 0);
        this.right = Centered.of(spec.right(), 0);
        // per tensor and without bias: one channel stands for all columns
        this.requantization = new Requantization(numerics, spec.left(), spec.right(), 1, spec.epilogue(), Bias.none());
    }

    @Override
    public void run(MatrixBatch shape, MemorySegment a, MemorySegment b, MemorySegment output) {
        short[] row = new short[shape.n()];
        int[] sums = new int[shape.n()];
        for (long matrix = 0; matrix < shape.batch(); matrix++) {
            for (int m = 0; m < shape.m(); m++) {
                Arrays.fill(sums, 0);
                for (int k = 0; k < shape.k(); k++) {
                    int factor = left.get(a, matrix * shape.leftBatch() + m * shape.left() + k);
                    right.load(b, matrix * shape.rightBatch() + k * shape.right(), row, 0, row.length);
                    for (int n = 0; n < row.length; n++) {
                        sums[n] += factor * row[n];
                    }
                }
                long at = matrix * shape.outputBatch() + m * shape.output();
                for (int n = 0; n < sums.length; n++) {
                    requantization.store(sums[n], 0, output, at + n, null, 0);
                }
            }
        }
    }
}
