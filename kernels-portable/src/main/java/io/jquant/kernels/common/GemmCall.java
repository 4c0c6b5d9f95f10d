// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/**
 * One run of a product: its rows times the columns of one group or of several, cut into tasks of a block of rows and a
 * range of panels. Used for many runs, so that a run allocates nothing.
 */
final class GemmCall implements Workers.Job {
    /** A block of rows and of its output is to stay in the second-level cache while all weights pass by. */
    private static final int BLOCK_BYTES = 512 << 10;
    /** Fewer rows take as long, the time that weights take from memory. */
    private static final int FEW_ROWS = 16;
    /** What takes less is not worth waking a thread for. */
    static final long SMALL_PRODUCTS = 2L << 20;

    private GemmOperand[] operands;
    private OutputStage stage;
    private RowFinisher finisher;
    private RowSource source;
    private boolean rowSums;
    private long rows;
    private MemorySegment output;
    private long outputStride;
    private MemorySegment addend;
    private long addendStride;
    private long firstOutput;
    private long planeRows;
    private int blockRows;
    private int planeBlocks;
    private int blocks;
    private int taskPanels;
    private int ranges;

    /** Stores a block whose sums are wanted raw. */
    @FunctionalInterface
    interface RowFinisher {
        void finish(GemmBlock block, long firstRow);
    }

    /**
     * Sets what is multiplied.
     *
     * @param newRows rows
     * @param newSource where they come from
     * @param newOperands the columns of every group
     * @param newStage what becomes of the sums; null if they go to a finisher
     * @param newFinisher the finisher; null if there is a stage
     * @param sumsOfRows whether it needs the sums of the rows
     */
    void multiply(long newRows, RowSource newSource, GemmOperand[] newOperands, OutputStage newStage,
            RowFinisher newFinisher, boolean sumsOfRows) {
        rows = newRows;
        source = newSource;
        operands = newOperands;
        stage = newStage;
        finisher = newFinisher;
        rowSums = sumsOfRows;
    }

    /**
     * Sets where results go; strides and the offset are in bytes.
     *
     * @param to the output
     * @param toOffset where its first element is
     * @param toStride from one of its rows to the next
     * @param added the addend; null for none
     * @param addedStride from one of its rows to the next
     */
    void store(MemorySegment to, long toOffset, long toStride, MemorySegment added, long addedStride) {
        output = to;
        firstOutput = toOffset;
        outputStride = toStride;
        addend = added;
        addendStride = addedStride;
    }

    /** Runs on this thread and those of the workers; null for this one alone. */
    void run(Workers workers, Scratch scratch) {
        try {
            if (rows > 0) {
                split(workers, scratch);
            }
        } finally {
            // keeps nothing of the user's alive
            source.clear();
            output = null;
            addend = null;
        }
    }

    private void split(Workers workers, Scratch scratch) {
        boolean alone = workers == null || products() < SMALL_PRODUCTS || !source.isShareable()
                || !Workers.isShareable(output) || !Workers.isShareable(addend);
        int tasks = cut(alone ? 1 : workers.count());
        if (alone) {
            Workers.runAlone(this, tasks, scratch);
        } else {
            workers.run(this, tasks, scratch);
        }
    }

    private double products() {
        PackedMatrix weights = operands[0].weights;
        return (double) rows * weights.paddedColumns() * weights.paddedDepth() * operands.length;
    }

    /** Cuts rows into blocks, and where those are fewer than threads, panels into ranges. */
    private int cut(int threads) {
        PackedMatrix weights = operands[0].weights;
        planeRows = source.planeRows(rows);
        long planes = rows / planeRows;
        int unit = source.rowUnit(weights.tile().rows());
        if (threads == 1 && rows <= unit && rows == planeRows) {
            // divisions would take longer than a small product's rows
            blockRows = unit;
            planeBlocks = 1;
            blocks = 1;
            taskPanels = weights.panels();
            ranges = 1;
            return operands.length;
        }
        // several blocks for every thread, so that one that is late costs little; all of about the same size
        long wantedBlocks = Math.max(Math.ceilDiv(planeRows, fittingRows(unit)), threads == 1 ? 1
                : Math.min(Math.ceilDiv(threads * 2L, planes), Math.ceilDiv(planeRows, unit)));
        blockRows = (int) (Math.ceilDiv(Math.ceilDiv(planeRows, wantedBlocks), unit) * unit);
        planeBlocks = Math.toIntExact(Math.ceilDiv(planeRows, blockRows));
        blocks = Math.toIntExact(planes * planeBlocks);
        long wanted = Math.max(1, Math.ceilDiv(threads, (long) blocks * operands.length));
        taskPanels = (int) Math.ceilDiv(weights.panels(), Math.min(wanted, weights.panels()));
        ranges = Math.ceilDiv(weights.panels(), taskPanels);
        return Math.toIntExact((long) blocks * ranges * operands.length);
    }

    private long fittingRows(int unit) {
        PackedMatrix weights = operands[0].weights;
        int elementBytes = stage == null ? Float.BYTES : stage.outputBytes();
        long rowBytes = (long) source.rowBytes(weights.paddedDepth()) * operands[0].kernel.cacheBytes()
                + (long) weights.columns() * elementBytes;
        long most = Math.min(BLOCK_BYTES / rowBytes, operands[0].kernel.mostProducts() / weights.panelBytes());
        return Math.max(1, most / unit) * unit;
    }

    @Override
    public void run(int task, Scratch scratch) {
        int range = task % ranges;
        int blockIndex = task / ranges % blocks;
        int group = task / ranges / blocks;
        GemmOperand operand = operands[group];
        PackedMatrix weights = operand.weights;
        long inPlane = (long) (blockIndex % planeBlocks) * blockRows;
        long firstRow = blockIndex / planeBlocks * planeRows + inPlane;
        GemmBlock block = scratch.block();
        block.rows = (int) Math.min(blockRows, planeRows - inPlane);
        block.b = weights;
        block.stage = stage;
        block.terms = operand.terms;
        block.image = null;
        source.load(group, firstRow, block, weights.paddedDepth());
        sumRows(block, scratch);
        int last = Math.min(weights.panels(), (range + 1) * taskPanels);
        long panelProducts = Math.max(block.rows, FEW_ROWS) * weights.panelBytes();
        int step = Math.clamp(operand.kernel.mostProducts() / panelProducts, 1, taskPanels);
        for (int panel = range * taskPanels; panel < last; panel += step) {
            block.firstPanel = panel;
            block.panels = Math.min(step, last - panel);
            // a finisher may use the kernel's scratch
            block.sameRows = stage != null && panel > range * taskPanels;
            compute(operand.kernel, block, firstRow, group, scratch);
        }
        block.a = null;
        block.output = null;
        block.addend = null;
    }

    private void sumRows(GemmBlock block, Scratch scratch) {
        if (stage != null && stage.rowScales()) {
            // the source has set what rows have
            return;
        }
        if (!rowSums) {
            block.rowSums = null;
            return;
        }
        block.rowSums = scratch.rowSums().atLeast((long) block.rows * Integer.BYTES);
        block.rowSumsOffset = 0;
        for (int row = 0; row < block.rows; row++) {
            int sum = ByteRows.sum(block.a, block.aOffset + row * block.aStride, block.b.depth());
            block.rowSums.set(JAVA_INT, (long) row * Integer.BYTES, sum);
        }
    }

    private void compute(GemmKernel kernel, GemmBlock block, long firstRow, int group, Scratch scratch) {
        long column = (long) group * block.b.columns() + block.firstColumn();
        int elementBytes = stage == null ? Float.BYTES : stage.outputBytes();
        block.output = output;
        block.outputOffset = firstOutput + firstRow * outputStride + column * elementBytes;
        block.outputStride = outputStride;
        block.addend = addend;
        block.addendOffset = firstRow * addendStride + column;
        block.addendStride = addendStride;
        if (!kernel.finishes()) {
            block.sums = scratch.sums().atLeast(
                    (long) block.rows * block.panels * block.b.tile().columns() * Integer.BYTES);
            block.sumsOffset = 0;
        }
        kernel.run(block);
        if (stage == null) {
            finisher.finish(block, firstRow);
        } else if (!kernel.finishes()) {
            Finisher.finish(block);
        }
    }
}
