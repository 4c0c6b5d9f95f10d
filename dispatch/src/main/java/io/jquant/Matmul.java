// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.spi.MatmulKernel;
import java.lang.foreign.MemorySegment;

/** A product of matrices that both are known only when it runs: {@link MatmulSpec}. */
public final class Matmul extends Operator<MatmulKernel> {
    private final MatmulSpec spec;

    Matmul(MatmulSpec spec, MatmulKernel kernel) {
        super(kernel);
        this.spec = spec;
    }

    /**
     * Runs the products.
     *
     * @param shape sizes and strides
     * @param left the left operand, {@code [m][k]} a product
     * @param right the right operand, {@code [k][n]} a product
     * @param output the output, {@code [m][n]} a product, memory of its own
     * @throws IllegalArgumentException if a segment is too small, or the output read-only or overlapping an operand
     * @throws IllegalStateException if the operator is closed
     */
    public void run(MatrixBatch shape, MemorySegment left, MemorySegment right, MemorySegment output) {
        Require.notNull("shape", shape);
        Require.readable("left", left, shape.leftElements());
        Require.readable("right", right, shape.rightElements());
        Require.writable("output", output,
                Require.bytes("output", spec.epilogue().type(), shape.outputElements()));
        Require.disjoint(output, "left", left, false);
        Require.disjoint(output, "right", right, false);
        MatmulKernel kernel = enter();
        try {
            kernel.run(shape, left, right, output);
        } finally {
            leave();
        }
    }
}
