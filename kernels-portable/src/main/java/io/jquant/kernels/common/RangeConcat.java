// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.ConcatSpec;
import io.jquant.QuantizationParameters;
import io.jquant.kernels.portable.Affine;
import io.jquant.spi.ConcatKernel;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Tensors side by side: copied where the parameters are the output's, requantized by a kernel elsewhere. */
final class RangeConcat implements ConcatKernel {
    private final KernelContext context;
    /** Null for an input that is copied. */
    private final RangeKernel[] kernels;

    private RangeConcat(KernelContext context, RangeKernel[] kernels) {
        this.context = context.retain();
        this.kernels = kernels;
    }

    /** {@return the operator on kernels; its definition where one is missing} */
    static ConcatKernel of(KernelContext context, ConcatSpec spec, ConcatKernel definition) {
        RangeKernel[] kernels = new RangeKernel[spec.inputs().size()];
        for (int i = 0; i < kernels.length; i++) {
            QuantizationParameters input = spec.inputs().get(i);
            if (!input.equals(spec.output())) {
                kernels[i] = context.kernels().elements().conversion(Affine.of(input), Affine.of(spec.output()));
                if (kernels[i] == null) {
                    return definition;
                }
            }
        }
        return new RangeConcat(context, kernels);
    }

    @Override
    public void run(long rows, long[] columns, List<MemorySegment> inputs, MemorySegment output) {
        Scratch scratch = context.pool().borrow();
        try {
            long at = 0;
            for (long row = 0; row < rows; row++) {
                for (int i = 0; i < columns.length; i++) {
                    long from = row * columns[i];
                    if (kernels[i] == null) {
                        MemorySegment.copy(inputs.get(i), from, output, at, columns[i]);
                    } else {
                        kernels[i].run(inputs.get(i), from, output, at, columns[i], scratch);
                    }
                    at += columns[i];
                }
            }
        } finally {
            context.pool().giveBack(scratch);
        }
    }

    @Override
    public void close() {
        context.release();
    }
}
