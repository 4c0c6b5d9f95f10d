// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.DataType;
import io.jquant.Extent;
import io.jquant.Pooling;
import io.jquant.PoolingSpec;
import io.jquant.kernels.portable.Affine;
import io.jquant.kernels.portable.ReferencePooling;
import io.jquant.spi.SpatialKernel;
import java.lang.foreign.MemorySegment;

/** A pooling on kernels. */
final class PoolOperator implements SpatialKernel {
    /** Pixels of a window that kernels are for: their sum fits an int. */
    private static final long MOST_POINTS = 1 << 16;

    private final KernelContext context;
    private final PoolingSpec spec;
    private final ReferencePooling definition;
    private final PoolKernel kernel;
    private final PoolKernel zeroPointFirst;
    private volatile Sizes sizes;

    /** The sizes of the last call, and whether the kernels are for them. */
    private record Sizes(Extent in, Extent out, boolean handled) {
    }

    private PoolOperator(KernelContext context, PoolingSpec spec, ReferencePooling definition, PoolKernel kernel,
            PoolKernel zeroPointFirst) {
        this.context = context.retain();
        this.spec = spec;
        this.definition = definition;
        this.kernel = kernel;
        this.zeroPointFirst = zeroPointFirst;
    }

    /** {@return the pooling on kernels; its definition where there is none} */
    static SpatialKernel of(KernelContext context, PoolingSpec spec, ReferencePooling definition) {
        ElementKernels kernels = context.kernels().elements();
        boolean max = spec.pooling() instanceof Pooling.Max || spec.pooling() instanceof Pooling.AdaptiveMax;
        Affine input = Affine.of(spec.input());
        Affine output = Affine.of(spec.output());
        PoolKernel first = max ? kernels.maximum(spec.input().type() == DataType.S8)
                : kernels.mean(input, output, true);
        PoolKernel last = max ? first : kernels.mean(input, output, false);
        return first == null || last == null ? definition
                : new PoolOperator(context, spec, definition, last, first);
    }

    @Override
    public void run(long batch, Extent inputExtent, MemorySegment input, MemorySegment output) {
        Sizes size = sizes(inputExtent);
        if (!size.handled) {
            definition.run(batch, inputExtent, input, output);
            return;
        }
        Scratch scratch = context.pool().borrow();
        try {
            scratch.pooling().pool(spec, definition, kernel, zeroPointFirst);
            scratch.pooling().run(batch, size.in, size.out, input, output, context.workers(), scratch);
        } finally {
            context.pool().giveBack(scratch);
        }
    }

    private Sizes sizes(Extent in) {
        Sizes last = sizes;
        if (last == null || !last.in.equals(in)) {
            Extent out = spec.pooling().outputExtent(in);
            last = new Sizes(in, out, isHandled(in, out));
            sizes = last;
        }
        return last;
    }

    /** Whether every window has pixels, and not too many of them. */
    private boolean isHandled(Extent in, Extent out) {
        PoolSpan span = new PoolSpan();
        long volume = 1;
        for (int axis = 0; axis < 3; axis++) {
            int most = 0;
            for (int place = 0; place < out.get(axis); place++) {
                int points = span.set(spec.pooling(), in, axis, place).points;
                if (points == 0) {
                    return false;
                }
                most = Math.max(most, points);
            }
            volume *= most;
        }
        return volume <= MOST_POINTS;
    }

    @Override
    public void close() {
        context.release();
    }
}
