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
import io.jquant.spi.PackedImage;
import java.lang.foreign.MemorySegment;

/** A convolution as a product of the pixels under the window with the weights, for every group. */
final class GemmConvolution implements ConvolutionKernel {
    private static final int SHORT_LINE = 6;

    private final ConvolutionSpec spec;
    private final GemmPlan plan;
    private final boolean pointwise;
    /** How kernels read the image; null if they read copies. */
    private final ImageLayout layout;
    private final DepthwiseShape shape;
    private volatile Sizes sizes;

    /** The sizes of the last call. */
    private record Sizes(Extent in, Extent out) {
    }

    GemmConvolution(KernelContext context, Numerics numerics, ConvolutionSpec spec, Weights weights, Bias bias) {
        this.spec = spec;
        Window window = spec.window();
        Requantization numbers = new Requantization(numerics, spec.input(), spec.weight(), spec.outChannels(),
                spec.epilogue(), bias);
        OutputStage stage = GemmPlan.stage(spec.epilogue(), numbers, spec.weight(), spec.outChannels());
        int taps = Math.toIntExact(spec.window().kernel().volume());
        int inputs = spec.inChannels() / spec.groups();
        int outputs = spec.outChannels() / spec.groups();
        pointwise = isPointwise(spec, taps);
        layout = layout(context, stage, taps * inputs, outputs);
        shape = new DepthwiseShape(spec.inChannels(), window.kernel(), window.stride().height(),
                window.stride().width(), window.dilation().height(), window.dilation().width(), true);
        if (layout != null && layout.isPadded()) {
            WeightOrder order = WeightOrder.matrix(layout.depth(), layout.depth(), 1);
            plan = new GemmPlan(context, stage, layout.depth(), outputs, new WeightOrder[] {order}, spec.weight(),
                    weights.map(given -> layout.spread(given, outputs, GemmPlan.flip(spec.weight()))));
            plan.setTerms(spec.input(), spec.weight(), numbers);
            return;
        }
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
    }

    private static boolean isPointwise(ConvolutionSpec spec, int taps) {
        Window window = spec.window();
        return taps == 1 && window.stride().equals(Extent.ONE) && window.padBegin().equals(Extent.ZERO)
                && window.padEnd().equals(Extent.ZERO) && spec.outputPadding().equals(Extent.ZERO);
    }

    private ImageLayout layout(KernelContext context, OutputStage stage, int depth, int outputs) {
        // sums of rows are taken of copies
        if (pointwise || stage.weightZeroPoints()) {
            return null;
        }
        int unit = context.kernels().gemm(new GemmShape(depth, outputs, true), stage)
                .imageUnit(ImageLayout.bytes(spec), spec.window().kernel().depth());
        return unit == 0 ? null : ImageLayout.of(spec, unit);
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
        if (readsImage(inputStride, out)) {
            scratch.imageSource().set(spec, layout, shape, input, inputStride, in, out);
            return scratch.imageSource();
        }
        scratch.patchRows().set(spec, layout, input, inputStride, in, out);
        return scratch.patchRows();
    }

    /** Tiles end with the lines of the image: short lines make small ones. Taps of a piece lie side by side. */
    private boolean readsImage(long inputStride, Extent out) {
        GemmOperand operand = plan.operands()[0];
        return layout != null && (inputStride == spec.inChannels() || layout.bytes() == layout.channels())
                && out.width() >= SHORT_LINE
                && out.width() * operand.weights.panelBytes() <= operand.kernel.mostProducts();
    }

    @Override
    public void unpack(MemorySegment weights) {
        if (layout == null || !layout.isPadded()) {
            plan.unpack(weights);
            return;
        }
        MemorySegment spread = MemorySegment.ofArray(new byte[spec.outChannels() * layout.depth()]);
        plan.unpack(spread);
        layout.gather(spread, spec.outChannels(), weights);
    }

    @Override
    public PackedImage image() {
        return plan.image();
    }

    @Override
    public void close() {
        plan.close();
    }
}
