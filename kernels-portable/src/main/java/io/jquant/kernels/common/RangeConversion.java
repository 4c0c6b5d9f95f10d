// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.ConversionSpec;
import io.jquant.kernels.portable.Affine;
import io.jquant.spi.ConversionKernel;
import java.lang.foreign.MemorySegment;

/** Quantize, dequantize and requantize on a kernel for every channel. */
final class RangeConversion implements ConversionKernel {
    /** Channels of fewer elements are not worth a kernel's call. */
    private static final long FEW = 16;

    private final KernelContext context;
    private final ConversionSpec spec;
    private final RangeKernel[] kernels;
    private final ConversionKernel definition;

    private RangeConversion(KernelContext context, ConversionSpec spec, RangeKernel[] kernels,
            ConversionKernel definition) {
        this.context = context.retain();
        this.spec = spec;
        this.kernels = kernels;
        this.definition = definition;
    }

    /** {@return the conversion on kernels; its definition where there is none} */
    static ConversionKernel of(KernelContext context, ConversionSpec spec, ConversionKernel definition) {
        RangeKernel[] kernels = new RangeKernel[spec.channels()];
        for (int channel = 0; channel < kernels.length; channel++) {
            kernels[channel] = context.kernels().elements().conversion(
                    spec.from() == null ? null : Affine.of(spec.from(), channel),
                    spec.to() == null ? null : Affine.of(spec.to(), channel));
            if (kernels[channel] == null) {
                return definition;
            }
        }
        return new RangeConversion(context, spec, kernels, definition);
    }

    @Override
    public void run(long outer, long inner, MemorySegment input, MemorySegment output) {
        if (inner < FEW && kernels.length > 1) {
            definition.run(outer, inner, input, output);
            return;
        }
        int inputBytes = spec.inputType().bits() / Byte.SIZE;
        int outputBytes = spec.outputType().bits() / Byte.SIZE;
        Scratch scratch = context.pool().borrow();
        try {
            long at = 0;
            for (long i = 0; i < outer * kernels.length; i++, at += inner) {
                scratch.range().from(input, at * inputBytes, inputBytes).to(output, at * outputBytes, outputBytes)
                        .run(kernels[(int) (i % kernels.length)], inner, context.workers(), scratch);
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
