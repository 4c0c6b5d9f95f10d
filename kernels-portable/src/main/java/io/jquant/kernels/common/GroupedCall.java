// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;

/** One run of a grouped layer on rows that are quantized, cut into tasks of a block of rows and a range of panels. */
final class GroupedCall implements Workers.Job {
    /** Rows of a block: they stay in the second-level cache while all weights pass by. */
    private static final int BLOCK_ROWS = 48;
    /** Terms that a call of a kernel multiplies, about 70 microseconds long. */
    private static final long MOST_PRODUCTS = 32L << 20;
    /** Fewer rows take as long, the time that weights take from memory. */
    private static final int FEW_ROWS = 8;

    private GroupedKernel kernel;
    private GroupedWeights weights;
    private MemorySegment rows;
    private int rowCount;
    private float min;
    private float max;
    private MemorySegment output;
    private long outputOffset;
    private long outputStride;
    private int taskPanels;
    private int ranges;

    /** Sets the layer. */
    void layer(GroupedKernel newKernel, GroupedWeights newWeights, float newMin, float newMax) {
        kernel = newKernel;
        weights = newWeights;
        min = newMin;
        max = newMax;
    }

    /** Sets the output; strides and the offset are in bytes. */
    void store(MemorySegment to, long toOffset, long toStride) {
        output = to;
        outputOffset = toOffset;
        outputStride = toStride;
    }

    /** Runs on this thread and those of the workers. */
    void run(MemorySegment quantized, int count, Workers workers, Scratch scratch) {
        rows = quantized;
        rowCount = count;
        GroupedLayout layout = weights.layout();
        double products = (double) count * weights.columns() * layout.groups() * layout.groupSize();
        boolean alone = products < GemmCall.SMALL_PRODUCTS || !Workers.isShareable(output);
        int blocks = Math.ceilDiv(count, BLOCK_ROWS);
        int wanted = alone ? 1 : Math.ceilDiv(workers.count(), blocks);
        taskPanels = Math.ceilDiv(weights.panels(), Math.min(wanted, weights.panels()));
        ranges = Math.ceilDiv(weights.panels(), taskPanels);
        try {
            if (alone) {
                Workers.runAlone(this, blocks * ranges, scratch);
            } else {
                workers.run(this, blocks * ranges, scratch);
            }
        } finally {
            // keeps nothing of the user's alive
            output = null;
        }
    }

    @Override
    public void run(int task, Scratch scratch) {
        GroupedLayout layout = weights.layout();
        int firstRow = task / ranges * BLOCK_ROWS;
        GroupedBlock block = scratch.groupedBlock();
        block.weights = weights;
        block.rows = rows;
        block.rowsOffset = firstRow * layout.rowBytes();
        block.rowCount = Math.min(BLOCK_ROWS, rowCount - firstRow);
        block.min = min;
        block.max = max;
        long panelProducts = (long) Math.max(block.rowCount, FEW_ROWS) * layout.columns() * layout.groups()
                * layout.groupSize();
        int step = Math.clamp(MOST_PRODUCTS / panelProducts, 1, taskPanels);
        int last = Math.min(weights.panels(), (task % ranges + 1) * taskPanels);
        int whole = Math.min(last, weights.columns() / layout.columns());
        int panel = task % ranges * taskPanels;
        for (; panel < whole; panel += block.panels) {
            block.firstPanel = panel;
            block.panels = Math.min(step, whole - panel);
            direct(block, firstRow);
        }
        if (panel < last) {
            lastPanel(block, firstRow, scratch);
        }
        block.output = null;
        block.rows = null;
    }

    private long place(int row, int panel) {
        return outputOffset + row * outputStride + (long) panel * weights.layout().columns() * Float.BYTES;
    }

    private void direct(GroupedBlock block, int firstRow) {
        block.output = output;
        block.outputOffset = place(firstRow, block.firstPanel);
        block.outputStride = outputStride;
        kernel.run(block);
    }

    /** The panel that the matrix does not fill. */
    private void lastPanel(GroupedBlock block, int firstRow, Scratch scratch) {
        int panel = weights.panels() - 1;
        int columns = weights.layout().columns();
        block.firstPanel = panel;
        block.panels = 1;
        block.outputStride = (long) columns * Float.BYTES;
        block.output = scratch.sums().atLeast(block.rowCount * block.outputStride);
        block.outputOffset = 0;
        kernel.run(block);
        long bytes = (long) (weights.columns() - panel * columns) * Float.BYTES;
        for (int row = 0; row < block.rowCount; row++) {
            MemorySegment.copy(block.output, row * block.outputStride, output, place(firstRow + row, panel), bytes);
        }
    }
}
