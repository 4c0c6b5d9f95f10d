// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.spi.SpatialKernel;
import java.lang.foreign.MemorySegment;
import java.util.function.UnaryOperator;

/** A pooling or a resize over NHWC: {@link PoolingSpec}, {@link ResizeSpec}. */
public final class Spatial extends Operator<SpatialKernel> {
    private final int channels;
    private final OutputExtents outputExtents;

    Spatial(int channels, UnaryOperator<Extent> outputExtent, SpatialKernel kernel) {
        super(kernel);
        this.channels = channels;
        outputExtents = new OutputExtents(outputExtent);
    }

    /**
     * The output's size.
     *
     * @param inputExtent size of an image, at least 1 each
     * @return the output's size
     * @throws IllegalArgumentException if the window does not fit
     */
    public Extent outputExtent(Extent inputExtent) {
        return outputExtents.of(Require.notNull("inputExtent", inputExtent).requireAtLeast("inputExtent", 1));
    }

    /**
     * Runs the operator.
     *
     * @param batch images, 0 or more
     * @param inputExtent size of an image, at least 1 each
     * @param input {@code [batch][depth][height][width][channels]}
     * @param output the same with the output's size, memory of its own
     * @throws IllegalArgumentException if a segment is too small, the window does not fit, or the output is read-only
     *         or overlapping
     * @throws IllegalStateException if the operator is closed
     */
    public void run(long batch, Extent inputExtent, MemorySegment input, MemorySegment output) {
        Require.notNegative("batch", batch);
        Extent size = outputExtent(inputExtent);
        Require.readable("input", input, Require.product("input", batch, inputExtent.volume(), channels));
        Require.writable("output", output, Require.product("output", batch, size.volume(), channels));
        Require.disjoint(output, "input", input, false);
        SpatialKernel kernel = enter();
        try {
            kernel.run(batch, inputExtent, input, output);
        } finally {
            leave();
        }
    }
}
