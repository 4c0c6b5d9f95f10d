// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import io.jquant.Extent;
import io.jquant.Pooling;
import io.jquant.PoolingSpec;
import io.jquant.kernels.portable.ReferencePooling;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** One run of a pooling, a task for every row of the output. */
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
    /** What the rows were cut for last. */
    private PoolingSpec cutSpec;
    private Extent cutExtent;
    private PoolRun[] runs = new PoolRun[0];
    private int runCount;

    /** Pixels of a row whose windows have one size along it. */
    private static final class PoolRun {
        private final PoolSpan width = new PoolSpan();
        private int place;
        private int pixels;
        private int step;
    }

    /** Sets the pooling; of a maximum, both kernels are one. */
    void pool(PoolingSpec newSpec, ReferencePooling newDefinition, PoolKernel newKernel, PoolKernel newZeroPointFirst) {
        spec = newSpec;
        definition = newDefinition;
        kernel = newKernel;
        zeroPointFirst = newZeroPointFirst;
    }

    /** Runs on this thread and those of the workers. */
    @SuppressWarnings("ReferenceEquality") // whether it is the same operator, whatever its numbers
    void run(long batch, Extent inExtent, Extent outExtent, MemorySegment from, MemorySegment to, Workers workers,
            Scratch scratch) {
        in = inExtent;
        out = outExtent;
        input = from;
        output = to;
        if (cutSpec != spec || !in.equals(cutExtent)) {
            cut(scratch.span(2));
        }
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
        for (int i = 0; i < runCount; i++) {
            PoolRun run = runs[i];
            block.width = run.width.points;
            block.tapStride = (long) run.width.step * spec.channels();
            block.pixelStep = (long) run.step * spec.channels();
            int most = Math.clamp(BLOCK_BYTES / ((long) block.depth * block.height * block.width * block.channels), 1,
                    run.pixels);
            for (int pixel = 0; pixel < run.pixels; pixel += most) {
                block.pixels = Math.min(most, run.pixels - pixel);
                block.inputOffset = (line + run.width.first + (long) pixel * run.step) * spec.channels();
                block.outputOffset = ((long) task * out.width() + run.place + pixel) * spec.channels();
                compute(block, counted * run.width.counted);
            }
        }
        block.input = null;
        block.output = null;
    }

    /** Cuts a row of the output into runs, the same for all rows. */
    private void cut(PoolSpan next) {
        cutSpec = spec;
        cutExtent = in;
        runCount = 0;
        for (int w = 0; w < out.width(); w += runs[runCount++].pixels) {
            if (runCount == runs.length) {
                runs = Arrays.copyOf(runs, 2 * runCount + 4);
            }
            if (runs[runCount] == null) {
                runs[runCount] = new PoolRun();
            }
            PoolRun run = runs[runCount];
            run.place = w;
            run.step = 0;
            run.width.set(spec.pooling(), in, 2, w);
            for (run.pixels = 1; w + run.pixels < out.width(); run.pixels++) {
                next.set(spec.pooling(), in, 2, w + run.pixels);
                if (run.pixels == 1) {
                    run.step = next.first - run.width.first;
                }
                if (next.points != run.width.points || next.counted != run.width.counted
                        || next.first != run.width.first + run.pixels * run.step) {
                    break;
                }
            }
        }
    }

    private void compute(PoolBlock block, long counted) {
        long divisor = divisor((long) block.depth * block.height * block.width, counted);
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
