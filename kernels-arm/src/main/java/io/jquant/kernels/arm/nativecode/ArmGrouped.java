// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.arm.nativecode;

import io.jquant.kernels.common.CodeGrouped;
import io.jquant.kernels.common.CodeStage;
import io.jquant.kernels.common.GroupedBlock;
import java.lang.foreign.MemorySegment;

/** Layers with weights of 4 bits. */
final class ArmGrouped extends CodeGrouped {
    private final Machine machine;
    private final Products products;

    /** How products are summed. */
    private record Products(boolean hasDot, int groupSize, boolean zeroPoints) implements CodeMaker {
        int maxRows() {
            return hasDot ? GroupedDotCode.ROWS : GroupedWideningCode.ROWS;
        }

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

    private ArmGrouped(Products products, Machine machine) {
        super(machine, KernelCode.of(new Rows(products.groupSize(), products.zeroPoints()), CodeStage.RAW, 1),
                GroupedCode.COLUMNS, products.maxRows());
        this.machine = machine;
        this.products = products;
    }

    ArmGrouped(Way way, int groupSize, boolean zeroPoints, Machine machine) {
        // a CPU with products of matrices has dot products
        this(new Products(way != Way.WIDENING, groupSize, zeroPoints), machine);
    }

    @Override
    protected MemorySegment code(boolean halves, int rows) {
        return KernelCode.of(products, CodeStage.RAW, rows);
    }

    @Override
    protected void multiply(MemorySegment code, GroupedBlock block, MemorySegment arguments) {
        machine.run(code, block.rows, block.output, MemorySegment.NULL, arguments, block.weights.segment(), null);
    }
}
