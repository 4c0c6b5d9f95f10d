// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jquant.kernels.common.BlockArguments;
import io.jquant.kernels.common.CodeStage;
import io.jquant.kernels.common.GroupedBlock;
import io.jquant.kernels.common.GroupedKernel;
import io.jquant.kernels.common.GroupedLayout;
import io.jquant.kernels.common.Scratch;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/** Layers with weights of 4 bits. */
final class ArmGrouped implements GroupedKernel {
    private final Machine machine;
    private final Products products;
    private final int maxRows;
    private final MemorySegment rowsCode;
    // filled in as wanted; a race puts the same there
    private final MemorySegment[] code;

    /** How products are summed. */
    private record Products(boolean hasDot, int groupSize, boolean zeroPoints) implements CodeMaker {
        @Override
        public Code code(CodeStage stage, int rows) {
            return hasDot ? new GroupedDotCode(groupSize, zeroPoints, rows)
                    : new GroupedWideningCode(groupSize, zeroPoints, rows);
        }
    }

    /** How rows become integers. */
    private record Rows(int groupSize, boolean zeroPoints) implements CodeMaker {
        @Override
        public Code code(CodeStage stage, int rows) {
            return new GroupRowsCode(groupSize, zeroPoints);
        }
    }

    ArmGrouped(Way way, int groupSize, boolean zeroPoints, Machine machine) {
        this.machine = machine;
        // a CPU with products of matrices has dot products
        products = new Products(way != Way.WIDENING, groupSize, zeroPoints);
        maxRows = products.hasDot() ? GroupedDotCode.ROWS : GroupedWideningCode.ROWS;
        code = new MemorySegment[maxRows + 1];
        rowsCode = KernelCode.of(new Rows(groupSize, zeroPoints), CodeStage.RAW, 1);
    }

    @Override
    public int columns() {
        return GroupedCode.COLUMNS;
    }

    @Override
    public void quantize(GroupedLayout layout, MemorySegment input, long inputOffset, int groups, MemorySegment rows,
            long rowsOffset, Scratch scratch) {
        if (groups == 0) {
            return;
        }
        MemorySegment arguments = scratch.kernel().atLeast(GroupRowsCode.BYTES);
        arguments.set(JAVA_LONG, GroupRowsCode.FROM, inputOffset);
        arguments.set(JAVA_LONG, GroupRowsCode.TO, rowsOffset);
        arguments.set(JAVA_LONG, GroupRowsCode.GROUPS, groups);
        machine.run(rowsCode, input, rows, MemorySegment.NULL, arguments, MemorySegment.NULL, null);
    }

    @Override
    public void run(GroupedBlock block) {
        MemorySegment arguments = block.scratch.kernel().atLeast(ArmArguments.BYTES);
        int rows = BlockArguments.writeGrouped(arguments, block, maxRows);
        if (code[rows] == null) {
            code[rows] = KernelCode.of(products, CodeStage.RAW, rows);
        }
        try {
            machine.run(code[rows], block.rows, block.output, MemorySegment.NULL, arguments, block.weights.segment(),
                    null);
        } finally {
            // weights were passed as an address
            Reference.reachabilityFence(block);
        }
    }
}
