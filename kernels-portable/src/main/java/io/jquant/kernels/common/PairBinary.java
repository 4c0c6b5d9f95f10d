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
    private final PairKernel alike;
    private final PairKernel broadcasting;
    private final BinaryKernel definition;

    private PairBinary(KernelContext context, PairKernel alike, PairKernel broadcasting, BinaryKernel definition) {
        this.context = context.retain();
        this.alike = alike;
        this.broadcasting = broadcasting;
        this.definition = definition;
    }

    /** {@return the function on kernels; its definition where one is missing} */
    static BinaryKernel of(KernelContext context, Numerics numerics, BinarySpec spec, BinaryKernel definition) {
        ElementKernels kernels = context.kernels().elements();
        PairKernel broadcasting = kernels.binary(spec, null);
        PairKernel alike = numerics == Numerics.QNNPACK && QnnpackAddition.handles(spec)
                ? kernels.binary(spec, QnnpackAddition.of(spec)) : broadcasting;
        return alike == null || broadcasting == null ? definition
                : new PairBinary(context, alike, broadcasting, definition);
    }

    @Override
    public void run(boolean broadcast, long rows, long columns, MemorySegment left, long leftStride, int leftStep,
            MemorySegment right, long rightStride, int rightStep, MemorySegment output, long outputOffset) {
        if (columns < FEW && rows > 1) {
            definition.run(broadcast, rows, columns, left, leftStride, leftStep, right, rightStride, rightStep,
                    output, outputOffset);
            return;
        }
        Scratch scratch = context.pool().borrow();
        try {
            scratch.pair().left(left, leftStride, leftStep).right(right, rightStride, rightStep)
                    .output(output, outputOffset)
                    .run(broadcast ? broadcasting : alike, rows, columns, context.workers(), scratch);
        } finally {
            context.pool().giveBack(scratch);
        }
    }

    @Override
    public void close() {
        context.release();
    }
}
