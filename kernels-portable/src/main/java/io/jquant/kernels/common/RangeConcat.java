// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.ConcatSpec;
import io.jquant.QuantizationParameters;
import io.jquant.kernels.portable.Affine;
import io.jquant.spi.ConcatKernel;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.LongStream;

/** Tensors side by side: copied where the parameters are the output's, requantized by a kernel elsewhere. */
final class RangeConcat implements ConcatKernel {
    private final KernelContext context;
    /** Null for an input that is copied without one. */
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
            } else {
                kernels[i] = context.kernels().elements().copy();
            }
        }
        return new RangeConcat(context, kernels);
    }

    @Override
    public void run(long rows, long[] columns, List<MemorySegment> inputs, MemorySegment output) {
        Scratch scratch = context.pool().borrow();
        try {
            long width = LongStream.of(columns).sum();
            long at = 0;
            for (int i = 0; i < columns.length; at += columns[i++]) {
                if (kernels[i] == null) {
                    copy(rows, columns[i], inputs.get(i), output, at, width);
                } else {
                    kernels[i].rows(inputs.get(i), 0, columns[i], output, at, width, rows, columns[i], scratch);
                }
            }
        } finally {
            context.pool().giveBack(scratch);
        }
    }

    private static void copy(long rows, long columns, MemorySegment input, MemorySegment output, long at, long width) {
        for (long row = 0; row < rows; row++) {
            MemorySegment.copy(input, row * columns, output, at + row * width, columns);
        }
    }

    @Override
    public void close() {
        context.release();
    }
}
