// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.spi.LinearKernel;
import java.lang.foreign.MemorySegment;

/** A fully connected layer whose weights are packed: {@link LinearSpec} or {@link DynamicLinearSpec}. */
public final class PackedLinear extends Operator<LinearKernel> {
    private final int inFeatures;
    private final int outFeatures;
    private final DataType inputType;
    private final DataType outputType;
    private final boolean addend;

    PackedLinear(LinearSpec spec, LinearKernel kernel) {
        super(kernel);
        inFeatures = spec.inFeatures();
        outFeatures = spec.outFeatures();
        inputType = spec.input().type();
        outputType = spec.epilogue().type();
        addend = spec.epilogue().addend() != null;
    }

    PackedLinear(DynamicLinearSpec spec, LinearKernel kernel) {
        super(kernel);
        inFeatures = spec.inFeatures();
        outFeatures = spec.outFeatures();
        inputType = DataType.F32;
        outputType = DataType.F32;
        addend = false;
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
     * @param added the addend, {@code outFeatures} elements a row; null where the specification has none
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
        Require.addend(addend, added, rows, outFeatures, addedStride, output,
                outputStride);
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

    void unpack(MemorySegment weights) {
        LinearKernel kernel = enter();
        try {
            kernel.unpack(weights);
        } finally {
            leave();
        }
    }
}
