// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.spi.LinearKernel;
import io.jquant.spi.Numerics;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A fully connected layer whose weights are packed: {@link LinearSpec}, {@link DynamicLinearSpec} or
 * {@link GroupedLinearSpec}.
 */
public final class PackedLinear extends PackedOperator<LinearKernel> {
    private final FullyConnectedSpec spec;
    private final int inFeatures;
    private final int outFeatures;
    private final DataType inputType;
    private final DataType outputType;
    private final boolean addend;

    PackedLinear(FullyConnectedSpec spec, Bias bias, Numerics numerics, LinearKernel kernel) {
        super(numerics, List.of(bias), kernel);
        this.spec = spec;
        inFeatures = spec.inFeatures();
        outFeatures = spec.outFeatures();
        inputType = spec.inputType();
        outputType = spec.outputType();
        addend = spec.hasAddend();
    }

    @Override
    public FullyConnectedSpec spec() {
        return spec;
    }

    /**
     * Runs the layer on contiguous rows.
     *
     * @param rows rows of input and output, 0 or more
     * @param input {@code [rows][inFeatures]}
     * @param output {@code [rows][outFeatures]}, memory of its own
     * @throws IllegalArgumentException if a segment is too small, the output is read-only or overlaps, or an addend
     *         is wanted
     * @throws IllegalStateException if the layer is closed
     */
    public void run(long rows, MemorySegment input, MemorySegment output) {
        run(rows, input, inFeatures, output, outFeatures, null, 0);
    }

    /**
     * Runs the layer.
     *
     * @param rows rows of input and output, 0 or more
     * @param input the input, {@code inFeatures} elements a row
     * @param inputStride elements from one row of the input to the next
     * @param output the output, {@code outFeatures} elements a row, memory of its own
     * @param outputStride elements from one row of the output to the next
     * @param added the addend, {@code outFeatures} elements a row; the output itself at the same stride, or
     *        memory of its own; null where the specification has none
     * @param addedStride elements from one row of the addend to the next
     * @throws IllegalArgumentException if a segment is too small, a stride shorter than a row, the output read-only
     *         or overlapping an operand, or the addend there and not wanted or the other way round
     * @throws IllegalStateException if the layer is closed
     */
    public void run(long rows, MemorySegment input, long inputStride, MemorySegment output, long outputStride,
            MemorySegment added, long addedStride) {
        Require.notNegative("rows", rows);
        Require.rows("input", input, rows, inFeatures, inputStride, inputType);
        Require.writable("output", output, Require.rows("output", output, rows, outFeatures, outputStride, outputType));
        Require.disjoint(output, "input", input, false);
        Require.addend(addend, added, rows, outFeatures, addedStride, output, outputStride);
        LinearKernel kernel = enter();
        try {
            kernel.run(rows, input, inputStride, output, outputStride, added, addedStride);
        } finally {
            leave();
        }
    }

    /** {@return columns of the input} */
    public int inFeatures() {
        return inFeatures;
    }

    /** {@return columns of the output} */
    public int outFeatures() {
        return outFeatures;
    }

    @Override
    void unpack(LinearKernel kernel, MemorySegment weights) {
        kernel.unpack(weights);
    }
}
