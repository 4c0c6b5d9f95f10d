// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.BinarySpec;
import io.jquant.kernels.portable.QnnpackAddition;
import io.jquant.spi.BinaryKernel;
import io.jquant.spi.Numerics;
import java.lang.foreign.MemorySegment;

/** A function of pairs on kernels: one for operands of one shape, one for those that are broadcast. */
final class PairBinary implements BinaryKernel {
    /** Rows of fewer elements are not worth a kernel's call. */
    private static final long FEW = 16;

    private final KernelContext context;
    private final BinarySpec spec;
    private final PairKernel alike;
    private final BinaryKernel definition;
    /** Made when first wanted where it is not the other one: few sums are broadcast. */
    private volatile PairKernel broadcasting;

    private PairBinary(KernelContext context, BinarySpec spec, PairKernel alike, PairKernel broadcasting,
            BinaryKernel definition) {
        this.context = context.retain();
        this.spec = spec;
        this.alike = alike;
        this.broadcasting = broadcasting;
        this.definition = definition;
    }

    /** {@return the function on kernels; its definition where one is missing} */
    static BinaryKernel of(KernelContext context, Numerics numerics, BinarySpec spec, BinaryKernel definition) {
        ElementKernels kernels = context.kernels().elements();
        if (numerics == Numerics.QNNPACK && QnnpackAddition.handles(spec)) {
            PairKernel inFixedPoint = kernels.binary(spec, QnnpackAddition.of(spec));
            return inFixedPoint == null ? definition : new PairBinary(context, spec, inFixedPoint, null, definition);
        }
        PairKernel inFloats = kernels.binary(spec, null);
        return inFloats == null ? definition : new PairBinary(context, spec, inFloats, inFloats, definition);
    }

    @Override
    public void run(boolean broadcast, long rows, long columns, MemorySegment left, long leftStride, int leftStep,
            MemorySegment right, long rightStride, int rightStep, MemorySegment output, long outputOffset) {
        PairKernel kernel = columns < FEW && rows > 1 ? null : kernel(broadcast);
        if (kernel == null) {
            definition.run(broadcast, rows, columns, left, leftStride, leftStep, right, rightStride, rightStep,
                    output, outputOffset);
            return;
        }
        Scratch scratch = context.pool().borrow();
        try {
            scratch.pair().left(left, leftStride, leftStep).right(right, rightStride, rightStep)
                    .output(output, outputOffset)
                    .run(kernel, rows, columns, context.workers(), scratch);
        } finally {
            context.pool().giveBack(scratch);
        }
    }

    private PairKernel kernel(boolean broadcast) {
        PairKernel made = broadcast ? broadcasting : alike;
        if (made == null) {
            made = context.kernels().elements().binary(spec, null);
            broadcasting = made;
        }
        return made;
    }

    @Override
    public void close() {
        context.release();
    }
}
