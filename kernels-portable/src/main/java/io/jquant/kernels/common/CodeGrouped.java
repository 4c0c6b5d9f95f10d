// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.common;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/** Layers with weights of 4 bits by machine code. */
public abstract class CodeGrouped implements GroupedKernel {
    private final CodeRunner runner;
    private final MemorySegment rowsCode;
    private final int columns;
    private final int maxRows;
    // filled in as wanted, for scales of f32 and of f16; a race puts the same there
    private final MemorySegment[][] code;

    /**
     * For an instruction set.
     *
     * @param runner what runs the code
     * @param rowsCode what quantizes groups of a row, as {@link GroupRowsArguments} say
     * @param columns columns of a panel
     * @param maxRows most rows of a tile
     */
    protected CodeGrouped(CodeRunner runner, MemorySegment rowsCode, int columns, int maxRows) {
        this.runner = runner;
        this.rowsCode = rowsCode;
        this.columns = columns;
        this.maxRows = maxRows;
        this.code = new MemorySegment[2][maxRows + 1];
    }

    /**
     * The code for tiles of some rows and of one fewer, told by {@link BlockArguments#writeGrouped}.
     *
     * @param halves whether scales are f16
     * @param rows rows of the larger tiles
     * @return the code
     */
    protected abstract MemorySegment code(boolean halves, int rows);

    /**
     * Runs that code. Arguments have the weights' address; what calls this keeps them alive.
     *
     * @param made the code
     * @param block the block
     * @param arguments what it is told
     */
    protected void multiply(MemorySegment made, GroupedBlock block, MemorySegment arguments) {
        runner.run(made, block.rows, block.output, MemorySegment.NULL, arguments);
    }

    @Override
    public final int columns() {
        return columns;
    }

    @Override
    public final void quantize(GroupedLayout layout, MemorySegment input, long inputOffset, int groups,
            MemorySegment rows, long rowsOffset, Scratch scratch) {
        if (groups == 0) {
            return;
        }
        MemorySegment arguments = scratch.kernel().atLeast(GroupRowsArguments.BYTES);
        GroupRowsArguments.write(arguments, inputOffset, rowsOffset, groups);
        runner.run(rowsCode, input, rows, MemorySegment.NULL, arguments);
    }

    @Override
    public final void run(GroupedBlock block) {
        MemorySegment arguments = block.scratch.kernel().atLeast(BlockArguments.END);
        int rows = BlockArguments.writeGrouped(arguments, block, maxRows);
        boolean halves = block.weights.layout().halves();
        MemorySegment[] made = code[halves ? 1 : 0];
        if (made[rows] == null) {
            made[rows] = code(halves, rows);
        }
        try {
            multiply(made[rows], block, arguments);
        } finally {
            // weights were passed as an address
            Reference.reachabilityFence(block);
        }
    }
}
