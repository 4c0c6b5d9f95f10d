// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.EmbeddingBagSpec;
import io.jquant.kernels.portable.ReferenceEmbeddingBag;
import java.lang.foreign.MemorySegment;

/** Sums of rows of a table, each added by a kernel where there is one. */
final class BagOperator extends ReferenceEmbeddingBag {
    private final KernelContext context;
    private final BagKernel kernel;
    private final int dimension;

    BagOperator(KernelContext context, EmbeddingBagSpec spec, MemorySegment table, BagKernel kernel) {
        super(spec, table);
        this.context = context.retain();
        this.kernel = kernel;
        this.dimension = spec.dimension();
    }

    @Override
    public void run(long bags, MemorySegment indices, MemorySegment offsets, MemorySegment weights,
            MemorySegment output) {
        Scratch scratch = context.pool().borrow();
        try {
            run(bags, indices, offsets, weights, output, scratch.floats(dimension));
        } finally {
            context.pool().giveBack(scratch);
        }
    }

    @Override
    protected void add(MemorySegment table, long row, float scale, float bias, float[] sums) {
        if (kernel == null) {
            super.add(table, row, scale, bias, sums);
        } else {
            kernel.add(table, row, scale, bias, sums, dimension);
        }
    }

    @Override
    public void close() {
        super.close();
        context.release();
    }
}
