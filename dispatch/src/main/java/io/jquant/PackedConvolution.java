// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.spi.ConvolutionKernel;
import io.jquant.spi.Numerics;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** A convolution whose weights are packed: {@link ConvolutionSpec}. */
public final class PackedConvolution extends PackedOperator<ConvolutionKernel> {
    private final ConvolutionSpec spec;
    private final OutputExtents outputExtents;

    PackedConvolution(ConvolutionSpec spec, Bias bias, Numerics numerics, ConvolutionKernel kernel) {
        super(numerics, List.of(bias), kernel);
        this.spec = spec;
        outputExtents = new OutputExtents(spec::outputExtent);
    }

    @Override
    public ConvolutionSpec spec() {
        return spec;
    }

    /**
     * Runs the convolution on contiguous pixels.
     *
     * @param batch images, 0 or more
     * @param inputExtent size of an image, at least 1 each
     * @param input {@code [batch][depth][height][width][inChannels]}
     * @param output {@code [batch][depth][height][width][outChannels]} of {@link ConvolutionSpec#outputExtent},
     *        memory of its own
     * @throws IllegalArgumentException if a segment is too small, the window does not fit, the output is read-only
     *         or overlaps, or an addend is wanted
     * @throws IllegalStateException if the convolution is closed
     */
    public void run(long batch, Extent inputExtent, MemorySegment input, MemorySegment output) {
        run(batch, inputExtent, input, spec.inChannels(), output, spec.outChannels(), null, 0);
    }

    /**
     * Runs the convolution.
     *
     * @param batch images, 0 or more
     * @param inputExtent size of an image, at least 1 each
     * @param input the input, {@code inChannels} elements a pixel
     * @param inputStride elements from one pixel of the input to the next
     * @param output the output, {@code outChannels} elements a pixel, memory of its own
     * @param outputStride elements from one pixel of the output to the next
     * @param added the addend, {@code outChannels} elements a pixel; the output itself at the same stride, or
     *        memory of its own; null where the specification has none
     * @param addedStride elements from one pixel of the addend to the next
     * @throws IllegalArgumentException if a segment is too small, a stride shorter than a pixel, the window does not
     *         fit, the output is read-only or overlaps an operand, or the addend is there and not wanted or the other
     *         way round
     * @throws IllegalStateException if the convolution is closed
     */
    public void run(long batch, Extent inputExtent, MemorySegment input, long inputStride, MemorySegment output,
            long outputStride, MemorySegment added, long addedStride) {
        Require.notNegative("batch", batch);
        Extent outputExtent = outputExtents.of(inputExtent);
        long inPixels = Require.product("input", batch, inputExtent.volume());
        long outPixels = Require.product("output", batch, outputExtent.volume());
        DataType outputType = spec.epilogue().type();
        Require.rows("input", input, inPixels, spec.inChannels(), inputStride, spec.input().type());
        Require.writable("output", output,
                Require.rows("output", output, outPixels, spec.outChannels(), outputStride, outputType));
        Require.disjoint(output, "input", input, false);
        Require.addend(spec.epilogue().addend() != null, added, outPixels, spec.outChannels(), addedStride, output,
                outputStride);
        ConvolutionKernel kernel = enter();
        try {
            kernel.run(batch, inputExtent, input, inputStride, output, outputStride, added, addedStride);
        } finally {
            leave();
        }
    }

    @Override
    void unpack(ConvolutionKernel kernel, MemorySegment weights) {
        kernel.unpack(weights);
    }
}
