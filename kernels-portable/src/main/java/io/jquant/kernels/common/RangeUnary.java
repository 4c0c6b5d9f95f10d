// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.spi.UnaryKernel;
import java.lang.foreign.MemorySegment;

/** A function of every byte on a kernel. */
final class RangeUnary implements UnaryKernel {
    private final KernelContext context;
    private final RangeKernel kernel;

    RangeUnary(KernelContext context, RangeKernel kernel) {
        this.context = context.retain();
        this.kernel = kernel;
    }

    @Override
    public void run(long count, MemorySegment input, MemorySegment output) {
        Scratch scratch = context.pool().borrow();
        try {
            scratch.range().from(input, 0, 1).to(output, 0, 1).run(kernel, count, context.workers(), scratch);
        } finally {
            context.pool().giveBack(scratch);
        }
    }

    @Override
    public void close() {
        context.release();
    }
}
