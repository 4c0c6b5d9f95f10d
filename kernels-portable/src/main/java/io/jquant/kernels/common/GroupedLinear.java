// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.Bias;
import io.jquant.GroupedLinearSpec;
import io.jquant.spi.LinearKernel;
import io.jquant.spi.PackedImage;
import java.lang.foreign.MemorySegment;

/** A fully connected layer with weights of 4 bits: rows are quantized, then multiplied by a kernel. */
final class GroupedLinear implements LinearKernel {
    /** Quantized rows that are kept at a time. */
    private static final long MOST_BYTES = 4L << 20;

    private final KernelContext context;
    private final GroupedKernel kernel;
    private final GroupedLinearSpec spec;
    private final GroupedWeights weights;

    GroupedLinear(KernelContext context, GroupedKernel kernel, GroupedLinearSpec spec, Weights from, Bias bias) {
        this.kernel = kernel;
        this.spec = spec;
        this.weights = new GroupedWeights(spec, kernel, from, bias);
        this.context = context.retain();
    }

    @Override
    public void run(long rows, MemorySegment input, long inputStride, MemorySegment output, long outputStride,
            MemorySegment addend, long addendStride) {
        Scratch scratch = context.pool().borrow();
        try {
            GroupedLayout layout = weights.layout();
            int step = (int) Math.clamp(MOST_BYTES / layout.rowBytes(), 1, Math.max(rows, 1));
            MemorySegment quantized = scratch.call().atLeast(step * layout.rowBytes());
            GroupedCall call = scratch.grouped();
            call.layer(kernel, weights, spec.activation().min(), spec.activation().max());
            for (long row = 0; row < rows; row += step) {
                int count = (int) Math.min(step, rows - row);
                for (int i = 0; i < count; i++) {
                    quantize(input, (row + i) * inputStride * Float.BYTES, quantized, i * layout.rowBytes(), scratch);
                }
                call.store(output, row * outputStride * Float.BYTES, outputStride * Float.BYTES);
                call.run(quantized, count, context.workers(), scratch);
            }
        } finally {
            context.pool().giveBack(scratch);
        }
    }

    private void quantize(MemorySegment input, long offset, MemorySegment to, long toOffset, Scratch scratch) {
        GroupedLayout layout = weights.layout();
        int whole = spec.inFeatures() / layout.groupSize();
        kernel.quantize(layout, input, offset, whole, to, toOffset, scratch);
        if (whole < layout.groups()) {
            GroupedRows.quantize(layout, input, offset + (long) whole * layout.groupSize() * Float.BYTES,
                    spec.inFeatures() % layout.groupSize(), to, toOffset + (long) whole * layout.rowRecordBytes());
        }
    }

    @Override
    public void unpack(MemorySegment to) {
        weights.unpack(to);
    }

    @Override
    public PackedImage image() {
        return weights.image();
    }

    @Override
    public void close() {
        weights.close();
        context.release();
    }
}
