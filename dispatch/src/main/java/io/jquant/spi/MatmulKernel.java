// SPDX-License-Identifier: Apache-2.0
package io.jquant.spi;

import io.jquant.MatrixBatch;
import java.lang.foreign.MemorySegment;

/** A product of two matrices that are known only when it runs. */
public interface MatmulKernel extends OperatorKernel {
    /**
     * Runs the product.
     *
     * @param shape sizes and strides
     * @param left the left operand, {@code [m][k]}
     * @param right the right operand, {@code [k][n]}
     * @param output the output, {@code [m][n]}
     */
    void run(MatrixBatch shape, MemorySegment left, MemorySegment right, MemorySegment output);
}
