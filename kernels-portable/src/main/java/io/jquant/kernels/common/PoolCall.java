// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.Extent;
import io.jquant.Pooling;
import io.jquant.PoolingSpec;
import io.jquant.kernels.portable.ReferencePooling;
import java.lang.foreign.MemorySegment;

/** One run of a pooling, a task for every row of the output, cut into pixels whose windows have one size. */
final class PoolCall implements Workers.Job {
    /** What takes less is not worth waking a thread for. */
    private static final long SMALL_BYTES = 1 << 18;
    /** Input of a block, which may have to be copied. */
    private static final long BLOCK_BYTES = 1 << 16;

    private PoolingSpec spec;
    private ReferencePooling definition;
    private PoolKernel kernel;
    private PoolKernel zeroPointFirst;
    private Extent in;
    private Extent out;
    private MemorySegment input;
    private MemorySegment output;

    /** Sets the pooling; of a maximum, both kernels are one. */
    void pool(PoolingSpec newSpec, ReferencePooling newDefinition, PoolKernel newKernel, PoolKernel newZeroPointFirst) {
        spec = newSpec;
        definition = newDefinition;
        kernel = newKernel;
        zeroPointFirst = newZeroPointFirst;
    }

    /** Runs on this thread and those of the workers. */
    void run(long batch, Extent inExtent, Extent outExtent, MemorySegment from, MemorySegment to, Workers workers,
            Scratch scratch) {
        in = inExtent;
        out = outExtent;
        input = from;
        output = to;
        try {
            int tasks = Math.toIntExact(batch * out.depth() * out.height());
            if (batch * in.volume() * spec.channels() < SMALL_BYTES || !Workers.isShareable(from)
                    || !Workers.isShareable(to)) {
                Workers.runAlone(this, tasks, scratch);
            } else {
                workers.run(this, tasks, scratch);
            }
        } finally {
            // keeps nothing of the user's alive
            input = null;
            output = null;
        }
    }

    @Override
    public void run(int task, Scratch scratch) {
        PoolBlock block = scratch.pool();
        PoolSpan depth = scratch.span(0).set(spec.pooling(), in, 0, task / out.height() % out.depth());
        PoolSpan height = scratch.span(1).set(spec.pooling(), in, 1, task % out.height());
        block.channels = spec.channels();
        block.depth = depth.points;
        block.height = height.points;
        block.planeStride = (long) depth.step * in.height() * in.width() * spec.channels();
        block.rowStride = (long) height.step * in.width() * spec.channels();
        block.input = input;
        block.output = output;
        long image = task / out.height() / out.depth();
        long line = ((image * in.depth() + depth.first) * in.height() + height.first) * in.width();
        long counted = (long) depth.counted * height.counted;
        for (int w = 0; w < out.width(); w += block.pixels) {
            PoolSpan width = scratch.span(2).set(spec.pooling(), in, 2, w);
            block.width = width.points;
            block.tapStride = (long) width.step * spec.channels();
            block.inputOffset = (line + width.first) * spec.channels();
            block.outputOffset = ((long) task * out.width() + w) * spec.channels();
            compute(block, width, w, counted, scratch.span(3));
        }
        block.input = null;
        block.output = null;
    }

    private void compute(PoolBlock block, PoolSpan width, int w, long counted, PoolSpan next) {
        long pixelBytes = (long) block.depth * block.height * block.width * block.channels;
        int most = Math.clamp(BLOCK_BYTES / pixelBytes, 1, out.width() - w);
        int step = 0;
        int pixels = 1;
        for (; pixels < most; pixels++) {
            next.set(spec.pooling(), in, 2, w + pixels);
            if (pixels == 1) {
                step = next.first - width.first;
            }
            if (next.points != width.points || next.counted != width.counted
                    || next.first != width.first + pixels * step) {
                break;
            }
        }
        block.pixels = pixels;
        block.pixelStep = (long) step * block.channels;
        long divisor = divisor((long) block.depth * block.height * block.width, counted * width.counted);
        block.multiplier = definition.multiplier(divisor, in);
        (definition.isZeroPointFirst(divisor, in) ? zeroPointFirst : kernel).run(block);
    }

    private long divisor(long points, long counted) {
        if (spec.pooling() instanceof Pooling.Average average) {
            return average.divisorOverride() != 0 ? average.divisorOverride()
                    : average.countIncludePad() ? counted : points;
        }
        return points;
    }
}
