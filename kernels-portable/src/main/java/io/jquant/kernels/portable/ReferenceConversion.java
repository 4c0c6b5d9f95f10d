// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import io.jquant.ConversionSpec;
import io.jquant.spi.ConversionKernel;
import java.lang.foreign.MemorySegment;

/** Quantize, dequantize and, as the one after the other, requantize (numerics.md 2.2); the same in both numerics. */
final class ReferenceConversion implements ConversionKernel {
    private final ConversionSpec spec;

    ReferenceConversion(ConversionSpec spec) {
        this.spec = spec;
    }

    @Override
    public void run(long outer, long inner, MemorySegment input, MemorySegment output) {
        long at = 0;
        for (long i = 0; i < outer; i++) {
            for (int channel = 0; channel < spec.channels(); channel++) {
                Affine from = spec.from() == null ? null : Affine.of(spec.from(), channel);
                Affine to = spec.to() == null ? null : Affine.of(spec.to(), channel);
                for (long j = 0; j < inner; j++, at++) {
                    float real = from == null
                            ? input.getAtIndex(JAVA_FLOAT_UNALIGNED, at)
                            : from.dequantize(from.get(input, at));
                    if (to == null) {
                        output.setAtIndex(JAVA_FLOAT_UNALIGNED, at, real);
                    } else {
                        to.set(output, at, to.quantize(real));
                    }
                }
            }
        }
    }
}
