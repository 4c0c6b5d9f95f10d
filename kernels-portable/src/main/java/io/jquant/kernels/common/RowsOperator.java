// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.spi.RowKernel;
import java.lang.foreign.MemorySegment;

/** A function of whole rows on a kernel whose elements they are. */
final class RowsOperator implements RowKernel {
    private final KernelContext context;
    private final RangeKernel kernel;
    private final int size;

    RowsOperator(KernelContext context, RangeKernel kernel, int size) {
        this.context = context.retain();
        this.kernel = kernel;
        this.size = size;
    }

    @Override
    public void run(long rows, MemorySegment input, MemorySegment output) {
        Scratch scratch = context.pool().borrow();
        try {
            scratch.range().from(input, 0, size).to(output, 0, size).run(kernel, rows, context.workers(), scratch);
        } finally {
            context.pool().giveBack(scratch);
        }
    }

    @Override
    public void close() {
        context.release();
    }
}
