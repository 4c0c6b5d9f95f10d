// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jquant.Bias;
import io.jquant.ConvolutionSpec;
import io.jquant.DataType;
import io.jquant.Extent;
import io.jquant.QuantizationParameters;
import io.jquant.Window;
import io.jquant.kernels.portable.Requantization;
import io.jquant.spi.ConvolutionKernel;
import io.jquant.spi.Numerics;
import io.jquant.spi.PackedImage;
import java.lang.foreign.MemorySegment;

/** A convolution each of whose output channels sees one channel of the input. */
final class DepthwiseConvolution implements ConvolutionKernel {
    private static final String NARROW = ", narrow";

    private final KernelContext context;
    private final ConvolutionSpec spec;
    private final DepthwiseKernel kernel;
    private final DepthwiseShape shape;
    private final OutputStage stage;
    private final ColumnTerms terms = new ColumnTerms();
    private final OffHeap memory;
    private final MemorySegment packed;
    /** The weights as they were given. */
    private final MemorySegment canonical;
    private final String layout;
    private volatile Sizes sizes;

    /** The sizes of the last call. */
    private record Sizes(Extent in, Extent out) {
    }

    private DepthwiseConvolution(KernelContext context, ConvolutionSpec spec, DepthwiseKernel kernel,
            DepthwiseShape shape, OutputStage stage, Weights weights) {
        this.spec = spec;
        this.kernel = kernel;
        this.shape = shape;
        this.stage = stage;
        layout = "depthwise1 " + kernel.paddedChannels() + ", " + shape.taps() + (shape.narrow() ? NARROW : "");
        long packedBytes = Math.ceilDiv(kernel.weightBytes(), 64) * 64;
        long givenAt = packedBytes + ColumnTerms.bytes(stage, kernel.paddedChannels());
        memory = weights.memory(layout, givenAt + spec.weights());
        packed = memory.segment().asSlice(0, packedBytes);
        canonical = memory.segment().asSlice(givenAt);
        if (weights.isPacked()) {
            terms.adopt(memory.segment(), packedBytes, stage, kernel.paddedChannels());
        } else {
            canonical.copyFrom(weights.given().asSlice(0, spec.weights()));
            terms.place(memory.segment(), packedBytes, stage, kernel.paddedChannels());
        }
        this.context = context.retain();
    }

    /** {@return the convolution on a kernel, or null where none is for it} */
    static ConvolutionKernel of(KernelContext context, Numerics numerics, ConvolutionSpec spec, Weights weights,
            Bias bias) {
        if (spec.inChannels() != spec.groups() || spec.groups() == 1 || spec.transposed()) {
            return null;
        }
        short[] centered = weights.isPacked() ? null : centered(spec, weights.given());
        boolean narrow = centered == null ? weights.layout().endsWith(NARROW) : isNarrow(centered);
        Window window = spec.window();
        DepthwiseShape shape = new DepthwiseShape(spec.outChannels(), window.kernel(), window.stride().height(),
                window.stride().width(), window.dilation().height(), window.dilation().width(), narrow);
        Requantization numbers = new Requantization(numerics, spec.input(), spec.weight(), spec.outChannels(),
                spec.epilogue(), bias);
        OutputStage stage = GemmPlan.stage(spec.epilogue(), numbers, spec.weight(), spec.outChannels())
                .withoutWeightZeroPoints();
        DepthwiseKernel kernel = context.kernels().depthwise(shape, stage);
        // a kernel that keeps its weights itself has to be given them
        if (kernel == null || (centered == null && kernel.weightBytes() == 0)) {
            return null;
        }
        var convolution = new DepthwiseConvolution(context, spec, kernel, shape, stage, weights);
        if (centered != null) {
            convolution.setTerms(centered, numbers);
            kernel.pack(centered, convolution.packed);
        }
        return convolution;
    }

    /** Weights less their zero points, tap after tap. */
    private static short[] centered(ConvolutionSpec spec, MemorySegment weights) {
        int taps = (int) spec.window().kernel().volume();
        int channels = spec.outChannels();
        QuantizationParameters weight = spec.weight();
        short[] centered = new short[taps * channels];
        for (int channel = 0; channel < channels; channel++) {
            for (int tap = 0; tap < taps; tap++) {
                byte stored = weights.get(JAVA_BYTE, (long) channel * taps + tap);
                int value = weight.type() == DataType.U8 ? Byte.toUnsignedInt(stored) : stored;
                centered[tap * channels + channel] = (short) (value - weight.zeroPoint(channel));
            }
        }
        return centered;
    }

    private static boolean isNarrow(short[] weights) {
        for (short weight : weights) {
            if (weight != (byte) weight) {
                return false;
            }
        }
        return true;
    }

    private void setTerms(short[] centered, Requantization numbers) {
        int inputZero = GemmPlan.rowZeroPoint(spec.input());
        int channels = spec.outChannels();
        for (int channel = 0; channel < channels; channel++) {
            int sum = 0;
            for (int at = channel; at < centered.length; at += channels) {
                sum += centered[at];
            }
            terms.set(channel, numbers.integerBias(channel) - inputZero * sum, numbers.scale(channel),
                    numbers.realBias(channel), 0);
        }
    }

    @Override
    public void run(long batch, Extent inputExtent, MemorySegment input, long inputStride, MemorySegment output,
            long outputStride, MemorySegment addend, long addendStride) {
        ScratchPool pool = context.pool();
        Scratch scratch = pool.borrow();
        try {
            Sizes size = sizes(inputExtent);
            DepthwiseCall call = scratch.depthwise();
            call.image().set(spec, shape, input, inputStride, size.in, size.out, kernel.readsArrays());
            call.convolve(kernel, packed, terms, stage);
            call.store(batch, output, outputStride * stage.outputBytes(), addend, addendStride);
            call.run(context.workers(), scratch);
        } finally {
            pool.giveBack(scratch);
        }
    }

    /** The same object for the same input: a new one would be what a call allocates. */
    private Sizes sizes(Extent in) {
        Sizes last = sizes;
        if (last == null || !last.in.equals(in)) {
            last = new Sizes(in, spec.outputExtent(in));
            sizes = last;
        }
        return last;
    }

    @Override
    public void unpack(MemorySegment weights) {
        weights.copyFrom(canonical);
    }

    @Override
    public PackedImage image() {
        return kernel.weightBytes() == 0 ? null : new PackedImage(layout, memory.segment().asReadOnly());
    }

    @Override
    public void close() {
        memory.close();
        context.release();
    }
}
