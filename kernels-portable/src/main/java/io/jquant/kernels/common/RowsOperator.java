// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.spi.RowKernel;
import java.lang.foreign.MemorySegment;

/** A function of whole rows on a kernel. */
final class RowsOperator implements RowKernel {
    private final KernelContext context;
    private final RowsKernel kernel;
    private final int size;

    RowsOperator(KernelContext context, RowsKernel kernel, int size) {
        this.context = context.retain();
        this.kernel = kernel;
        this.size = size;
    }

    @Override
    public void run(long rows, MemorySegment input, MemorySegment output) {
        Scratch scratch = context.pool().borrow();
        try {
            scratch.rowsCall().run(kernel, rows, size, input, output, context.workers(), scratch);
        } finally {
            context.pool().giveBack(scratch);
        }
    }

    @Override
    public void close() {
        context.release();
    }
}
