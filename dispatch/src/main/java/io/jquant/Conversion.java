// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.spi.ConversionKernel;
import java.lang.foreign.MemorySegment;

/** Between real numbers and quantized ones: {@link ConversionSpec}. */
public final class Conversion extends Operator<ConversionKernel> {
    private final ConversionSpec spec;

    Conversion(ConversionSpec spec, ConversionKernel kernel) {
        super(kernel);
        this.spec = spec;
    }

    /**
     * Converts elements that all have the same parameters.
     *
     * @param count elements, 0 or more
     * @param input the input
     * @param output the output; the input itself where the elements have the same size, or memory of its own
     * @throws IllegalArgumentException if a segment is too small, the output is read-only or overlapping, or the
     *         parameters are per channel
     * @throws IllegalStateException if the operator is closed
     */
    public void run(long count, MemorySegment input, MemorySegment output) {
        Require.notNegative("count", count);
        if (spec.channels() != 1) {
            throw Require.failure("channels", spec.channels(), "1; give outer and inner otherwise");
        }
        run(1, count, input, output);
    }

    /**
     * Converts {@code [outer][channels][inner]} elements.
     *
     * @param outer the product of the axes before the channels, 0 or more
     * @param inner the product of the axes after the channels, 0 or more
     * @param input the input, contiguous
     * @param output the output, contiguous; the input itself where the elements have the same size, or memory of its
     *        own
     * @throws IllegalArgumentException if a segment is too small, or the output read-only or overlapping
     * @throws IllegalStateException if the operator is closed
     */
    public void run(long outer, long inner, MemorySegment input, MemorySegment output) {
        Require.notNegative("outer", outer);
        Require.notNegative("inner", inner);
        long elements = Require.product("elements", outer, spec.channels(), inner);
        Require.readable("input", input, Require.bytes("input", spec.inputType(), elements));
        Require.writable("output", output, Require.bytes("output", spec.outputType(), elements));
        Require.disjoint(output, "input", input, spec.inputType().bits() == spec.outputType().bits());
        ConversionKernel kernel = enter();
        try {
            kernel.run(outer, inner, input, output);
        } finally {
            leave();
        }
    }
}
