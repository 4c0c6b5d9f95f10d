// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.Bias;
import io.jquant.ConvolutionSpec;
import io.jquant.DataType;
import io.jquant.Extent;
import io.jquant.Window;
import io.jquant.kernels.portable.Requantization;
import io.jquant.spi.ConvolutionKernel;
import io.jquant.spi.Numerics;
import java.lang.foreign.MemorySegment;

/** A convolution as a product of the pixels under the window with the weights, for every group. */
final class GemmConvolution implements ConvolutionKernel {
    private final ConvolutionSpec spec;
    private final GemmPlan plan;
    private final boolean pointwise;
    private volatile Sizes sizes;

    /** The sizes of the last call. */
    private record Sizes(Extent in, Extent out) {
    }

    GemmConvolution(KernelContext context, Numerics numerics, ConvolutionSpec spec, MemorySegment weights, Bias bias) {
        this.spec = spec;
        Requantization numbers = new Requantization(numerics, spec.input(), spec.weight(), spec.outChannels(),
                spec.epilogue(), bias);
        OutputStage stage = GemmPlan.stage(spec.epilogue(), numbers, spec.weight(), spec.outChannels());
        int taps = Math.toIntExact(spec.window().kernel().volume());
        int inputs = spec.inChannels() / spec.groups();
        int outputs = spec.outChannels() / spec.groups();
        WeightOrder[] orders = new WeightOrder[spec.groups()];
        for (int group = 0; group < orders.length; group++) {
            // along the depth: taps, and for each its channels
            long base = (long) group * inputs * outputs * taps;
            orders[group] = spec.transposed()
                    ? new WeightOrder(base, taps, inputs, (long) outputs * taps, 1)
                    : new WeightOrder(base, (long) inputs * taps, inputs, taps, 1);
        }
        plan = new GemmPlan(context, stage, taps * inputs, outputs, orders, spec.weight(), weights);
        plan.setTerms(spec.input(), spec.weight(), numbers);
        Window window = spec.window();
        pointwise = taps == 1 && window.stride().equals(Extent.ONE) && window.padBegin().equals(Extent.ZERO)
                && window.padEnd().equals(Extent.ZERO) && spec.outputPadding().equals(Extent.ZERO);
    }

    @Override
    public void run(long batch, Extent inputExtent, MemorySegment input, long inputStride, MemorySegment output,
            long outputStride, MemorySegment addend, long addendStride) {
        ScratchPool pool = plan.context().pool();
        Scratch scratch = pool.borrow();
        try {
            Extent size = outputExtent(inputExtent);
            GemmCall call = scratch.gemm();
            call.multiply(batch * size.volume(), rows(scratch, input, inputStride, inputExtent, size),
                    plan.operands(), plan.stage(), null, plan.stage().weightZeroPoints());
            call.store(output, 0, outputStride * plan.stage().outputBytes(), addend, addendStride);
            call.run(plan.context().workers(), scratch);
        } finally {
            pool.giveBack(scratch);
        }
    }

    /** The same object for the same input: a new one would be what a call allocates. */
    private Extent outputExtent(Extent in) {
        Sizes last = sizes;
        if (last == null || !last.in.equals(in)) {
            last = new Sizes(in, spec.outputExtent(in));
            sizes = last;
        }
        return last.out;
    }

    private RowSource rows(Scratch scratch, MemorySegment input, long inputStride, Extent in, Extent out) {
        if (pointwise) {
            scratch.matrixRows().set(input, 0, inputStride, spec.inChannels() / spec.groups(),
                    spec.input().type() == DataType.S8);
            return scratch.matrixRows();
        }
        scratch.patchRows().set(spec, input, inputStride, in, out);
        return scratch.patchRows();
    }

    @Override
    public void unpack(MemorySegment weights) {
        plan.unpack(weights);
    }

    @Override
    public void close() {
        plan.close();
    }
}
